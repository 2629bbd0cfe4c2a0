"""The servers that `bench.load` compares, the requests that they answer, and the commands that start both. Pure."""

import os
from dataclasses import dataclass, replace
from typing import Any

from bench.sandbox import RESOURCE
from tasklib.core.manifest import Manifest
from tasklib.core.shell import Words

EVERYWHERE, PORT = "0.0.0.0", "8080"  # noqa: S104
CORES = str(os.cpu_count())  # as many workers as uWSGI has: services/server/uwsgi.ini
GUNICORN = ("python3", "-m", "gunicorn", "--no-control-socket")
# One thread for each worker, as all others have.
GRANIAN = ("python3", "-m", "granian", "--interface", "wsgi", "--blocking-threads", "1", "--no-ws", "--port", PORT)
OTHER_MODULE = ("python3", "-m", "supervisor", "/srv/bench/programs/run.toml")


@dataclass(frozen=True)
class Contender:
    """A command of the bench image that serves on the pod's port; without a command, the pod's own server."""

    name: str
    command: tuple[str, ...] = ()
    module: str = ""  # what uWSGI loads instead of the service


@dataclass(frozen=True)
class Request:
    """A request from inside the pod or, if `published`, through the port that leaves it."""

    name: str
    path: str
    body: str = ""
    published: bool = False

    @property
    def method(self) -> str:
        return "POST" if self.body else "GET"


POD = Contender("this pod")
CONTROL = Contender("control", OTHER_MODULE, "bench.programs.control")
DEFAULTS = Contender("DRF, out of the box", OTHER_MODULE, "bench.programs.defaults")
RIVALS = [
    Contender("gunicorn, sync", (*GUNICORN, "--workers", CORES, "--bind", f"{EVERYWHERE}:{PORT}", "config.wsgi")),
    Contender("granian", (*GRANIAN, "--workers", CORES, "--host", EVERYWHERE, "config.wsgi:application")),
    Contender("cheroot", ("python3", "-m", "bench.programs.prefork")),
]
LIST = Request("list", f"{RESOURCE}?limit=20")
DETAIL = Request("detail", f"{RESOURCE}5000/")
CREATE = Request("create", RESOURCE, '{"text": "A text of medium length, as people write it, with an ä and a ♥."}')
EMPTY = Request("empty view", "/healthcheck/live/")
POINTS = [
    *((contender, request) for request in (LIST, DETAIL, CREATE) for contender in [POD, CONTROL, DEFAULTS, *RIVALS]),
    (POD, replace(LIST, published=True)),
    (POD, EMPTY),
    (POD, replace(EMPTY, published=True)),
]
# The ratio that each must reach to what it is compared with.
TARGETS = {(POD, LIST): 0.28, (POD, CREATE): 0.30, (POD, replace(LIST, published=True)): 0.97,
           (POD, replace(EMPTY, published=True)): 0.90}  # fmt: skip


def inside(request: Request) -> Request:
    """The same request from inside the pod."""
    return replace(request, published=False)


def reference(contender: Contender, request: Request) -> tuple[Contender, Request]:
    """The point that a point is compared with: the control's; for a published request, the same from inside."""
    return (contender, inside(request)) if request.published else (CONTROL, request)


def options(manifest: Manifest) -> Words:
    """Join the pod with the variables, secrets and writable folders of its container `server`."""
    server = manifest.containers["server"]
    secrets = {volume["name"] for volume in manifest.volumes if "secret" in volume}
    return [
        *("--pod", manifest.name, "--group-add", "0", "--read-only", "--cap-drop", "all"),
        *(word for variable in server["env"] for word in ("--env", f"{variable['name']}={variable['value']}")),
        *(word for mount in server["volumeMounts"] for word in volume(mount, secrets)),
    ]


def volume(mount: dict[str, Any], secrets: set[str]) -> Words:
    """Share a secret with the pod; give the container an empty folder of its own for any other mount."""
    if mount["name"] in secrets:
        return ["--volume", f"{mount['name']}:{mount['mountPath']}:ro"]
    # U: owned by the container's user. Where the image has the folder, runc copies its mode only in part.
    return ["--tmpfs", f"{mount['mountPath']}:U"]


def wrk(url: str, seconds: int) -> Words:
    """The command of the HTTP client; its last line is JSON."""
    return ["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", "/srv/bench/programs/wrk.lua", url]


def variables(request: Request, authorization: str) -> Words:
    """The client's variables (bench/programs/wrk.lua); only a request that writes has a token."""
    writing = ["--env", f"BODY={request.body}", "--env", f"AUTHORIZATION={authorization}"] if request.body else []
    return ["--env", f"METHOD={request.method}", *writing]


def rows(answer: Any, fields: list[str]) -> list[dict[str, Any]]:
    """The objects of an answer (one, an array or a page of them), reduced to these fields."""
    objects = answer.get("results", [answer]) if isinstance(answer, dict) else answer
    return [{field: row[field] for field in fields} for row in objects]


def is_equal(contender: Contender, request: Request, answer: Any, expected: Any) -> bool:
    """Whether a contender's answer, as parsed JSON, has the same content as the expected one."""
    if request == CREATE:
        return rows(answer, ["text"]) == rows(expected, ["text"])
    if contender == DEFAULTS:
        return rows(answer, ["id", "text", "timestamp"]) == rows(expected, ["id", "text", "timestamp"])
    return bool(answer == expected)
