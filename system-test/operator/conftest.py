"""What the operator's tests share: one running pod, and throw-away copies of the tree.

They drive `inv` on the real Podman of this machine, and touch nothing but what carries their own names. The images
must be there: inv build. INVOKE_NAME and INVOKE_IMAGES name another checkout's, as everywhere.
"""

import contextlib
import itertools
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from checkout import SERVICES, Checkout, podman
from copies import Copy

ROOT = Path(__file__).resolve().parents[2]
KNOBS = yaml.safe_load((ROOT / "invoke.yaml").read_text())
POD = yaml.safe_load((ROOT / "pod.yaml").read_text())
NAME = os.environ.get("INVOKE_NAME") or KNOBS["name"] or POD["metadata"]["name"]
IMAGES = os.environ.get("INVOKE_IMAGES") or KNOBS["images"] or NAME
numbers = itertools.count(1)
started: list[Checkout] = []  # those whose lines are worth reading when a test fails


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


def own_name() -> str:
    """A name that no other run, and no other test of this one, has."""
    return f"{NAME}-op{os.getpid()}x{next(numbers)}"


@contextlib.contextmanager
def removed(checkout: Checkout):
    """Lend a checkout, and remove what it made, whatever happens."""
    started.append(checkout)
    try:
        yield checkout
    finally:
        started.remove(checkout)
        checkout.remove()


@pytest.fixture(scope="session")
def pod():
    """The pod that most tests share; a test may change its data but leaves it running."""
    with removed(Checkout(ROOT, own_name(), IMAGES)) as pod:
        result = pod.inv("up")
        assert result.code == 0, result.output
        yield pod


@pytest.fixture
def running(pod):
    """The shared pod, started again where a test before has failed half-way."""
    if not pod.answers():
        assert pod.inv("up").code == 0
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
    """Wait until a question is answered with yes; fail with its name after so many seconds.

    Who refuses a connection, as a server that is just starting does, says no.
    """

    def ask(question: Callable[[], object]) -> object:
        with contextlib.suppress(ConnectionError):
            return question()

    def wait(question: Callable[[], object], seconds: float = 60):
        deadline, pause = time.monotonic() + seconds, 0.1
        while not (answer := ask(question)):
            assert time.monotonic() < deadline, f"not within {seconds} s: {question.__name__}"
            threading.Event().wait(pause)
            pause = min(1.5 * pause, 1)  # asking takes the time of the processors from what is waited for
        return answer

    return wait
