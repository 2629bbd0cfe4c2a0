"""Make the cluster of the db image: roles, the migrated database with its fixtures, the empty migrated test database.

Runs as the database's user, with the application in /srv; any failing step fails the build.
"""

import os
import subprocess
import sys
from pathlib import Path

CONFIG = Path("/etc/postgresql")
SOURCE = Path("/srv/src")
MANAGE = ["python3", f"{SOURCE}/manage.py"]
# With these every application is switched on, so that the test database has the tables of all.
EVERY_APPLICATION = {
    "DJANGO_ADMIN": "true",
    "LEGACY_DATABASE_URL": "sqlite:////nowhere",  # nobody connects to it
}


def step(*command: str, **environment: str) -> str:
    """Run a command and return its output; if it fails, end the build with the output."""
    result = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{result.stdout}{result.stderr}")
    return result.stdout


def manage(database: str, *words: str, **variables: str) -> None:
    """Run a command of the application on a database as the owner of its tables."""
    environment = {
        "PYTHONPATH": "/srv/lib:/srv/src",
        # The settings require these two, which are never used.
        "DJANGO_SECRET_KEY": "only-while-building",
        "POSTGRES_PASSWORD": "only-while-building",
        "POSTGRES_HOST": "/run/postgresql",
        "POSTGRES_DB": database,
        "POSTGRES_USER": "migrator",
        "POSTGRES_OPTIONS": "-c role=owner",
        # The admin's tables are always made, even if the admin is switched off.
        "DJANGO_ADMIN": "true",
    }
    print(step(*MANAGE, *words, **environment | variables))


def create_database(name: str) -> None:
    """Make an empty database with the tables' owner and the rights of every role."""
    step("createdb", "--owner=owner", name)
    step("psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={name}", f"--file={CONFIG}/rights.sql")
    variables = EVERY_APPLICATION if name.startswith("test") else {}
    manage(name, "migrate", "--verbosity=0", **variables)


def main() -> None:
    """Make, fill and cleanly stop the cluster."""
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"]
    step("initdb", *locale, "--data-checksums", "--username=postgres", "--auth=reject", "--no-instructions")
    step("pg_ctl", "start", "--wait", "--log=/tmp/log", f"--options=-c config_file={CONFIG}/postgresql.conf")
    step("psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={CONFIG}/roles.sql")
    step("psql", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname=postgres", f"--file={CONFIG}/extensions.sql")
    for name in ["service", "test_service"]:
        create_database(name)
    manage("test_service", "makemigrations", "--check", "--dry-run", **EVERY_APPLICATION)
    if any(SOURCE.glob("*/fixtures/initial.*")):
        manage("service", "loaddata", "initial")
    # The copy from which `inv fresh` resets the database: services/db/dbtools/fresh.py.
    step("createdb", "--template=service", "initial")
    note = f"COMMENT ON DATABASE initial IS '{os.environ['SCHEMA']}'"
    step("psql", "--command", note, "--command", "ALTER DATABASE initial ALLOW_CONNECTIONS false")
    step("pg_ctl", "stop", "--wait", "--mode=fast")
    if "shut down\n" not in step("pg_controldata"):
        sys.exit("the cluster did not shut down cleanly: see pg_controldata")


if __name__ == "__main__":
    os.environ |= {"PGDATA": "/var/lib/postgresql/data", "PGHOST": "/run/postgresql", "PGUSER": "postgres"}
    main()
