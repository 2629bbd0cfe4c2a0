"""What the part `observe` takes away and compares; none of these needs Podman."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from tasklib import observe
from tasklib.observe import NOTHING, SETUPS, WHOLE, Edit, Sample


@pytest.mark.parametrize("edit", sorted({edit for setup in SETUPS for edit in setup.edits}))
def test_edit_fits_the_project(edit):
    assert observe.edited(Path(edit.file).read_text(), [edit]).count(edit.old) == 0


def test_edit_that_fits_no_more_is_refused():
    with pytest.raises(ValueError, match=r"a\.conf has not exactly one 'b'"):
        observe.edited("b b", [Edit("a.conf", "b")])


def test_share_is_what_is_missing_in_each_round():
    found = {WHOLE: [Sample(90, 1, 100, 8), Sample(40, 1, 50, 3)], NOTHING: [Sample(100, 1, 70), Sample(50, 1, 40)]}
    requests, cpu, watching, counting = observe.shares(found, 3)
    assert requests.points == pytest.approx([10, 20])
    assert cpu.points == pytest.approx([30, 20])
    assert watching.points == pytest.approx([8, 6])
    assert counting.points == pytest.approx([4])


def test_table_compares_with_the_pod_that_nothing_watches():
    console = Console(width=120, file=io.StringIO())
    console.print(observe.table({WHOLE: [Sample(800, 12, 2000)], NOTHING: [Sample(1000, 10, 1600)]}))
    lines = [line for line in console.file.getvalue().splitlines() if "|" in line]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    assert cells[-2:] == [
        [WHOLE.name, "800", "800 to 800", "12", "2000", "0.80"],
        [NOTHING.name, "1000", "1000 to 1000", "10", "1600", "1.00"],
    ]
