"""The edits and comparisons of `bench.observe`; these tests need no Podman."""

from pathlib import Path

import pytest

from bench import observe
from bench.observe import SETUPS, Edit
from bench.observe_results import Turn
from tasklib.core.project import Project


@pytest.mark.parametrize("edit", sorted({edit for setup in SETUPS for edit in setup.edits}))
def test_edit_fits_the_project(edit):
    assert observe.edited(Path(edit.file).read_text(), [edit]).count(edit.old) == 0


def test_edit_that_no_longer_fits_is_refused():
    with pytest.raises(ValueError, match=r"a\.conf does not have exactly one 'b'"):
        observe.edited("b b", [Edit("a.conf", "b")])


def test_cost_is_the_difference_of_each_pair():
    pairs = [(Turn(90, 1, 100, 8), Turn(100, 1, 70)), (Turn(40, 1, 50, 3), Turn(50, 1, 40))]
    requests, cpu, observers, counting = observe.costs(pairs, 3)
    assert requests.points == pytest.approx([10, 20])
    assert cpu.points == pytest.approx([30, 20])
    assert observers.points == pytest.approx([8, 6])
    assert counting.points == pytest.approx([3, 6])


def test_observing_processes_are_first_ones_monitors_and_all_of_log(monkeypatch):
    states = {"server": (True, 10, 11), "log": (True, 20, 21), "metrics": (False, 0, 0)}
    names = ("Running", "Pid", "ConmonPid")
    containers = {name: {"State": dict(zip(names, values, strict=True))} for name, values in states.items()}
    monkeypatch.setattr(observe.state, "state", lambda _: containers)
    monkeypatch.setattr(observe.processes, "tree", lambda pid: [pid, pid + 5])
    assert observe.observing_processes(Project("shop")) == {10, 11, 20, 21, 25}
