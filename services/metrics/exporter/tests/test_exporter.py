"""The exporter's sources on files and bytes as they come, damaged ones as well."""

import importlib
import os
import struct
import sys
import time
from types import SimpleNamespace

import pytest
from prometheus_client import generate_latest
from prometheus_client.mmap_dict import MmapedDict, mmap_key

from exporter import stats, uwsgi, workers
from exporter.__main__ import targets
from exporter.page import SOURCES, Page


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of the containers' files, empty, with that of the workers in it."""
    monkeypatch.setattr(stats, "FOLDER", tmp_path)
    monkeypatch.setattr(workers, "FOLDER", tmp_path / "server/workers")
    workers.FOLDER.mkdir(parents=True)
    (tmp_path / "db").mkdir()
    return tmp_path


def counted(worker, value):
    """Write the file of a worker."""
    file = MmapedDict(workers.FOLDER / f"counter_{worker}.db")
    file.write_value(mmap_key("asked", "asked_total", ["view"], ["a"], "help"), value, 0.0)
    file.close()


def values(metrics):
    return {sample.name: sample.value for metric in metrics for sample in metric.samples}


def test_workers_are_added_up(folder):
    counted(1, 3.0)
    counted(2, 4.0)
    assert values(workers.collect()) == {"asked_total": 7.0, "worker_damaged_files": 0}


@pytest.mark.parametrize(
    "damage", [b"", b"x", os.urandom(4096), struct.pack("i", 1 << 20) * 1024, b"\xff" * 200], ids=range(5)
)
def test_damaged_file_costs_its_own_counts_only(folder, damage):
    counted(1, 3.0)
    (workers.FOLDER / "counter_2.db").write_bytes(damage)
    found = values(workers.collect())
    assert found["asked_total"] == 3.0
    assert found["worker_damaged_files"] == 1


def test_files_of_one_container_are_read(folder):
    (folder / "db/db.prom").write_text("a 1\n")
    (folder / "db/db.x.prom").write_text("# TYPE b_total counter\nb_total 2\n")
    (folder / "db/log.prom").write_text("c 3\n")
    found = values(stats.collect("db"))
    assert {name: found[name] for name in found if len(name) < 8} == {"a": 1.0, "b_total": 2.0}


def test_damaged_text_is_counted(folder):
    (folder / "db/db.prom").write_text("a 1\nno number at all {\n")
    assert values(stats.collect("db"))["stats_damaged_files"] == 1


def test_container_that_is_silent_is_not_fresh(folder):
    file = folder / "db/db.resources.prom"
    assert not stats.is_fresh("db")
    file.write_text("a 1\n")
    assert stats.is_fresh("db")
    old = time.time() - 60
    os.utime(file, (old, old))
    assert not stats.is_fresh("db")


def test_every_container_that_writes_is_a_target(folder):
    (folder / "clock").mkdir()
    for name in ("clock/clock.resources.prom", "db/db.resources.prom", "db/db.x.prom", "server/server.prom"):
        (folder / name).write_text("a 1\n")
    assert [target["labels"]["job"] for target in targets()] == ["clock", "db"]


def test_source_that_fails_leaves_the_others(folder, monkeypatch):
    def fail():
        raise OSError("away")

    monkeypatch.setitem(SOURCES, "server", {"nginx": fail, "workers": workers.collect})
    text = generate_latest(Page("server")).decode()
    assert 'source_up{source="nginx"} 0.0' in text
    assert "worker_damaged_files 0.0" in text


def test_queue_of_a_socket_is_found():
    name = b"/run/server/uwsgi.sock\0"
    attribute = struct.pack("=HH", 4 + len(name), 0) + name + b"\0" * (-len(name) % 4)
    queue = struct.pack("=HHII", 12, 4, 5, 1024)
    body = b"\0" * 16 + attribute + queue
    message = struct.pack("=IHHII", 16 + len(body), 20, 2, 0, 0) + body
    assert dict(uwsgi.listening(message)) == {b"/run/server/uwsgi.sock": (5, 1024)}


@pytest.fixture
def metric_files(monkeypatch):
    """The module by which the workers write these files; its uWSGI is there in a worker alone."""
    monkeypatch.setitem(sys.modules, "uwsgi", SimpleNamespace())
    yield importlib.import_module("runtime.metric_files")
    del sys.modules["runtime.metric_files"]


@pytest.mark.parametrize("used", [-1, 0, 1, 7, 8, 15, 16, 17, 1 << 30])
def test_workers_and_exporter_agree_on_a_header(tmp_path, metric_files, used):
    file = tmp_path / "counter_1.db"
    file.write_bytes(struct.pack("i", used) + bytes(12))
    assert workers.is_begun(file.read_bytes()) == metric_files.is_begun(file) == (used in (0, 8, 15, 16))
