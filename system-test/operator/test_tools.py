"""Looking into the running pod: lines, interactive tools, manage.py."""

import contextlib
import urllib.error
import urllib.request
import uuid

from support.checkout import direct


def stored(pod, *words: str) -> list[str]:
    """The lines that `inv logs` shows, without the command that it shows first."""
    result = pod.inv("logs", *words)
    assert result.code == 0, result.output
    return [line for line in result.output.splitlines() if line and not line.startswith("podman ")]


def test_logs_follow_one_request(running, eventually):
    request_id = uuid.uuid4().hex
    request = urllib.request.Request(f"{running.url()}/{request_id}/", headers={"X-Request-ID": request_id})
    with contextlib.suppress(urllib.error.HTTPError):  # there is no such path
        direct.open(request)

    def lines():
        return stored(running, "--request-id", request_id)

    assert [line for line in eventually(lines) if request_id not in line] == []


def test_logs_of_one_service(running):
    lines = stored(running, "db")
    assert "database system is ready to accept connections" in "".join(lines)
    assert [line for line in lines if "nginx" in line] == []


def test_server_shell_reads_standard_input(running):
    running.add_group("to be read")
    source = "from django.contrib.auth.models import Group\nprint(list(Group.objects.values_list('name', flat=True)))\n"
    result = running.inv("shell", input=source)
    assert result.code == 0
    assert "'to be read'" in result.output


def test_db_shell_reads_standard_input(running):
    result = running.inv("shell", "db", input="SELECT 'rows: ' || (count(*) > 0) FROM django_migrations;\n")
    assert result.code == 0
    assert "rows: true" in result.output


def test_shell_passes_the_exit_code_on(running):
    assert running.inv("shell", "log", input="raise SystemExit(7)\n").code == 7


def test_manage_shows_applied_migrations(running):
    result = running.inv("manage", "--args", "showmigrations auth")
    assert result.code == 0
    assert "[X] 0001_initial" in result.output


def test_manage_finds_no_missing_migration(running):
    result = running.inv("manage", "--args", "makemigrations --check")
    assert result.code == 0, result.output


def test_manage_passes_the_exit_code_on(running):
    assert running.inv("manage", "--args", "nonsense").code == 1
