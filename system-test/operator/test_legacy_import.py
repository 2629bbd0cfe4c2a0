"""One command imports the rows of a legacy database, and can be repeated."""

import contextlib
import json
import os
import sqlite3

import pytest

from support.commands import podman
from support.pods import ROOT

URL = "LEGACY_DATABASE_URL"
RAILS = (ROOT / "services/server/src/comics/tests/rails.sql").read_text()  # has a row for each kind of rejection
CHARACTERS = """SELECT nickname, secret_identity, publisher_id, created AT TIME ZONE 'UTC'
    FROM comics_newcharacter ORDER BY id"""
IMPORTED = """
Superman|Clark Kent|1|2001-02-03 04:05:06
Hulk|Bruce Banner|2|2001-02-03 04:05:06.789
Galactus|||2001-07-03 04:05:06
Odin|||2001-07-03 04:05:06
Spawn|||2001-07-03 04:05:06
"""
COUNTS = """SELECT (SELECT count(*) FROM comics_newpublisher), (SELECT count(*) FROM comics_newcharacter),
    (SELECT count(*) FROM comics_newappearance), (SELECT count(*) FROM comics_newalias)"""
REJECTED = [
    ("characters", "8", "invalid"),
    ("characters", "7", "nullified"),
    ("appearances", "4", "orphan"),
    ("appearances", "5", "orphan"),
    ("aliases", "3", "duplicate"),
]


def in_sqlite(_, folder):
    file = folder / "legacy.sqlite"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(RAILS)
    return f"sqlite:///{file}"


def in_postgresql(pod, _):
    script = f"CREATE DATABASE legacy;\nALTER ROLE readonly PASSWORD 'legacy';\n\\connect legacy\n{RAILS}"
    script += "GRANT SELECT ON ALL TABLES IN SCHEMA public TO readonly;\n"
    words = ["exec", "--interactive", f"{pod.name}-db", "psql", "--set=ON_ERROR_STOP=1", "--dbname=postgres"]
    result = podman(*words, input=script)
    assert result.code == 0, result.output
    return "postgres://readonly:legacy@127.0.0.1/legacy"


@pytest.mark.parametrize("make_database", [in_sqlite, in_postgresql])
def test_rows_are_imported_and_verified(copy, tmp_path, make_database):
    assert copy.inv("up").code == 0
    variables = {URL: make_database(copy, tmp_path)}
    # The second run only verifies.
    for _ in range(2):
        result = copy.inv("legacy-import", environment=variables)
        assert result.code == 0, result.output
        assert "\nreport: build/legacy/report.json\n" in result.output
        assert copy.sql(CHARACTERS) == IMPORTED.strip()
        assert copy.sql(COUNTS) == "3|5|3|2"
    result = copy.inv("legacy-import", "--fresh", environment=variables)
    assert (result.code, "3 imported rows of publishers" in result.output) == (1, True), result.output
    assert copy.sql(COUNTS) == "3|5|3|2"
    reports = copy.folder / "build/legacy"
    rejected = [json.loads(line) for line in (reports / "rejected.jsonl").read_text().splitlines()]
    assert [(row["table"], row["key"], row["kind"]) for row in rejected] == REJECTED
    assert {file.stat().st_uid for file in reports.iterdir()} == {os.getuid()}


def test_missing_database_is_one_line(copy):
    result = copy.inv("legacy-import")
    assert (result.code, result.last_line[:18]) == (1, "no legacy database")
