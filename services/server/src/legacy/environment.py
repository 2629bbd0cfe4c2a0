"""The database of an older application, as settings.py adds it: its sessions can only read."""

from urllib.parse import quote

ALIAS = "legacy"


def postgresql(config):
    """Let every transaction only read, and see one state of the data."""
    transactions = "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
    own = config.get("OPTIONS", {})
    options = f"{own.get('options', '')} {transactions}".strip()
    return config | {"OPTIONS": {"connect_timeout": 5, "application_name": "legacy", **own, "options": options}}


def sqlite3(config):
    """Open the file for reading only, and never create it."""
    return config | {"NAME": f"file:{quote(config['NAME'])}?mode=ro", "OPTIONS": {"uri": True}}


def mysql(config):
    """Let every transaction only read."""
    return config | {"OPTIONS": config.get("OPTIONS", {}) | {"init_command": "SET SESSION TRANSACTION READ ONLY"}}


# By the last part of the name of Django's backend.
READ_ONLY = {"postgresql": postgresql, "sqlite3": sqlite3, "mysql": mysql}


def older_database(env, url):
    """The alias `legacy` with its settings, for DATABASES; nothing without a URL, or when `env` notes a fault in it."""
    if not url.strip():
        return {}
    try:
        return {ALIAS: database_settings(env, url.strip())}
    except (KeyError, ValueError) as error:
        known = ", ".join(f"{kind}://" for kind in READ_ONLY)
        env.faults.append(f"LEGACY_DATABASE_URL cannot be used: {error} - give a URL that begins with one of {known}")
        return {}


def database_settings(env, url):
    """The settings of a database that is only read. Raises ValueError, and KeyError for an unknown kind."""
    if "://" not in url:
        raise ValueError("it is not a URL")
    config = env.db_url_config(url)
    read_only = READ_ONLY[config["ENGINE"].rpartition(".")[2]]
    return read_only(config) | {"TEST": {"MIGRATE": False}}
