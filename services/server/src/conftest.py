"""Fixtures for the tests of all applications: users, and clients with their tokens."""

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from knox.models import AuthToken


@pytest.fixture(autouse=True)
def fresh_counters():
    """Clear the counters of the test before."""
    cache.clear()


@pytest.fixture(autouse=True)
def open_gate(monkeypatch):
    """Open the gate, so that a view itself answers when a test takes the database away."""
    monkeypatch.setattr("health.gate.Gate.is_open", True)


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hash passwords quickly; the real hash takes half a second, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def plain_static(settings):
    """Use the plain names of static files, since collectstatic has not run."""
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture
def user(db):
    """A user with the password `correct horse`."""
    return get_user_model().objects.create_user("user", password="correct horse")


@pytest.fixture
def other(db):
    """A second user, without a password."""
    return get_user_model().objects.create_user("other")


@pytest.fixture
def staff(db):
    """A superuser."""
    return get_user_model().objects.create_superuser("staff")


def client_of(person):
    """A client with a token of a user."""
    return Client(headers={"authorization": f"Bearer {AuthToken.objects.create(person)[1]}"})


@pytest.fixture
def manager(staff):
    """A client that is logged in to the admin."""
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def as_user(user):
    return client_of(user)


@pytest.fixture
def as_other(other):
    return client_of(other)


@pytest.fixture
def as_staff(staff):
    return client_of(staff)
