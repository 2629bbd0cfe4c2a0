"""Waiting, for the tests of the programs that every container has."""

import threading
import time

import pytest


@pytest.fixture
def eventually():
    """Wait until a condition holds, and fail with its name after 10 seconds."""

    def wait(condition):
        deadline = time.monotonic() + 10
        pause = threading.Event()
        while not condition():
            assert time.monotonic() < deadline, f"not within 10 seconds: {condition.__name__}"
            pause.wait(0.001)

    return wait
