"""Users and tokens, as the operator makes them."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.models import AuthToken

pytestmark = pytest.mark.django_db


def run(*words):
    """Run a command and return what it printed."""
    output = io.StringIO()
    call_command(*words, stdout=output)
    return output.getvalue()


@pytest.fixture
def password_is(monkeypatch):
    """Send a password to the standard input."""
    return lambda password: monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))


def test_created_user_has_the_password(password_is, django_user_model):
    password_is(" staple battery")
    assert run("create_user", "new") == "user new was created\n"
    assert django_user_model.objects.get(username="new").check_password(" staple battery")


@pytest.mark.parametrize(("words", "may"), [([], False), (["--admin"], True)], ids=["user", "admin"])
def test_created_user_may_use_the_admin(password_is, django_user_model, words, may):
    password_is("staple battery")
    run("create_user", "new", *words)
    user = django_user_model.objects.get()
    assert (user.is_staff, user.is_superuser) == (may, may)


def test_password_is_asked_for_at_a_terminal(monkeypatch, django_user_model):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda: "staple battery")
    run("create_user", "new")
    assert django_user_model.objects.get().check_password("staple battery")


@pytest.mark.parametrize(
    ("name", "password", "reason"),
    [
        ("new", "short", "too short"),
        ("new", "password", "too common"),
        ("staplebattery", "staplebattery", "similar"),
        ("a b", "staple battery", "valid username"),
        ("user", "staple battery", "already exists"),
    ],
)
def test_unfit_user_is_refused_with_the_reason(user, password_is, name, password, reason):
    password_is(password)
    with pytest.raises(CommandError, match=f"the user was not created: .*{reason}"):
        run("create_user", name)


def test_only_the_token_is_printed_and_is_valid(user):
    token = run("create_token", "user")
    assert TokenAuthentication().authenticate_credentials(token.strip().encode())[0] == user


def test_token_lives_as_many_days_as_said(user):
    run("create_token", "user", "--days", "3")
    left = AuthToken.objects.get().expiry - timezone.now()
    assert timedelta(days=2.9) < left <= timedelta(days=3)


def test_token_of_an_unknown_user_is_refused(db):
    with pytest.raises(CommandError, match="no user 'nobody' - create one with: create_user"):
        run("create_token", "nobody")


def test_new_user_of_a_token_has_no_password(django_user_model):
    run("create_token", "--new", "new")
    run("create_token", "--new", "new")
    assert not django_user_model.objects.get().has_usable_password()


@pytest.mark.parametrize("name", ["", "a b", "a" * 151])
def test_unfit_name_gets_no_token(django_user_model, name):
    with pytest.raises(CommandError, match="the user was not created: "):
        run("create_token", "--new", name)
    assert not django_user_model.objects.exists()


def test_revoked_tokens_are_gone(user, other):
    for person in ["user", "user", "other"]:
        run("create_token", person)
    assert run("revoke_tokens", "user") == "2 revoked\n"
    assert AuthToken.objects.get().user == other


def test_tokens_of_an_unknown_user_cannot_be_revoked():
    with pytest.raises(CommandError, match="no user 'nobody'"):
        run("revoke_tokens", "nobody")
