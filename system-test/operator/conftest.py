"""The fixtures of the operator tests: one running pod, and throw-away copies of the tree.

They drive `inv` on the real Podman of this machine, and touch nothing but what carries their own names. The images
must be there: inv build. INVOKE_NAME and INVOKE_IMAGES name another checkout's, as everywhere.
"""

import contextlib
import threading
import time
import urllib.error
from collections.abc import Callable

import pytest

from support.checkout import SERVICES, Checkout
from support.commands import podman
from support.copies import Copy
from support.pods import IMAGES, ROOT, own_name, removed, start, started, started_pod


def pytest_sessionstart():
    if missing := [service for service in SERVICES if podman("image", "exists", f"localhost/{IMAGES}-{service}").code]:
        pytest.exit(f"no image localhost/{IMAGES}-{missing[0]} - build it with: inv build", returncode=1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Add the pods' last lines to the report of a test that failed, and only then."""
    report = yield
    for checkout in started if report.failed else []:
        for service in SERVICES:
            lines = podman("logs", "--tail", "15", f"{checkout.name}-{service}").output
            report.sections.append((f"{checkout.name}-{service}", lines))
    return report


@pytest.fixture(scope="session")
def pod():
    """The pod that most tests share; a test may change its data but leaves it running."""
    with started_pod() as pod:
        yield pod


@pytest.fixture
def running(pod):
    """The shared pod, started again where a test before has failed half-way."""
    if not pod.answers():
        start(pod)
    return pod


@pytest.fixture
def absent():
    """The project under a name of which nothing is there yet."""
    with removed(Checkout(ROOT, own_name(), IMAGES)) as checkout:
        yield checkout


@pytest.fixture
def copy(tmp_path):
    """A copy of the tree, with tags of the images under its own name, to be damaged."""
    name = own_name()
    with removed(Copy(tmp_path, name, name)) as copy:
        copy.fill(ROOT, IMAGES)
        yield copy


@pytest.fixture(scope="session")
def eventually() -> Callable:
    """Wait until a question is answered with yes; fail with its name after so many seconds, enough at a load of 40.

    Who refuses a connection, or answers with an error, as a server that is just starting does, says no.
    """

    def ask(question: Callable[[], object]) -> object:
        with contextlib.suppress(ConnectionError, urllib.error.HTTPError):
            return question()

    def wait(question: Callable[[], object], seconds: float = 180):
        deadline, pause = time.monotonic() + seconds, 0.1
        while not (answer := ask(question)):
            assert time.monotonic() < deadline, f"not within {seconds} s: {question.__name__}"
            threading.Event().wait(pause)
            pause = min(1.5 * pause, 1)  # asking takes the time of the processors from what is waited for
        return answer

    return wait
