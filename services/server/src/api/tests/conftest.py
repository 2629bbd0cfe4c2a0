"""Fixtures for the tests of the API's conventions."""

import pytest

from health import state


@pytest.fixture
def clients(client, as_user, manager):
    """Clients that do not raise what the server answers: of nobody, of a user, and of the admin."""
    clients = {"anybody": client, "user": as_user, "staff": manager}
    for each in clients.values():
        each.raise_request_exception = False
    state.kept.clear()
    return clients
