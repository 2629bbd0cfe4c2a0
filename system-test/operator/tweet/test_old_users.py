"""A backup of a release that had the users in the table of Django's own model starts, and keeps all that it held."""

import http.client
import json
from pathlib import Path

import pytest
from test_backup import forged

from support.checkout import PORTS, Checkout
from support.commands import podman
from support.pods import IMAGES, ROOT, own_name, removed
from tasklib.core.project import common_name
from tasklib.database import backup_file, inventory

BACKUP = Path(__file__).with_name("before-users.zip")
TOKEN = "9ee23431bd31aaee93cb97483d66866befa496fb503cf808bf124594be904fce"  # of grace
PASSWORDS = {"ada": "ada likes long passwords", "root-admin": "correct horse battery staple"}
LOG = """
SELECT username, app_label, model, object_repr FROM django_admin_log
JOIN users_user ON users_user.id = user_id JOIN django_content_type ON django_content_type.id = content_type_id
"""
RIGHTS = """
SELECT auth_group.name, codename FROM users_user AS person
JOIN users_user_groups AS membership ON membership.user_id = person.id
JOIN users_user_user_permissions AS own ON own.user_id = person.id
JOIN auth_group ON auth_group.id = group_id JOIN auth_permission ON auth_permission.id = permission_id
WHERE username = 'ada'
"""


@pytest.fixture(scope="module")
def restored(tmp_path_factory):
    """A pod with the database of the backup: the pod, what `inv db.restore` printed, and what the database held."""
    with removed(Checkout(ROOT, own_name(), IMAGES)) as pod:
        # The owner may have renamed the project.
        path = forged(BACKUP, tmp_path_factory.mktemp("backups"), project=common_name())
        result = pod.inv("db.restore", str(path))
        assert result.code == 0, result.output
        yield pod, result.output, inventory.read(f"{pod.name}-db")


@pytest.fixture
def pod(restored):
    return restored[0]


def post(pod, path, body, **headers):
    """Send JSON, and return the response."""
    connection = http.client.HTTPConnection("127.0.0.1", PORTS["server"] + pod.offset, timeout=40)
    headers = {"Content-Type": "application/json", "Connection": "close", **headers}
    connection.request("POST", path, json.dumps(body), headers)
    return connection.getresponse()


def schema(pod):
    """The schema of a database with its rights, without rows."""
    result = podman("exec", "--env", "PGUSER=backup", f"{pod.name}-db", "pg_dump", "--schema-only", "service")
    assert result.code == 0, result.output
    # Two of its lines have a random word: https://www.postgresql.org/docs/17/app-pgdump.html
    return [line for line in result.output.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


def test_restore_says_where_the_users_are(restored):
    assert "The users of 'auth_user' are now in 'users_user'; older code cannot use it." in restored[1]


def test_every_row_is_kept(restored):
    tables = backup_file.read(BACKUP).content.tables
    expected = {name.replace("auth_user", "users_user"): table for name, table in tables.items()}
    changed = [name for name, table in restored[2].tables.items() if table != expected.pop(name)]
    assert (changed, expected) == (["public.django_content_type", "public.django_migrations"], {})


def test_schema_is_that_of_a_new_database(pod, running):
    assert schema(pod) == schema(running)


@pytest.mark.parametrize("name", PASSWORDS)
def test_password_is_still_good(pod, name):
    assert post(pod, "/token/", {"username": name, "password": PASSWORDS[name]}).status == 201


def test_token_is_still_good(pod):
    pod.sql("UPDATE knox_authtoken SET expiry = now() + interval '1 hour'")
    response = post(pod, "/tweet/", {"text": "still here"}, Authorization=f"Bearer {TOKEN}")
    assert (response.status, json.load(response)["author"]) == (201, "grace")


def test_stored_answer_is_still_given(pod):
    pod.sql("UPDATE knox_authtoken SET expiry = now() + interval '1 hour'")
    headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "grace-1"}
    assert json.load(post(pod, "/tweet/", {"text": "grace writes 1"}, **headers))["id"] == 6


def test_group_and_permission_are_kept(pod):
    assert pod.sql(RIGHTS) == "moderators|add_user"


def test_log_of_the_admin_refers_to_the_new_model(pod):
    assert pod.sql(LOG) == "root-admin|users|user|ada"


def test_new_user_is_the_next(pod):
    result = pod.inv("manage", "--args", "create_token --new linus")
    assert result.code == 0, result.output
    assert pod.sql("SELECT max(id) FROM users_user") == "5"


def test_pod_is_healthy_and_migrates_once(pod):
    again = pod.inv("up")
    assert (again.code, "migrate" in again.output) == (0, False)
    assert "server    healthy" in pod.inv("status").output
