"""The resources of a container, for both versions of control groups."""

import pytest

from supervisor import resources

V1 = {
    "memory/memory.usage_in_bytes": "300\n",
    "memory/memory.limit_in_bytes": "1000\n",
    "memory/memory.stat": "cache 5\ninactive_file 1\ntotal_inactive_file 60\ntotal_active_file 40\n",
    "memory/memory.oom_control": "oom_kill_disable 0\noom_kill 2\n",
    "cpuacct/cpuacct.usage": "1500000000\n",
    "cpu/cpu.stat": "nr_throttled 1\nthrottled_time 500000000\n",
}
V2 = {
    "memory.current": "300\n",
    "memory.max": "1000\n",
    "memory.stat": "file 5\ninactive_file 60\nactive_file 40\n",
    "memory.events": "max 0\noom_kill 2\n",
    "cpu.stat": "usage_usec 1500000\nthrottled_usec 500000\n",
}
EXPECTED = {
    "pod_memory_bytes": 200,
    "pod_memory_limit_bytes": 1000,
    "pod_oom_kills_total": 2,
    "pod_cpu_seconds_total": 1.5,
    "pod_cpu_throttled_seconds_total": 0.5,
}


def values():
    return {sample.name: sample.value for sample in resources.control_group()}


@pytest.mark.parametrize("files", [V1, V2], ids=["v1", "v2"])
def test_control_group_is_read(tmp_path, monkeypatch, files):
    monkeypatch.setattr(resources, "CGROUP", tmp_path)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert values() == EXPECTED


@pytest.mark.parametrize("limit", ["max", "9223372036854771712"])
def test_control_group_of_the_machine_is_left_out(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(resources, "CGROUP", tmp_path)
    (tmp_path / "memory.current").write_text("300\n")
    (tmp_path / "memory.max").write_text(f"{limit}\n")
    assert values() == {}


def test_files_of_a_volume_are_added_up(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below/file").write_bytes(b"x" * 100_000)
    assert 100_000 <= resources.taken(str(tmp_path)) < 120_000


def test_samples_of_one_name_follow_each_other():
    samples = [resources.Sample("a", "gauge", 1, '{x="1"}'), resources.Sample("b", "gauge", 2)]
    samples.append(resources.Sample("a", "gauge", 3, '{x="2"}'))
    assert resources.text(samples) == '# TYPE a gauge\na{x="1"} 1\na{x="2"} 3\n# TYPE b gauge\nb 2\n'


def test_missing_folder_ends_the_writing(tmp_path, monkeypatch):
    monkeypatch.setattr(resources.counters, "FOLDER", tmp_path / "missing")
    resources.keep("x", [])
