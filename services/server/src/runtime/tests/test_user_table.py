"""A database whose users are in the table of Django's own model becomes one like any new one, and keeps its rows."""

import io
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate as original
from django.db import connection
from knox.models import AuthToken

from runtime import user_table
from runtime.user_table import OLD_TABLE
from users import migrations

pytestmark = pytest.mark.django_db
NAMES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1
"""
# Some of those that Django 6.1 gave at the time, of each kind.
OLD_NAMES = [
    "auth_user_groups_group_id_97559544_fk_auth_group_id",
    "auth_user_groups_user_id_6a12ed8b",
    "auth_user_groups_user_id_group_id_94350c0c_uniq",
    "auth_user_id_seq",
    "auth_user_user_permissions_pkey",
    "auth_user_username_6821ab7c_like",
    "auth_user_username_key",
    "django_admin_log_user_id_c564eba6_fk_auth_user_id",
    "knox_authtoken_user_id_e5a5d899_fk_auth_user_id",
]
NOTE = 'fields=[("note", models.TextField(null=True)),'
PROFILE = 'operations = [\n        migrations.CreateModel("Profile", []),'


def rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()] if cursor.description else []


def migrate(**options):
    output = io.StringIO()
    call_command("migrate", stdout=output, **options)
    return output.getvalue()


@pytest.fixture
def rich(user):
    """A user with a group and a permission of their own."""
    user.groups.add(Group.objects.create(name="moderators"))
    user.user_permissions.add(Permission.objects.get(codename="add_user"))
    return user


@pytest.fixture
def token(rich):
    return AuthToken.objects.create(rich)[1]


@pytest.fixture
def new_names():
    """The names of all tables, indexes, sequences and constraints of a new database."""
    return rows(NAMES)


@pytest.fixture
def old(token, new_names):
    """Take the database back to the time before the project's own model."""
    connection.check_constraints()  # what waits for the end of the transaction forbids changes of its table
    with connection.schema_editor() as editor:
        ends = ["", "_groups", "_user_permissions"]
        user_table.rename(editor, {f"users_user{end}": f"{OLD_TABLE}{end}" for end in ends})
    rows("UPDATE django_content_type SET app_label = 'auth' WHERE app_label = 'users'")
    rows("DELETE FROM django_migrations WHERE app = 'users'")


@pytest.fixture
def first_migration(settings, tmp_path, monkeypatch):
    """Change the text of the project's first migration of its users."""

    def change(before, after):
        text = Path(migrations.__file__).with_name("0001_initial.py").read_text()
        package = tmp_path / f"migrations_{abs(hash(after))}"
        package.mkdir()
        assert before in text
        (package / "__init__.py").touch()
        (package / "0001_initial.py").write_text(text.replace(before, after, 1))
        monkeypatch.syspath_prepend(tmp_path)
        settings.MIGRATION_MODULES = {"users": package.name}

    return change


def test_older_database_has_the_older_names(old):
    assert {*OLD_NAMES} <= {*rows(NAMES)}


def test_every_name_is_that_of_a_new_database(old, new_names):
    assert "The users of 'auth_user' are now in 'users_user'" in migrate()
    assert rows(NAMES) == new_names


def test_index_of_an_owner_keeps_its_name(old):
    rows("CREATE INDEX own_index ON auth_user (lower(email), id)")
    migrate()
    assert "own_index" in rows(NAMES)


def test_user_keeps_password_group_and_permission(old):
    migrate()
    user = get_user_model().objects.get(username="user")
    assert user.check_password("correct horse")
    assert user.groups.get().name == "moderators"
    assert user.has_perm("users.add_user")


def test_token_stays_valid(old, client, token):
    migrate()
    assert client.delete("/token/", headers={"authorization": f"Bearer {token}"}).status_code == 204


def test_content_type_keeps_its_id(old):
    before = rows("SELECT id FROM django_content_type WHERE model = 'user'")
    migrate()
    ContentType.objects.clear_cache()
    assert [ContentType.objects.get_for_model(get_user_model()).pk] == before


def test_next_id_follows_the_last(old, rich):
    migrate()
    assert get_user_model().objects.create(username="next").pk == rich.pk + 1


def test_second_time_finds_nothing_to_do(old):
    migrate()
    assert OLD_TABLE not in migrate()


@pytest.mark.parametrize("option", ["plan", "check_unapplied"])
def test_looking_changes_nothing(old, option):
    with pytest.raises(CommandError, match=r"^the users are still in 'auth_user' - move them with: inv up$"):
        migrate(**{option: True})
    assert user_table.is_old(connection)


def test_failure_afterwards_leaves_the_old_tables(old, monkeypatch):
    monkeypatch.setattr(original.Command, "handle", lambda *_, **__: 1 / 0)
    with pytest.raises(CommandError, match="division by zero - the database is as it was"):
        migrate()
    assert user_table.is_old(connection)


def test_project_with_the_own_model_of_django_keeps_its_table(old, settings):
    settings.AUTH_USER_MODEL = user_table.OLD
    assert not user_table.is_old(connection)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("CREATE TABLE users_user (id int)", "table 'users_user' exists already"),
        ("DROP TABLE auth_user_groups", "table 'auth_user_groups' is missing"),
        (
            "INSERT INTO django_migrations (app, name, applied) VALUES ('users', '0002_x', now())",
            "users.0002_x is applied",
        ),
    ],
    ids=["new table", "no groups", "own migrations"],
)
def test_half_made_database_is_refused(old, statement, reason):
    rows(statement)
    with pytest.raises(CommandError, match=rf"^the users in 'auth_user' cannot move to 'users_user': .*{reason}.* - "):
        migrate()
    assert user_table.is_old(connection)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("fields=[", NOTE, "note"),
        ("AutoField", "BigAutoField", "id"),
        ("operations = [", PROFILE, "Create model Profile"),
    ],
    ids=["another field", "another type", "another model"],
)
def test_another_first_migration_is_refused(old, first_migration, before, after, reason):
    first_migration(before, after)
    with pytest.raises(CommandError, match=rf"'auth_user' the users are: {reason} - put that into a second migration$"):
        migrate()
