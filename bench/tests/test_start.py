"""Readings, sums, limits and the edited view of `bench.start`; these tests need no Podman."""

import io
import os
import signal
import subprocess
import sys

import pytest
from invoke import Exit
from rich.console import Console

from bench import figures, processes, sandbox, start
from bench.figures import Figure
from tasklib.core import local_http, shell
from tasklib.ownership import sources

ROLLUPS = """00400000-7ffd1000 ---p 00000000 00:00 0    [rollup]
Rss:               20000 kB
Pss:               10000 kB
Pss_Dirty:          7000 kB
00400000-7ffd2000 ---p 00000000 00:00 0    [rollup]
Pss:                 500 kB
"""


def test_row_is_median_range_and_fraction_of_limit():
    assert Figure("start", "s", 4, [3, 1, 2.5]).row() == ("start", "2.5 s", "1 to 3", "4 s", "0.62")


def test_figure_over_its_limit_is_marked():
    assert Figure("image", "MB", 85, [102]).row()[-1] == "1.20, over the limit"


def test_limit_of_zero_has_no_fraction():
    assert Figure("series", "", 0, [0]).row()[-1] == ""
    assert Figure("series", "", 0, [3]).row()[-1] == "over the limit"


def test_figure_without_limit_has_no_comparison():
    assert Figure("down", "s", points=[0.123]).row()[-2:] == ("", "")


def test_table_is_markdown_of_what_was_measured():
    console = Console(width=120, file=io.StringIO())
    console.print(figures.table([Figure("start", "s", 4, [2]), Figure("wrk", "/s")]))
    lines = [line.strip() for line in console.file.getvalue().splitlines() if line.strip()]
    assert lines[2:] == ["| start  | 2 s    | 2 to 2 | 4 s   | 0.50     |"]


def test_memory_is_the_sum_of_all_processes():
    assert processes.proportional(ROLLUPS) == pytest.approx(10.752)


def test_tree_finds_children_of_children(tmp_path):
    for pid, name, parent in [(1, "init", 0), (7, "my (odd) name", 1), (8, "uwsgi", 7), (9, "other", 1)]:
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "stat").write_text(f"{pid} ({name}) S {parent} 0 0\n")
    assert processes.tree(7, tmp_path) == [7, 8]


def test_tree_of_a_real_process():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert child.pid in processes.tree(os.getpid())
    child.communicate(b"\n")


def test_program_start_waits_for_the_command(tmp_path):
    command = [sys.executable, "-c", "input()"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE)
    (tmp_path / "pid").write_text(str(child.pid))
    assert processes.program_start(tmp_path / "pid", before=1, command=command) > 0
    child.communicate(b"\n")


def test_moment_that_never_comes_ends_in_words():
    with pytest.raises(Exit, match="the answer did not come within 0 s"):
        processes.moment(lambda: False, "the answer", seconds=0)


def test_busy_is_neither_idle_nor_waiting_for_a_disk():
    before, after = "cpu  10 0 10 100 0 0 0 0 0 0\ncpu0 1\n", "cpu  20 0 20 150 25 0 0 5 7 0\ncpu0 2\n"
    assert processes.busy(before, after) == pytest.approx(0.25)


def test_sigterm_ends_as_ctrl_c_does():
    with pytest.raises(SystemExit, match="143"), shell.ended_in_order():
        os.kill(os.getpid(), signal.SIGTERM)


def test_no_answer_is_empty():
    assert local_http.answer("http://127.0.0.1:1/") == ""


def test_edited_view_answers_the_word_and_is_edited_again():
    once = start.edited("def live(request):\n    return old\n", "first")
    assert start.edited(once, "second") == once.replace("first", "second")


def test_copy_gets_the_resource_of_the_benchmark(tmp_path):
    for path in (sources.SETTINGS, sources.URLS):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path.read_text())
    sandbox.add_resource(tmp_path)
    assert '    "bench_message",\n' in (tmp_path / sources.SETTINGS).read_text()
    assert 'path("bench_message/", include("bench_message.urls"))' in (tmp_path / sources.URLS).read_text()
    assert (tmp_path / sources.SOURCE / "bench_message/models.py").is_file()
