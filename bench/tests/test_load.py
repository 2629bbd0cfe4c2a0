"""The requests, runs and comparisons of `bench.load`; these tests need no Podman."""

import io
import os
import time
from dataclasses import replace

import pytest
from rich.console import Console

from bench import contenders, load_results, processes
from bench.contenders import CONTROL, CREATE, DEFAULTS, EMPTY, LIST, POD
from bench.load_results import LoadRun
from tasklib.core import manifest
from tasklib.core.services import POD_FILE

REPORT = {"requests": 2000, "seconds": 4.0, "p50": 6.5, "p99": 9.0, "errors": 0, "cpu": 0.1}
MESSAGE = {
    "id": 7,
    "author": "bench",
    "text": "a",
    "timestamp": "2026-01-01T00:00:00Z",
    "href": "http://localhost/bench_message/7/",
}


def runs(*rates):
    """Runs in which a request takes 1 ms of CPU in the server and 0.5 ms in the database."""
    return [LoadRun(rate, 5.0, 9.0, 1000.0, 500.0) for rate in rates]


def test_run_is_rate_and_time_of_each_request():
    assert load_results.load_run(REPORT, server=2.0, db=0.5) == LoadRun(500.0, 6.5, 9.0, 1000.0, 250.0)


def test_errors_void_a_point():
    assert load_results.load_run(REPORT | {"errors": 1}, server=2.0, db=0.5) is None


def test_row_is_medians_and_range():
    assert load_results.row(runs(300, 100, 200), [], by_cpu=True, target=None)[:6] == [
        *("200", "100 to 300", "9", "1.8", "1500", "500")
    ]


def test_ratio_by_cpu_is_what_misses_the_target():
    control = [LoadRun(1000.0, 5.0, 9.0, 200.0, 100.0)]
    assert load_results.ratios(runs(250), control, by_cpu=True, target=0.28) == ["0.25", "0.20", "0.28, missed"]


def test_published_port_has_a_target_by_requests():
    assert load_results.ratios(runs(98), runs(100), by_cpu=False, target=0.97) == ["0.98", "", "0.97"]


def test_table_leaves_out_what_was_not_measured():
    console = Console(width=200, file=io.StringIO())
    console.print(load_results.table({(POD, LIST): runs(100), (CONTROL, LIST): []}, {}))
    lines = [line for line in console.file.getvalue().splitlines() if line.strip()]
    assert [line.split("|")[2].strip() for line in lines[2:]] == ["this pod"]


def test_every_target_is_of_a_point_with_a_control():
    compared = {contenders.reference(*point) for point in contenders.TARGETS}
    assert {*contenders.TARGETS} | compared <= {*contenders.POINTS}


def test_rival_has_secrets_of_the_pod_and_folders_of_its_own():
    words = contenders.options(manifest.read(POD_FILE))
    assert any(word.endswith("-server:/run/secrets/server:ro") for word in words)
    assert {"/run/server:U", "/run/stats/server:U", "/tmp:U"} <= {*words}


def test_only_a_writer_has_a_token():
    assert contenders.variables(LIST, "Bearer x") == ["--env", "METHOD=GET"]
    assert "AUTHORIZATION=Bearer x" in contenders.variables(CREATE, "Bearer x")


def test_control_answers_exactly_as_the_pod():
    assert contenders.is_equal(CONTROL, LIST, [MESSAGE], [MESSAGE])
    assert not contenders.is_equal(CONTROL, LIST, [MESSAGE | {"href": "/"}], [MESSAGE])


def test_page_of_numbers_has_the_same_rows():
    page = {"count": 1, "next": None, "results": [MESSAGE | {"author": 1}]}
    assert contenders.is_equal(DEFAULTS, LIST, page, [MESSAGE])


def test_created_rows_differ_but_for_their_text():
    assert contenders.is_equal(CONTROL, CREATE, MESSAGE | {"id": 8}, MESSAGE)
    assert not contenders.is_equal(CONTROL, CREATE, MESSAGE | {"text": "b"}, MESSAGE)


def test_published_point_is_compared_with_the_inside():
    assert contenders.reference(POD, replace(EMPTY, published=True)) == (POD, EMPTY)


def test_cpu_is_of_all_threads(tmp_path):
    for thread, nanoseconds in [(7, 1_500_000_000), (8, 500_000_000)]:
        (tmp_path / f"7/task/{thread}").mkdir(parents=True)
        (tmp_path / f"7/task/{thread}/schedstat").write_text(f"{nanoseconds} 12 3\n")
    assert processes.cpu([7], tmp_path) == pytest.approx(2.0)


def test_meter_counts_what_a_process_uses():
    meter = processes.Meter(this=[os.getpid()])
    start = time.process_time()
    while time.process_time() - start < 0.02:
        pass
    assert meter.used()["this"] >= 0.02
