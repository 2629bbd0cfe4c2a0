"""Ask the database for its numbers again and again, and leave them where the container `metrics` reads them.

As postgres on the socket: it needs no password, and PostgreSQL keeps connections for this role when all others are
taken, which is when its numbers matter most. A database that does not answer is `postgres_up 0` and nothing else.
"""

import os
import subprocess
import threading

from supervisor import counters

FILE = counters.FOLDER / "db.postgres.prom"
SECONDS = 10.0  # asking takes 30 ms of a core
ANSWER_SECONDS = 4.0
PSQL = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--dbname=service"]
SOURCE = "/etc/postgresql/metrics.sql"
SAFE = {
    "PGAPPNAME": "metrics",
    "PGCONNECT_TIMEOUT": "2",
    "PGOPTIONS": "-c statement_timeout=2s -c default_transaction_read_only=on",
}


def ask(source: str = SOURCE) -> str:
    """Return the numbers; those of half an answer would be taken for all."""
    command = [*PSQL, f"--file={source}"]
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=ANSWER_SECONDS, check=True, env=os.environ | SAFE
        )
    except (subprocess.SubprocessError, OSError):
        return "postgres_up 0\n"
    return f"postgres_up 1\n{result.stdout}"


def main() -> None:
    """Never end: the end of a process is that of its container."""
    while True:
        try:
            counters.replace(FILE, ask())
        except OSError as error:
            print(f"the numbers of the database were not written: {error}", flush=True)
        threading.Event().wait(SECONDS)


if __name__ == "__main__":
    main()
