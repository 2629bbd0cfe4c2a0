"""The check of the machine: examine it, repair what this user may, show the other commands."""

import os
import shlex
import subprocess
from collections.abc import Callable, Iterable

from invoke import Context, Exit
from rich.console import Console
from rich.table import Table

from tasklib.core import shell
from tasklib.machine import containers_conf
from tasklib.machine.checks import SPACE, all_facts
from tasklib.machine.finding import INSTALL, Fact, File, Step, merged, written
from tasklib.machine.readings import Machine, cgroup_layout

# The end of what a failed command says is where it names the fault.
MESSAGE_LENGTH = 300
Run = Callable[[list[str]], None]


def examine(machine: Machine | None = None) -> list[Fact]:
    """Every fact of this machine, the most important first; changes nothing."""
    return all_facts(machine or Machine())


def environment(machine: Machine | None = None) -> dict[str, str]:
    """Variables for each call of Podman; the files that `repair` writes do the same for a plain `podman`."""
    return {} if cgroup_layout(machine or Machine()) == "v2" else {containers_conf.QUIET: "1"}


def repair(facts: Iterable[Fact], machine: Machine | None = None, run: Run | None = None) -> list[Fact]:
    """Repair what this user may, each step announced in one line; return all facts as they are then.

    A step that fails is reported, and the rest goes on.
    """
    machine = machine or Machine()
    for step in merged([step for fact in facts if may_repair(fact, machine) for step in fact.remedy]):
        print(f"Repairing the machine: {announced(step)}", flush=True)
        try:
            written(machine, step) if isinstance(step, File) else (run or execute)(step)
        except (OSError, subprocess.CalledProcessError) as error:
            reason = getattr(error, "stderr", None) or str(error)
            print(f"That failed: {' '.join(reason.split())[-MESSAGE_LENGTH:]}")
    return examine(machine)


def execute(words: list[str]) -> None:
    """Run one command without its chatter. Raises OSError, subprocess.CalledProcessError with `stderr`."""
    environment_ = {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run(words, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment_)


def may_repair(fact: Fact, machine: Machine) -> bool:
    """Whether it is wrong and this user may change it."""
    return not fact.ok and bool(fact.remedy) and not (fact.needs_root and machine.is_rootless)


def announced(step: Step) -> str:
    """A step in a few words."""
    return f"write {step.path}" if isinstance(step, File) else shlex.join(step)


def typed(step: Step) -> str:
    """A step as it is typed into a shell."""
    return f"cat > {step.path} <<'END'\n{step.text}END" if isinstance(step, File) else shlex.join(step)


def show(facts: Iterable[Fact], console: Console | None = None) -> None:
    """Print the findings as a table, and below it the commands for root."""
    facts = list(facts)
    console = console or shell.console
    table = Table(box=None, pad_edge=False)
    for name in ("", "what", "is", "should be"):
        table.add_column(name, overflow="fold")
    for fact in facts:
        table.add_row(shell.coloured(state(fact)), fact.name, fact.found, "" if fact.ok else fact.wanted)
    console.print(table)
    wrong = [fact for fact in facts if not fact.ok and fact.remedy]
    if wrong:
        console.print("\nTo repair all that you may: inv doctor --fix")
    steps = merged([step for fact in wrong if fact.needs_root for step in fact.remedy])
    if steps:
        console.print("What needs root, to be typed as root:")
    for step in steps:
        console.print(typed(step), soft_wrap=True)


def state(fact: Fact) -> str:
    """One word: ok, wrong (nothing works without it), better (it works, not as well), note."""
    if fact.ok:
        return "ok"
    return "wrong" if fact.fatal else "better" if fact.remedy else "note"


def require(
    c: Context | None = None, machine: Machine | None = None, run: Run | None = None, *, builds: bool = True
) -> None:
    """Make sure that this machine can run the pod, repairing what this user may.

    Packages that only some need are left to `inv doctor --fix`; little space is a warning where nothing `builds`.
    Raises Exit with what is wrong and what to type.
    """
    machine = machine or Machine()
    facts = examine(machine)
    worth = [fact for fact in facts if may_repair(fact, machine) and (fact.fatal or not installs(fact))]
    if worth and not (c and c.config.run.dry):
        facts = repair(worth, machine, run)
    wrong = [fact for fact in facts if fact.fatal and not fact.ok]
    fatal = [fact for fact in wrong if builds or fact.name != SPACE]
    if fatal:
        raise Exit(refusal(fatal))
    for fact in wrong:
        print(f"{fact.name}: {fact.found} - the next build needs: {fact.wanted}")


def installs(fact: Fact) -> bool:
    """Whether its remedy installs a package."""
    return any(step[: len(INSTALL)] == INSTALL for step in fact.remedy if isinstance(step, list))


def refusal(wrong: list[Fact]) -> str:
    """One line: the first fault, and the command that repairs it or the task that shows all of them."""
    fact = wrong[0]
    if not fact.remedy:
        return f"{fact.name}: {fact.found} - needed: {fact.wanted}"
    steps = merged([step for other in wrong for step in other.remedy])
    command = f" as root: {announced(steps[0])}" if len(steps) == 1 and fact.needs_root else ": inv doctor"
    return f"{fact.name}: {fact.found}, should be {fact.wanted} - type{command}"
