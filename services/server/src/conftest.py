"""What the tests of all applications share: people, and clients that speak for them."""

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from knox.models import AuthToken


@pytest.fixture(autouse=True)
def fresh_counters():
    """What one test has counted is not counted for the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def open_gate(monkeypatch):
    """Of a database that a test takes away, the views tell by themselves."""
    monkeypatch.setattr("health.gate.Gate.is_open", True)


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """The real hash takes half a second, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def plain_static(settings):
    """Pages name their files as they are: nothing has collected them, and given them a hash."""
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture
def user(db):
    """One who may log in, with the password `correct horse`."""
    return get_user_model().objects.create_user("user", password="correct horse")


@pytest.fixture
def other(db):
    """Another one."""
    return get_user_model().objects.create_user("other")


@pytest.fixture
def staff(db):
    """One who may do everything in the admin."""
    return get_user_model().objects.create_superuser("staff")


def client_of(person):
    """A client with a token of the person."""
    return Client(headers={"authorization": f"Bearer {AuthToken.objects.create(person)[1]}"})


@pytest.fixture
def as_user(user):
    return client_of(user)


@pytest.fixture
def as_other(other):
    return client_of(other)


@pytest.fixture
def as_staff(staff):
    return client_of(staff)
