"""Roles of the database, asked from inside the containers: who has which password, and what the backup can do."""

import pytest

from support.commands import podman

APP_PASSWORD = "/run/secrets/db-app/password"
CONNECT = """
import psycopg2, sys
psycopg2.connect(host="127.0.0.1", dbname="service", user="app", password=sys.argv[1].strip())
"""
SECRETS = """
import os
for folder, _, files in os.walk("/run/secrets"):
    for file in files:
        print(os.path.join(folder, file))
"""


def inside(pod, service, source, *words):
    return podman("exec", f"{pod.name}-{service}", "python3", "-c", source, *words)


def password(pod):
    return inside(pod, "server", f"print(open('{APP_PASSWORD}').read())").output


def backup(pod, *words):
    return podman("exec", "--env", "PGUSER=backup", f"{pod.name}-db", *words)


def test_server_holds_no_password_but_its_own(running):
    found = {line for line in inside(running, "server", SECRETS).output.split() if "/.." not in line}
    assert found == {APP_PASSWORD, "/run/secrets/server/secret-key"}


def test_new_secret_and_a_restart_are_a_rotation(running):
    before = password(running)
    assert inside(running, "server", CONNECT, before).code == 0
    assert podman("secret", "rm", f"{running.name}-db-app").code == 0
    result = running.inv("restart")
    assert result.code == 0, result.output
    assert "password authentication failed" in inside(running, "server", CONNECT, before).output
    assert inside(running, "server", CONNECT, password(running)).code == 0


@pytest.mark.parametrize(
    "statement", ["DELETE FROM auth_group", "TRUNCATE auth_group", "CREATE TABLE x ()", "SET ROLE owner"]
)
def test_backup_changes_nothing(running, statement):
    result = backup(running, "psql", "--dbname=service", "--command", statement)
    assert "permission denied" in result.output


def test_backup_reads_every_table(running):
    result = backup(running, "pg_dump", "--dbname=service", "--no-sync", "--file=/dev/null")
    assert result.code == 0, result.output


def test_backup_copies_the_cluster(running):
    words = ["--checkpoint=fast", "--wal-method=fetch", "--target=blackhole"]
    result = backup(running, "pg_basebackup", *words)
    assert result.code == 0, result.output
