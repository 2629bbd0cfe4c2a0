"""Looking into the running pod: lines, interactive tools, manage.py."""

import json
import urllib.request
import uuid

from checkout import direct


def test_logs_follow_one_request(running, eventually):
    request_id = uuid.uuid4().hex
    direct.open(urllib.request.Request(f"{running.url()}/tweet/", headers={"X-Request-ID": request_id})).close()

    def lines():
        return [line for line in running.inv("logs", "--request-id", request_id).output.splitlines() if line.startswith("{")]

    assert {json.loads(line)["request_id"] for line in eventually(lines)} == {request_id}


def test_logs_of_one_service(running):
    result = running.inv("logs", "db")
    services = {json.loads(line)["service"] for line in result.output.splitlines() if line.startswith("{")}
    assert services == {"db"}


def test_server_shell_reads_standard_input(running):
    source = "from tweet.models import Tweet\nprint('tweets:', Tweet.objects.exists())\n"
    result = running.inv("shell", input=source)
    assert result.code == 0
    assert "tweets: True" in result.output


def test_db_shell_reads_standard_input(running):
    result = running.inv("shell", "db", input="SELECT 'rows: ' || (count(*) > 0) FROM tweet_tweet;\n")
    assert result.code == 0
    assert "rows: true" in result.output


def test_shell_passes_the_exit_code_on(running):
    assert running.inv("shell", "log", input="raise SystemExit(7)\n").code == 7


def test_manage_shows_applied_migrations(running):
    result = running.inv("manage", "--args", "showmigrations tweet")
    assert result.code == 0
    assert "[X] 0001_initial" in result.output


def test_manage_finds_no_missing_migration(running):
    result = running.inv("manage", "--args", "makemigrations --check")
    assert result.code == 0, result.output


def test_manage_passes_the_exit_code_on(running):
    assert running.inv("manage", "--args", "nonsense").code == 1
