"""Faults that can be known before the pod is stopped are found then: whatever a task is given, the pod goes on."""

import contextlib
import socket

import pytest

from support.checkout import free_offset
from support.commands import podman
from support.pods import started_copy

# The tasks that stop the pod; `fresh` does so where pod.yaml has changed.
TASKS = {
    "up": ["up"],
    "restart": ["restart"],
    "fresh": ["fresh", "--yes"],
    "restore": ["db.restore", "backups/one.zip", "--replace"],
    "recover": ["db.recover", "latest", "--replace"],
}


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    """A pod of a copy of the tree, with an archive and a backup."""
    with started_copy(tmp_path_factory.mktemp("copy"), archive="true") as copy:
        result = copy.inv("db.backup")
        assert result.code == 0, result.output
        next((copy.folder / "backups").glob("*.zip")).rename(copy.folder / "backups/one.zip")
        yield copy


@contextlib.contextmanager
def taken_port(copy):
    """Let this process have a port that the offset moves the server to."""
    offset = free_offset()
    with socket.socket() as other:
        other.bind(("", 8080 + offset))
        other.listen()
        yield {"INVOKE_PORT_OFFSET": str(offset)}


@contextlib.contextmanager
def no_image(copy):
    """Take the name of an image away."""
    name, id_ = f"localhost/{copy.name}-log", copy.image_id("log")
    copy.forget_image("log")
    yield {}
    podman("tag", id_, name)


def server(**keys):
    """Give the container `server` other keys in pod.yaml."""
    return lambda copy: copy.container("server", **keys)


def variable(name, value):
    """Give the container `server` a further variable."""
    return server(env=[{"name": name, "value": value}])


FAULTS = {
    "port": (taken_port, "is taken by "),
    "offset": (lambda _: contextlib.nullcontext({"INVOKE_PORT_OFFSET": "65000"}), "use a number from 0 to 50000"),
    "variable": (variable("DJANGO_HSTS_SECONDS", "long"), "the new server fails its check (above: why) - mend it"),
    "unknown": (variable("DJANGO_ADMN", "true"), "has DJANGO_ADMN, which is unknown - did you mean DJANGO_ADMIN?"),
    "boolean": (variable("DJANGO_ADMIN", True), "env[2].value is True instead of a text"),
    "file": (variable("DJANGO_CORS_ORIGINS_FILE", "/nowhere"), "the new server fails its check (above: why)"),
    "memory": (server(resources={"requests": {"memory": "900Gi"}}), "MiB are available - end"),
    "amount": (server(resources={"limits": {"memory": "5 MB"}}), "'5 MB' instead of an amount"),
    "mount": (
        server(volumeMounts=[{"name": "x", "mountPath": "/x"}]),
        "is 'x', which is not the name of a volume",
    ),
    "capability": (
        server(securityContext={"capabilities": {"add": ["FLAVOUR"]}}),
        "Podman refuses the pod: ",
    ),
    "image": (no_image, "build it with: inv build"),
}

# Every fault for `up`; one of each kind for the others, which check the same before they stop the pod.
ONE_OF_EACH = ["port", "variable", "amount", "image"]
PAIRS = [("up", fault) for fault in FAULTS] + [(task, fault) for task in [*TASKS][1:] for fault in ONE_OF_EACH]


def starts(pod):
    """Each container of the pod, with the moment of its last start."""
    return podman("ps", "--no-trunc", "--format", "{{.ID}} {{.StartedAt}}", "--filter", f"name=^{pod.name}-").output


@pytest.mark.parametrize(("task", "fault"), PAIRS)
def test_fault_that_can_be_known_stops_nothing(serving, task, fault):
    make, words = FAULTS[fault]
    before = starts(serving)
    with make(serving) as environment:
        result = serving.inv(*TASKS[task], environment=environment)
    assert (result.code, words in result.last_line) == (1, True), result.output
    assert (starts(serving), serving.answers()) == (before, True)


def test_refusals_leave_nothing(serving):
    assert [name for name in serving.leftovers() if "trial" in name] == []
    assert not list((serving.folder / "build").glob("*trial*"))
