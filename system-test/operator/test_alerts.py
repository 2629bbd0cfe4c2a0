"""Each alert fires for a real fault: Prometheus with the very rules, but for their times, beside that of the pod."""

import contextlib
import json
import re

import pytest
import yaml

from support import clients, faults
from support.checkout import Checkout
from support.commands import podman
from support.pods import IMAGES, ROOT, own_name, removed, start

METRICS = ROOT / "services/metrics"
RULES = METRICS / "alerts.yml"
PORT = 9099
CONFIG = "--config.file=/fast/prometheus.yml"
# How long a window is, since when a fault has to last, and how long ago "before" is.
TIMES = {r"\[\w+\]": "[30s]", r"for: \w+": "for: 1s", r"offset \w+": "offset 30s"}
# Every change is archived, and lines are sent on to a collector that is not there.
KNOBS = {"INVOKE_ARCHIVE": "1", "INVOKE_SYSLOG_HOST": "localhost:6514"}
# Faults that do not hide each other, and the alerts that they must bring; a part of the pod takes 15 s to be silent.
WAVES = {
    "used up": (
        [faults.old_backup, faults.deadlock, faults.connections, faults.memory, faults.damaged_numbers],
        {"BackupOld", "Deadlocks", "DatabaseConnections", "MemoryShort", "NumbersMissing", "Watchdog"},
    ),
    "not sent": ([faults.archive_away], {"ArchiveFailing", "ForwardingFails"}),
    "held up": ([faults.locked_table], {"DatabaseLocked"}),
    "slow": ([faults.frozen_database], {"SlowAnswers"}),
    "busy": ([clients.logins], {"WorkersBusy"}),
    "away": ([faults.database_away], {"PartDown", "ServiceUnready", "ErrorBudgetFast", "ErrorBudgetSlow"}),
    "unheard": ([faults.full_log, faults.full_disk], {"LogLinesDropped", "DiskShort"}),
    "silent": ([faults.missing_migration], {"MigrationsMissing", "NoTraffic"}),
}  # fmt: skip
# Brought about below, by starts.
ELSEWHERE = {"RestartLoop"}


def shortened(text: str) -> str:
    for pattern, time in TIMES.items():
        text = re.sub(pattern, time, text)
    return text


def alerts() -> set[str]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return {rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule}


def test_every_alert_is_accounted_for():
    assert set.union(*(brought for _, brought in WAVES.values())) | ELSEWHERE == alerts()


def test_shortened_rules_differ_in_times_only():
    without = [re.sub("|".join(TIMES), "", text) for text in (RULES.read_text(), shortened(RULES.read_text()))]
    assert without[0] == without[1]
    assert RULES.read_text() != shortened(RULES.read_text())


@pytest.fixture(scope="module")
def watched():
    """A pod of its own, since its faults are many."""
    with removed(Checkout(ROOT, own_name(), IMAGES)) as pod:
        # A disk for the log alone, which can be filled without harm to others.
        disk = ["--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=64m,uid=10003,gid=10003,mode=0755"]
        made = podman("volume", "create", *disk, f"{pod.name}-log-data")
        assert made.code == 0, made.output
        start(pod, **KNOBS)
        yield pod


@pytest.fixture(scope="module")
def firing(watched, tmp_path_factory, eventually):
    """Tells which alerts fire in a second Prometheus of the pod, whose rules do not wait for minutes."""
    folder, name = tmp_path_factory.mktemp("metrics"), f"{watched.name}-fast"
    for rules in [RULES, METRICS / "recorded.yml"]:
        (folder / rules.name).write_text(shortened(rules.read_text()))
    (folder / "prometheus.yml").write_text((METRICS / "prometheus.yml").read_text())
    folder.chmod(0o755)
    options = ["--detach", "--pod", watched.name, "--name", name, "--read-only", "--cap-drop", "all"]
    options += ["--volume", f"{folder}:/fast:ro,z"]
    address, store = f"--web.listen-address=127.0.0.1:{PORT}", "--storage.tsdb.path=/tmp/fast"
    image = f"localhost/{IMAGES}-metrics"
    started = podman("run", *options, "--entrypoint", "prometheus", image, CONFIG, address, store)
    assert started.code == 0, started.output
    # A rise is seen only by who knows the number before it.
    eventually(lambda: "Watchdog" in told(name) and known(name))
    yield lambda: told(name)
    podman("rm", "--force", "--time", "5", name)


def ask(name: str, what: str) -> dict:
    """The answer of Prometheus; empty until it answers."""
    source = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:{PORT}/api/v1/{what}').read().decode())"
    answer = podman("exec", name, "python3", "-c", source)
    return json.loads(answer.output)["data"] if answer.code == 0 else {}


def told(name: str) -> set[str]:
    """The names of the alerts that fire."""
    found = ask(name, "alerts").get("alerts", [])
    return {alert["labels"]["alertname"] for alert in found if alert["state"] == "firing"}


def known(name: str) -> bool:
    """Whether every part was read at least twice."""
    found = ask(name, "query?query=count(count_over_time(up[30s])>1)").get("result", [])
    return bool(found) and found[0]["value"][1] == "5"


@pytest.mark.parametrize("wave", WAVES)
def test_faults_bring_their_alerts(watched, firing, eventually, wave):
    brought, seen = WAVES[wave][1], set()

    def missing() -> set[str]:
        seen.update(firing())
        return brought - seen

    with contextlib.ExitStack() as stack:
        for fault in WAVES[wave][0]:
            stack.enter_context(fault(watched))
        with contextlib.suppress(AssertionError):
            eventually(lambda: not missing())
    assert brought - seen == set()
    eventually(watched.answers)


def test_loop_of_starts_is_told(watched, firing, eventually):
    def restarted() -> bool:
        podman("restart", "--time", "5", f"{watched.name}-log")
        return "RestartLoop" in firing()

    eventually(restarted)
