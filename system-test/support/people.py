"""The user who writes, whose name and password are in the environment, and the ways to log in."""

import itertools
import os

import httpx
import pytest

from support.parts import wait_for

USER, PASSWORD = os.environ.get("SYSTEM_TEST_USER"), os.environ.get("SYSTEM_TEST_PASSWORD")
# A token that nobody has, which only the database knows: a request that needs it, on any pod.
UNKNOWN = {"Authorization": f"Bearer {'0' * 64}"}
WINDOW_SECONDS = 60  # in which logins are counted: DJANGO_THROTTLE_LOGIN


@pytest.fixture(scope="session")
def log_in(server):
    """Log in, a moment later where there were too many logins; returns the answer."""

    def log_in(**changed):
        credentials = {"username": USER, "password": PASSWORD, **changed}
        answers = (server.post("/token/", json=credentials) for _ in itertools.count())
        return wait_for(
            lambda: (answer := next(answers)).status_code != 429 and answer, WINDOW_SECONDS + 10, "too many logins", 1
        )

    return log_in


@pytest.fixture(scope="session")
def writer(server, log_in):
    """The HTTP client of the server with a token."""
    with httpx.Client(base_url=server.base_url, timeout=server.timeout, trust_env=False) as writer:
        writer.event_hooks = server.event_hooks
        writer.headers["Authorization"] = f"Bearer {log_in().raise_for_status().json()['token']}"
        yield writer
        writer.delete("/token/")
