"""Query the metrics of the database every few seconds, and write them where the container `metrics` reads them.

It connects as postgres through the socket: that needs no password, and PostgreSQL reserves connections for this role
for when all others are in use. If the database does not answer, the file is `postgres_up 0` and nothing else.
"""

import os
import subprocess
import threading

from supervisor import counters

FILE = counters.FOLDER / "db" / "db.postgres.prom"
SECONDS = 10.0  # the queries take 30 ms of a core
ANSWER_SECONDS = 4.0
PSQL = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--dbname=service"]
SOURCE = "/etc/postgresql/metrics.sql"
SAFE = {
    "PGAPPNAME": "metrics",
    "PGCONNECT_TIMEOUT": "2",
    "PGOPTIONS": "-c statement_timeout=2s -c default_transaction_read_only=on -c search_path=pg_catalog",
}


def query(source: str = SOURCE) -> str:
    """The metrics, or none of them: half an answer would pass for a whole one."""
    command = [*PSQL, f"--file={source}"]
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=ANSWER_SECONDS, check=True, env=os.environ | SAFE
        )
    except (subprocess.SubprocessError, OSError):
        return "postgres_up 0\n"
    return f"postgres_up 1\n{result.stdout}"


def main() -> None:
    """Write the file for ever: if a process ends, its container ends."""
    while True:
        try:
            counters.replace(FILE, query())
        except OSError as error:
            print(f"the metrics of the database were not written: {error}", flush=True)
        threading.Event().wait(SECONDS)


if __name__ == "__main__":
    main()
