"""Asked from inside each running container: no privileges, and nothing to write but what is listed."""

import json

import pytest
from checkout import SERVICES, podman

WRITABLE = {
    "server": {"/run/server", "/run/metrics", "/tmp"},
    "db": {"/var/lib/postgresql/data", "/run/postgresql", "/tmp", "/dev/shm"},
    "log": {"/var/log/pod", "/tmp"},
    "metrics": {"/var/lib/prometheus", "/tmp"},
}
# Folders that hold others below them are entered only where the mount point itself is not writable.
QUESTION = """
import json, os
status = dict(line.split(":", 1) for line in open("/proc/1/status").read().splitlines())
writable, waiting = set(), ["/"]
while waiting:
    folder = waiting.pop()
    try:
        entries = list(os.scandir(folder))
    except OSError:
        continue
    for entry in entries:
        if entry.is_dir(follow_symlinks=False) and entry.path not in ("/proc", "/sys"):
            if os.access(entry.path, os.W_OK):
                writable.add(entry.path)
            else:
                waiting.append(entry.path)
print(json.dumps({
    "user": int(status["Uid"].split()[0]), "effective": int(status["CapEff"], 16),
    "bounding": int(status["CapBnd"], 16),
    "no_new": status["NoNewPrivs"].strip(), "seccomp": status["Seccomp"].strip(),
    "root": os.access("/", os.W_OK), "writable": sorted(writable),
}))
"""


@pytest.fixture(params=SERVICES)
def inside(request, running):
    """What a container says of itself."""
    result = podman("exec", "--interactive", f"{running.name}-{request.param}", "python3", "-", input=QUESTION)
    return json.loads(result.output) | {"service": request.param}


def test_process_has_no_privileges(inside):
    assert inside["user"] >= 10000
    assert (inside["effective"], inside["bounding"]) == (0, 0)
    assert (inside["no_new"], inside["seccomp"]) == ("1", "2")


def test_only_listed_paths_are_writable(inside):
    assert not inside["root"]
    # Podman's own, which every container has and no volume can replace.
    assert set(inside["writable"]) - {"/dev/shm", "/dev/mqueue"} == WRITABLE[inside["service"]] - {"/dev/shm"}


def test_secret_files_are_closed_to_others(running):
    source = "import os; print(oct(os.stat('/run/secrets/server/secret-key').st_mode))"
    assert podman("exec", f"{running.name}-server", "python3", "-c", source).output.strip() == "0o100440"
