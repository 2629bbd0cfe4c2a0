"""Measure the time of starts and rebuilds, image size and memory, all by the tasks that a person types."""

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from invoke import Exit
from rich.console import Console
from rich.status import Status

from bench import figures, processes
from bench.figures import Figure
from bench.sandbox import RESOURCE, Sandbox
from tasklib.core import podman, shell
from tasklib.core.local_http import answer
from tasklib.pod import state

ROUNDS = 3
WARM_UP_REQUESTS, WARM_UP_CLIENTS = 400, 8
STOP_SECONDS = 30
# As root, Podman opens a host port before it forwards to the pod; a client that connects in between gets no answer.
POLL_SECONDS = 0.25
VIEW = Path("services/server/src/health/views.py")
LIVE = "/healthcheck/live/"
Points = dict[str, float]  # by the key of their figure
console = Console(highlight=False)


def all_figures() -> dict[str, Figure]:
    """Every figure, in the order of the table; limits are for two processor cores."""
    return {
        "up": Figure("`inv up` to the first answer, new data", "s", 5),
        "up_data": Figure("`inv up` to the first answer, data kept", "s", 5),
        "up_again": Figure("`inv up`, nothing to do", "s"),
        "edit": Figure("one view edited: `inv build`, `inv up` to the new answer", "s", 10),
        "build": Figure("`inv build`, nothing changed", "s"),
        "test": Figure("`inv test`, warm, without a test", "s", 3),
        "down": Figure("`inv down`", "s"),
        "image": Figure("server image, uncompressed", "MB", 85),
        "start": Figure("server process start to its first 200", "s", 0.4),
        "server": Figure("memory of nginx and uWSGI", "MB", 80),
        "container": Figure("memory of container server, PID 1 included", "MB"),
        "pod": Figure("memory of the whole pod, idle", "MB", 350),
    }


def measure(sandbox: Sandbox, status: Status) -> None:
    """Measure in rounds, and print the table. Raises Exit."""
    status.update("bench: building the pod")
    sandbox.seconds("build")
    measured, foreign = all_figures(), 0.0
    for number in range(1, ROUNDS + 1):
        for step in STEPS:
            status.update(f"bench: round {number} of {ROUNDS}: {step.__name__.replace('_', ' ')}")
            foreign = max(foreign, processes.wait_for_quiet())
            for key, point in step(sandbox).items():
                measured[key].points.append(point)
    Console(highlight=False, width=max(console.width, 120)).print(figures.table(measured.values()))
    figures.warn_of_noise(console, foreign, "the times are too long")


def first_start(sandbox: Sandbox) -> Points:
    sandbox.seconds("down")
    shell.capture(podman.volume_rm(*sandbox.project.manifest.claims))
    return {"up": until_answer(sandbox, RESOURCE, "[")}


def until_answer(sandbox: Sandbox, path: str, word: str) -> float:
    """Run `inv up`; return the seconds until the answer contains the word."""
    return sandbox.seconds_until(lambda: word in answer(sandbox.url(path), POLL_SECONDS), "up")


def repeated_start(sandbox: Sandbox) -> Points:
    return {"up_again": sandbox.seconds("up")}


def process_start(sandbox: Sandbox) -> Points:
    """Restart the server's container and time its program alone, without what Podman does before and after."""
    container = state.state(sandbox.project)["server"]
    restart = threading.Thread(target=shell.capture, args=[podman.restart(container["Name"], STOP_SECONDS)])
    restart.start()
    command = [container["Path"], *container["Args"]]
    start = processes.program_start(Path(container["PidFile"]), container["State"]["Pid"], command)
    end = processes.moment(lambda: bool(answer(sandbox.url(LIVE))), "the server's first answer")
    restart.join()
    return {"start": end - start}


def memory(sandbox: Sandbox) -> Points:
    """Measure the memory of the pod after each of its workers has answered."""
    with ThreadPoolExecutor(WARM_UP_CLIENTS) as clients:
        answers = list(clients.map(answer, [sandbox.url(RESOURCE)] * WARM_UP_REQUESTS))
    if not all(answers):
        raise Exit(f"{answers.count('')} of {len(answers)} requests were not answered - look at it: inv logs server")
    server = processes.tree(state.state(sandbox.project)["server"]["State"]["Pid"])
    first_processes = shell.capture(podman.processes(sandbox.project.name)).stdout.split()
    return {
        "server": processes.memory(server[1:]),
        "container": processes.memory(server),
        "pod": processes.memory([process for first in first_processes for process in processes.tree(int(first))]),
    }


def stop(sandbox: Sandbox) -> Points:
    return {"down": sandbox.seconds("down")}


def second_start(sandbox: Sandbox) -> Points:
    return {"up_data": until_answer(sandbox, RESOURCE, "[")}


def repeated_build(sandbox: Sandbox) -> Points:
    return {"build": sandbox.seconds("build")}


def edit(sandbox: Sandbox) -> Points:
    """Change a view, and wait for the answer that only the new version gives."""
    word, view = secrets.token_hex(8), sandbox.folder / VIEW
    view.write_text(edited(view.read_text(), word))
    build_seconds = sandbox.seconds("build")
    return {"edit": build_seconds + until_answer(sandbox, LIVE, word)}


def edited(view: str, word: str) -> str:
    """The module with its view `live` replaced by one that answers the word."""
    return f"""{view.partition("# edited")[0]}# edited
from django.http import HttpResponse

def live(request):
    return HttpResponse("{word}")
"""


def unit_tests(sandbox: Sandbox) -> Points:
    return {"test": sandbox.seconds("test", "--args", "-k nothing_has_this_name")}


def image_size(sandbox: Sandbox) -> Points:
    form = "{{.Size}}"
    return {"image": int(shell.capture(podman.image_inspect(sandbox.project.image("server"), form)).stdout) / 1e6}


# Each leaves what the next one needs.
STEPS: list[Callable[[Sandbox], Points]] = [
    first_start, repeated_start, process_start, memory, stop, second_start,
    repeated_build, edit, unit_tests, image_size,
]  # fmt: skip
