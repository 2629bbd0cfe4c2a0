"""Measuring the project's figures on the real thing: in a copy of it, with a pod of its own beside any that runs."""

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from invoke import Context, Exit
from rich.console import Console
from rich.status import Status

from bench import figures, legacy_import, load, observe, processes
from bench.sandbox import Sandbox, opened
from tasklib.core import podman, shell
from tasklib.core.local_http import answer
from tasklib.core.project import Project
from tasklib.images import store
from tasklib.images.build import every
from tasklib.pod import state

ROUNDS = 3
WARM_UP_REQUESTS, WARM_UP_CLIENTS = 400, 8
STOP_SECONDS = 30
# As root, Podman holds a host port before it leads into the pod, and who has connected there is never answered.
POLL_SECONDS = 0.25
VIEW = Path("services/server/src/health/views.py")
LIVE, TWEETS = "/healthcheck/live/", "/tweet/"
PARTS = ["start", "load", "observe", "import"]
Points = dict[str, float]  # by the key of their figure
console = Console(highlight=False)


def run(c: Context, project: Project, part: str) -> None:
    """Measure one part of the figures, or all, and print them beside their limits. Raises Exit."""
    if part and part not in PARTS:
        raise Exit(f"no part '{part}' - choose one of: {', '.join(PARTS)}")
    store.require_images(project, every(tests=part in ("", "start")))
    if c.config.run.dry:
        return
    # The last one edits the copy.
    measures = {"load": load.measure, "observe": observe.measure, "import": legacy_import.measure, "start": start}
    with opened(project, "bench", 2000) as sandbox, console.status("bench: building a copy") as status:
        for name, measure in measures.items():
            if part in ("", name):
                measure(sandbox, status)


def start(sandbox: Sandbox, status: Status) -> None:
    """Measure starts, sizes and memory in rounds, and print the table. Raises Exit."""
    sandbox.seconds("build")
    found, noise = figures.wanted(), 0.0
    for number in range(1, ROUNDS + 1):
        for step in STEPS:
            status.update(f"bench: round {number} of {ROUNDS}: {step.__name__.replace('_', ' ')}")
            noise = max(noise, processes.wait_for_quiet())
            for key, point in step(sandbox).items():
                found[key].points.append(point)
    Console(highlight=False, width=max(console.width, 120)).print(figures.table(found.values()))
    if noise > processes.QUIET:
        console.print(f"Other programs used up to {noise:.0%} of the processors, so the times are too long.")


def first_start(sandbox: Sandbox) -> Points:
    sandbox.seconds("down")
    shell.ask(podman.volume_rm(*sandbox.project.manifest.claims))
    return {"up": until_answer(sandbox, TWEETS, "text")}


def until_answer(sandbox: Sandbox, path: str, word: str) -> float:
    """The seconds of `inv up` until the answer has the word."""
    return sandbox.seconds_until(lambda: word in answer(sandbox.url(path), POLL_SECONDS), "up")


def repeated_start(sandbox: Sandbox) -> Points:
    return {"up_again": sandbox.seconds("up")}


def process_start(sandbox: Sandbox) -> Points:
    """Restart the server's container and time its program alone, without what Podman does before and after."""
    container = state.state(sandbox.project)["server"]
    restart = threading.Thread(target=shell.ask, args=[podman.restart(container["Name"], STOP_SECONDS)])
    restart.start()
    command = [container["Path"], *container["Args"]]
    start = processes.program_start(Path(container["PidFile"]), container["State"]["Pid"], command)
    end = processes.moment(lambda: bool(answer(sandbox.url(LIVE))), "the server's first answer")
    restart.join()
    return {"start": end - start}


def memory(sandbox: Sandbox) -> Points:
    """The memory of the pod after each of its workers has answered."""
    with ThreadPoolExecutor(WARM_UP_CLIENTS) as clients:
        answers = list(clients.map(answer, [sandbox.url(TWEETS)] * WARM_UP_REQUESTS))
    if not all(answers):
        raise Exit(f"{answers.count('')} of {len(answers)} requests were not answered - look at it: inv logs server")
    server = processes.tree(state.state(sandbox.project)["server"]["State"]["Pid"])
    first_ones = shell.ask(podman.processes(sandbox.project.name)).stdout.split()
    return {
        "server": processes.memory(server[1:]),
        "container": processes.memory(server),
        "pod": processes.memory([process for first in first_ones for process in processes.tree(int(first))]),
    }


def stop(sandbox: Sandbox) -> Points:
    return {"down": sandbox.seconds("down")}


def second_start(sandbox: Sandbox) -> Points:
    return {"up_data": until_answer(sandbox, TWEETS, "text")}


def repeated_build(sandbox: Sandbox) -> Points:
    return {"build": sandbox.seconds("build")}


def edit(sandbox: Sandbox) -> Points:
    """Change a view, and wait for the answer that only the new one gives."""
    word, view = secrets.token_hex(8), sandbox.folder / VIEW
    view.write_text(edited(view.read_text(), word))
    built = sandbox.seconds("build")
    return {"edit": built + until_answer(sandbox, LIVE, word)}


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
    return {"image": int(shell.ask(podman.image_inspect(sandbox.project.image("server"), form)).stdout) / 1e6}


# Each leaves what the next one needs.
STEPS: list[Callable[[Sandbox], Points]] = [
    first_start, repeated_start, process_start, memory, stop, second_start,
    repeated_build, edit, unit_tests, image_size,
]  # fmt: skip
