"""Asked from inside each running container: no privileges, and nothing to write but what is listed."""

import json
import urllib.error

import pytest

from support.checkout import SERVICES, direct
from support.commands import podman

WRITABLE = {
    "server": {"/run/server", "/run/stats/server", "/tmp"},
    "db": {
        "/var/lib/postgresql/data",
        "/var/lib/postgresql/archive",
        "/run/postgresql",
        "/tmp",
        "/dev/shm",
        "/run/stats/db",
    },
    "log": {"/var/log/pod", "/run/stats/log", "/tmp"},
    "metrics": {"/var/lib/prometheus", "/run/stats/metrics", "/tmp"},
}
# Podman's own in every container with a read-only root: https://docs.podman.io/en/stable/markdown/podman-run.1.html
PODMANS = {"/run", "/var/tmp", "/dev/shm", "/dev/mqueue"}
# A folder counts where it is a mount of its own, or is writable below one that is not.
QUESTION = """
import json, os
status = dict(line.split(":", 1) for line in open("/proc/1/status").read().splitlines())
writable = set()
for folder, names, _ in os.walk("/"):
    names[:] = [name for name in names if os.path.join(folder, name) not in ("/proc", "/sys")]
    mine = os.access(folder, os.W_OK) and folder != "/"
    if mine and (os.path.ismount(folder) or not os.access(os.path.dirname(folder), os.W_OK)):
        writable.add(folder)
print(json.dumps({
    "user": int(status["Uid"].split()[0]), "effective": int(status["CapEff"], 16),
    "bounding": int(status["CapBnd"], 16),
    "no_new": status["NoNewPrivs"].strip(), "seccomp": status["Seccomp"].strip(),
    "root": os.access("/", os.W_OK), "writable": sorted(writable),
}))
"""


@pytest.fixture(params=SERVICES)
def inside(request, running):
    """The report of a container on itself."""
    result = podman("exec", "--interactive", f"{running.name}-{request.param}", "python3", "-", input=QUESTION)
    return json.loads(result.output) | {"service": request.param}


def test_process_has_no_privileges(inside):
    assert inside["user"] >= 10000
    assert (inside["effective"], inside["bounding"]) == (0, 0)
    assert (inside["no_new"], inside["seccomp"]) == ("1", "2")


def test_only_listed_paths_are_writable(inside):
    assert not inside["root"]
    assert set(inside["writable"]) - PODMANS == WRITABLE[inside["service"]] - PODMANS


def test_secret_files_are_closed_to_others(running):
    source = "import os; print(oct(os.stat('/run/secrets/server/secret-key').st_mode))"
    assert podman("exec", f"{running.name}-server", "python3", "-c", source).output.strip() == "0o100440"


def test_admin_is_off(running):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        direct.open(f"{running.url()}/admin/")
