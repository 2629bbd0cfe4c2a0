"""Who answers in the benchmark's part `load`, what they are asked, and the words that start both. Pure."""

import os
from dataclasses import dataclass, replace
from typing import Any

from tasklib.core.manifest import Manifest
from tasklib.core.shell import Words

EVERYWHERE, PORT = "0.0.0.0", "8080"  # noqa: S104
CORES = str(os.cpu_count())  # as many workers as uWSGI has: services/server/uwsgi.ini
GUNICORN = ("python3", "-m", "gunicorn", "--no-control-socket")
# One thread for each worker, as all others have.
GRANIAN = ("python3", "-m", "granian", "--interface", "wsgi", "--blocking-threads", "1", "--no-ws", "--port", PORT)
OTHER_MODULE = ("python3", "/usr/local/lib/pod/run.py", "/srv/bench/programs/run.toml")


@dataclass(frozen=True)
class Contender:
    """A command of the bench image that answers on the pod's port; without one, the pod's own server."""

    name: str
    command: tuple[str, ...] = ()
    module: str = ""  # what uWSGI loads, where it is not the service


@dataclass(frozen=True)
class Question:
    """A request; `published` by the port that leaves the pod, instead of from inside."""

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
LIST = Question("list", "/tweet/?limit=20")
DETAIL = Question("detail", "/tweet/5000/")
CREATE = Question("create", "/tweet/", '{"text": "A text of medium length, as people write it, with an ä and a ♥."}')
EMPTY = Question("empty view", "/healthcheck/live/")
POINTS = [
    *((contender, question) for question in (LIST, DETAIL, CREATE) for contender in [POD, CONTROL, DEFAULTS, *RIVALS]),
    (POD, replace(LIST, published=True)),
    (POD, EMPTY),
    (POD, replace(EMPTY, published=True)),
]
# What each must reach of what it is compared with.
TARGETS = {(POD, LIST): 0.28, (POD, CREATE): 0.30, (POD, replace(LIST, published=True)): 0.97,
           (POD, replace(EMPTY, published=True)): 0.90}  # fmt: skip


def inside(question: Question) -> Question:
    """The same question from inside the pod."""
    return replace(question, published=False)


def reference(contender: Contender, question: Question) -> tuple[Contender, Question]:
    """What a point is compared with: the control; from outside the pod, the same from inside."""
    return (contender, inside(question)) if question.published else (CONTROL, question)


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
    """A secret is shared with the pod; any other folder is empty and the container's own."""
    if mount["name"] in secrets:
        return ["--volume", f"{mount['name']}:{mount['mountPath']}:ro"]
    # Its user's: where the image has the folder, runc takes the mode from there, and not the whole of it.
    return ["--tmpfs", f"{mount['mountPath']}:U"]


def wrk(url: str, seconds: int) -> Words:
    """The client's command; its last line is JSON."""
    return ["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", "/srv/bench/programs/wrk.lua", url]


def request(question: Question, authorization: str) -> Words:
    """The client's variables (bench/programs/wrk.lua); only who writes says who it is."""
    writing = ["--env", f"BODY={question.body}", "--env", f"AUTHORIZATION={authorization}"] if question.body else []
    return ["--env", f"METHOD={question.method}", *writing]


def rows(answer: Any, fields: list[str]) -> list[dict[str, Any]]:
    """The objects of an answer, which is one, an array or a page of them, with just these fields."""
    found = answer.get("results", [answer]) if isinstance(answer, dict) else answer
    return [{field: row[field] for field in fields} for row in found]


def agree(contender: Contender, question: Question, answer: Any, expected: Any) -> bool:
    """Whether two answers to a question say the same, as parsed JSON."""
    if question == CREATE:
        return rows(answer, ["text"]) == rows(expected, ["text"])
    if contender == DEFAULTS:
        return rows(answer, ["id", "text", "timestamp"]) == rows(expected, ["id", "text", "timestamp"])
    return bool(answer == expected)
