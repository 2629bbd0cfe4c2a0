"""The table of two pods that were under load in turns."""

import io

from rich.console import Console

from bench import observe_results
from bench.observe_results import Turn


def test_reduced_pod_saves_cpu_time():
    assert observe_results.saved((Turn(1, 1, 200), Turn(1, 1, 150))) == 25


def test_table_has_the_medians_of_both_pods():
    console = Console(width=120, file=io.StringIO())
    console.print(observe_results.table({"all of it": [(Turn(800, 12, 2000), Turn(1000, 10, 1600))] * 3}))
    line = next(line for line in console.file.getvalue().splitlines() if "all of it" in line)
    cells = [cell.strip() for cell in line.split("|")[1:-1]]
    assert cells == ["all of it", "800 : 1000", "12 : 10", "2000 : 1600", "20.0 %", "20.0 to 20.0"]
