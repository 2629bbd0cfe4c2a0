"""Fixtures are the parts of the pod. What is configured by environment decides which promises can be asked for.

SYSTEM_TEST_HOSTPORT   the server, any one that speaks HTTP (localhost:8080)
SYSTEM_TEST_USER       who writes (without it no test writes)
SYSTEM_TEST_PASSWORD   this user's password
SYSTEM_TEST_ADMIN      set where this user may use the admin (without it no test does)
SYSTEM_TEST_METRICS    host and port of Prometheus (without it no test of metrics runs)
SYSTEM_TEST_LOG        the folder of the stored lines (/var/log/pod; without it no test of the log runs)
"""

import os
import uuid
from functools import partial
from pathlib import Path

import httpx
import pytest

from support.described import Description
from support.parts import Log, Metrics
from support.raw import exchange

SERVER = os.environ.get("SYSTEM_TEST_HOSTPORT", "localhost:8080")
WRITER = ["SYSTEM_TEST_USER", "SYSTEM_TEST_PASSWORD"]
METRICS = os.environ.get("SYSTEM_TEST_METRICS")
LOG = Path(os.environ.get("SYSTEM_TEST_LOG", "/var/log/pod"))
MISSING = {
    fixture: reason
    for fixture, reason, there in [
        ("writer", f"{' or '.join(WRITER)} is not set", all(os.environ.get(name) for name in WRITER)),
        ("admin", "SYSTEM_TEST_ADMIN is not set", bool(os.environ.get("SYSTEM_TEST_ADMIN"))),
        ("metrics", "SYSTEM_TEST_METRICS is not set", bool(METRICS)),
        ("log", f"there is no folder {LOG}", LOG.is_dir()),
    ]
    if not there
}
pytest_plugins = ["support.people", "support.browser"]  # the second imports the first
collect_ignore = ["operator"]  # a suite with a package `support` of its own
FAILURE_LINES = 50
recorder = pytest.StashKey[Log]()


def pytest_addoption(parser):
    parser.addoption("--cases", default="10", help="how many cases test_fuzz.py tries of each operation in each phase")


def client(hostport: str) -> httpx.Client:
    """A client of one part. The host's proxy is for the world outside, not for the pod."""
    return httpx.Client(base_url=f"http://{hostport}", timeout=10, trust_env=False)


@pytest.fixture(scope="session")
def description():
    """The server's OpenAPI description."""
    with client(SERVER) as http:
        try:
            return Description(http.get("/schema/").raise_for_status().json())
        except httpx.HTTPError as error:
            pytest.exit(f"no server answers at {SERVER} ({error}) - start one: inv up", returncode=1)


@pytest.fixture(scope="session")
def server(description):
    """The HTTP client of the server; whatever it answers has to be as it describes itself."""
    with client(SERVER) as server:
        server.event_hooks["response"] = [description.check]
        yield server


@pytest.fixture(scope="session")
def send(server):
    """Send bytes to the server as they are, and return its answer."""
    return partial(exchange, SERVER)


@pytest.fixture(scope="session")
def log():
    """The stored lines."""
    return Log(LOG)


@pytest.fixture(scope="session")
def metrics():
    """Prometheus."""
    with client(METRICS) as http:
        yield Metrics(http)


@pytest.fixture
def word():
    """A word that no other test has."""
    return uuid.uuid4().hex


def pytest_collection_modifyitems(config, items):
    """Take out what cannot be asked for."""
    without = [item for item in items if MISSING.keys() & set(item.fixturenames)]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if item not in without]


def pytest_report_collectionfinish():
    """Say what is asked, and what not and why."""
    return [f"server: {SERVER}", *(f"no test of {part}: {reason}" for part, reason in MISSING.items())]


def pytest_runtest_setup(item):
    """Remember where the log stands, for a failure."""
    if (LOG / "pod.log").exists():
        item.stash[recorder] = Log(LOG)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Show what the pod said during a test that failed, and only then."""
    report = yield
    if report.failed and recorder in item.stash:
        lines = b"".join(item.stash[recorder].new()[-FAILURE_LINES:])
        report.sections.append(("log of the pod", lines.decode(errors="backslashreplace")))
    return report
