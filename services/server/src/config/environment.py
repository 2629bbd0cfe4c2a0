"""The environment, read once by settings.py; what is wrong with it is remembered and reported by checks.py."""

import re
from urllib.parse import quote

from environ import FileAwareEnv
from environ.fileaware_mapping import FileAwareMapping

RATE = re.compile("[1-9][0-9]*/(s|sec|m|min|h|hour|d|day)")


def postgresql(config):
    """Every transaction only reads, and sees one state of the data."""
    transactions = "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
    own = config.get("OPTIONS", {})
    options = f"{own.get('options', '')} {transactions}".strip()
    return config | {"OPTIONS": {"connect_timeout": 5, "application_name": "legacy", **own, "options": options}}


def sqlite3(config):
    """The file is opened for reading only, and never made."""
    return config | {"NAME": f"file:{quote(config['NAME'])}?mode=ro", "OPTIONS": {"uri": True}}


def mysql(config):
    """Every transaction only reads."""
    return config | {"OPTIONS": config.get("OPTIONS", {}) | {"init_command": "SET SESSION TRANSACTION READ ONLY"}}


# How the database of an older application is opened, by the end of the name of Django's backend.
READ_ONLY = {"postgresql": postgresql, "sqlite3": sqlite3, "mysql": mysql}


class Environment(FileAwareEnv):
    """Variables, or the files that their `_FILE` twins name; a wrong one becomes a fault, not an exception."""

    def __init__(self):
        super().__init__()
        self.ENVIRON = FileAwareMapping(cache=False)
        self.faults = []

    def get_value(self, var, cast=None, default=FileAwareEnv.NOTSET, parse_default=False):
        """Return the value as its type, else the default."""
        try:
            return super().get_value(var, cast, default, parse_default)
        except (OSError, ValueError) as error:
            self.faults.append(f"{var} cannot be used: {error}")
            return default

    def rate(self, name, default):
        """Return how many requests are answered in a time, as `10/min`; None, which is no limit, when it is empty."""
        value = self.str(name, default=default)
        if value and not RATE.fullmatch(value):
            self.faults.append(f"{name} cannot be used: '{value}' is no rate such as {default}")
        return value or None

    def legacy(self, name, default):
        """Return the settings of the database alias `legacy`, which only reads; none at all when there is no URL."""
        url = self.str(name, default=default).strip()
        if not url:
            return {}
        try:
            return {"legacy": self.database_settings(url)}
        except (KeyError, ValueError) as error:
            known = ", ".join(f"{kind}://" for kind in READ_ONLY)
            self.faults.append(f"{name} cannot be used: {error}, and one that begins with one of {known} is needed")
            return {}

    def database_settings(self, url):
        """Return the settings of a database that is only read. Raises ValueError, and KeyError for an unknown kind."""
        if "://" not in url:
            raise ValueError("it is no URL")
        config = self.db_url_config(url)
        read_only = READ_ONLY[config["ENGINE"].rpartition(".")[2]]
        return read_only(config) | {"TEST": {"MIGRATE": False}}

    def secret(self, name):
        """Return a value that has no default, without blanks around it; empty when there is none."""
        # Not by get_value, which takes a value that begins with `$` for the name of another variable.
        try:
            value = self.ENVIRON[name].strip()
        except KeyError:
            value = ""
        except OSError as error:
            self.faults.append(f"{name} cannot be read: {error}")
            return ""
        if not value:
            self.faults.append(f"{name} is not set")
        return value
