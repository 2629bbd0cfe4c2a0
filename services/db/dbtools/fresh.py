"""Reset the database to its initial state while the cluster runs, from the copy in the image.

Exits with 1 and changes nothing if the cluster is of another image or holds databases that the image has not made.
"""

import os
import subprocess
import sys

SERVED, COPY, DRAFT = "service", "initial", "fresh"
MADE = [SERVED, COPY, DRAFT, "postgres", "template0", "template1", "test_service"]
RIGHTS = ["--file=/etc/postgresql/rights.sql", "--file=/etc/postgresql/own.sql"]

# A superuser resolves no name where others may create objects.
SAFE = {"PGOPTIONS": "-c search_path=pg_catalog"}


def psql(*words: str, database: str = "postgres") -> str:
    """Run statements, each in its own transaction. Raises CalledProcessError."""
    options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", f"--dbname={database}"]
    command = ["psql", *options, *words]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ | SAFE).stdout


def is_as_made() -> bool:
    """Whether the copy is of this image, and every database was made by the image."""
    found = psql("--command=SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database").splitlines()
    notes = dict(line.split("|", 1) for line in found)
    return notes.get(COPY) == os.environ["SCHEMA"] and not {*notes} - {*MADE}


def main() -> None:
    """Make the new database beside the old one, then swap them."""
    if not is_as_made():
        sys.exit("the data is not of this image alone")
    psql(f"--command=DROP DATABASE IF EXISTS {DRAFT}", f"--command=CREATE DATABASE {DRAFT} TEMPLATE {COPY} OWNER owner")
    psql(*RIGHTS, database=DRAFT)
    psql(
        f"--command=DROP DATABASE IF EXISTS {SERVED} WITH (FORCE)",
        f"--command=ALTER DATABASE {DRAFT} RENAME TO {SERVED}",
    )


if __name__ == "__main__":
    main()
