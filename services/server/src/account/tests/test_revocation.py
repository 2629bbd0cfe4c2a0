"""Tokens end with their password and with their user."""

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.test import Client
from knox.models import AuthToken

NEW = "battery staple battery"


@pytest.fixture
def token(user):
    """A token of the user, and one of somebody else."""
    AuthToken.objects.create(get_user_model().objects.create_user("somebody"))
    return AuthToken.objects.create(user)[0]


def admin_form(user, manager):
    password = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    manager.post(f"/admin/users/user/{user.pk}/password/", password)


def admin_unusable(user, manager):
    manager.post(f"/admin/users/user/{user.pk}/password/", {"usable_password": "false", "unset-password": "1"})


def own_form(user, manager):
    user.is_staff = True
    user.save()
    client = Client()
    client.force_login(user)
    new = {"new_password1": NEW, "new_password2": NEW}
    client.post("/admin/password_change/", {"old_password": "correct horse", **new})


def command(user, manager):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("getpass.getpass", lambda *_, **__: NEW)
        call_command("changepassword", "user")


def save(user, manager):
    user.set_password(NEW)
    user.save()


def save_of_one_field(user, manager):
    user.set_password(NEW)
    user.save(update_fields=["password"])


def save_of_a_hash(user, manager):
    user.password = make_password(NEW)
    user.save()


def no_password(user, manager):
    user.set_unusable_password()
    user.save(update_fields=["password"])


def deactivation(user, manager):
    user.is_active = False
    user.save()


def admin_deactivation(user, manager):
    form = manager.get(f"/admin/users/user/{user.pk}/change/").context["adminform"].form
    values = {name: value for name, value in form.initial.items() if value and name not in {"is_active", "password"}}
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "12:00:00"}
    manager.post(f"/admin/users/user/{user.pk}/change/", {**values, **joined})


ENDS = [
    *(admin_form, admin_unusable, own_form, command, save, save_of_one_field, save_of_a_hash, no_password),
    *(deactivation, admin_deactivation),
]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_token_ends(user, token, manager, end):
    end(user, manager)
    assert [left.user.username for left in AuthToken.objects.all()] == ["somebody"]


def test_reactivation_brings_no_token_back(client, user, token):
    for active in [False, True]:
        user.is_active = active
        user.save()
    assert not AuthToken.objects.filter(user=user).exists()


def test_other_changes_leave_the_token(user, token):
    user.email = "user@example.org"
    user.save()
    user.save(update_fields=["email"])
    assert AuthToken.objects.filter(user=user).exists()


def test_newer_hash_of_the_same_password_leaves_the_token(rf, user, token, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    assert authenticate(rf.get("/"), username="user", password="correct horse")
    user.refresh_from_db()
    assert user.password.startswith("pbkdf2")
    assert AuthToken.objects.filter(user=user).exists()


def test_user_without_a_password_keeps_the_token(other):
    AuthToken.objects.create(other)
    other.save()
    assert AuthToken.objects.filter(user=other).exists()
