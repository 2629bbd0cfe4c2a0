"""Fixtures for the tests of the API's conventions."""

import pytest
from django.test import Client

from health import state


@pytest.fixture
def clients(client, as_user, staff):
    """Clients that do not raise what the server answers: of nobody, of a user, and of the admin."""
    admin = Client()
    admin.force_login(staff)
    clients = {"anybody": client, "user": as_user, "staff": admin}
    for each in clients.values():
        each.raise_request_exception = False
    state.kept.clear()
    return clients
