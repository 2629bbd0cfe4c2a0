"""A pod that does not become healthy shows why, and nothing of it stays."""

import pytest
import yaml

from support.commands import podman

FAILS = {"exec": {"command": ["python3", "-c", "raise SystemExit(1)"]}}
SLOWLY = "import os, sys, time; time.sleep(15); os.execvp('python3', ['python3', '-m', 'supervisor', '/etc/run.toml'])"


def change(copy, service: str, **keys) -> None:
    """Give one container of the copy's pod.yaml other keys."""
    path = copy.folder / "pod.yaml"
    manifest = yaml.safe_load(path.read_text())
    next(c for c in manifest["spec"]["containers"] if c["name"] == service).update(keys)
    path.write_text(yaml.safe_dump(manifest))


def test_container_that_ends_shows_its_last_lines(copy):
    change(copy, "server", command=["python3", "-c", "raise SystemExit('no such flavour')"])
    result = copy.inv("up")
    assert result.code == 1
    assert "no such flavour" in result.output
    assert result.last_line == "server has ended 3 times (above: its last lines) - mend it, then type: inv up"


def test_failing_probe_leaves_nothing(copy):
    change(copy, "server", livenessProbe=FAILS)
    result = copy.inv("up", environment={"INVOKE_UP_SECONDS": "8"})
    assert result.last_line.startswith("server is not healthy after 8 s")
    assert copy.leftovers() == []
    assert copy.volumes() == []


def test_failed_start_keeps_older_data(copy):
    assert copy.inv("up").code == 0
    copy.add_group("older")
    right = (copy.folder / "pod.yaml").read_text()
    change(copy, "server", livenessProbe=FAILS)
    assert copy.inv("up", environment={"INVOKE_UP_SECONDS": "8"}).code == 1
    (copy.folder / "pod.yaml").write_text(right)
    assert copy.inv("up").code == 0
    assert "older" in copy.groups()


@pytest.mark.parametrize("service", ["log", "metrics"])
def test_pod_serves_without_what_watches_it(copy, service):
    right = (copy.folder / "pod.yaml").read_text()
    change(copy, service, livenessProbe=FAILS)
    result = copy.inv("up", environment={"INVOKE_UP_SECONDS": "30"})
    assert result.code == 3
    assert result.last_line.startswith(f"{service} is not healthy (above: why); the service goes on")
    assert result.last_line.endswith(f"then type: inv restart {service}")
    assert copy.answers()
    (copy.folder / "pod.yaml").write_text(right)
    assert copy.inv("up").code == 0


def test_start_that_podman_refuses_is_one_line(copy):
    change(copy, "log", securityContext={"capabilities": {"add": ["FLAVOUR"]}})
    result = copy.inv("up")
    assert result.code == 1
    assert result.last_line.startswith("the pod was not started: ")
    assert podman("pod", "exists", copy.name).code == 1


def test_slow_start_is_waited_for(copy, eventually):
    """Neither the failures that Podman counts nor those that `inv up` sees restart a container that still starts."""
    change(copy, "server", command=["python3", "-c", SLOWLY])
    server = f"{copy.name}-server"

    def probe():
        eventually(lambda: podman("container", "inspect", "--format", "{{.State.Running}}", server).output == "true\n")
        assert 0 not in {podman("healthcheck", "run", server).code for _ in range(5)}

    result = copy.interrupt("up", at="podman kube play", by=probe)
    assert result.code == 0, result.output
    assert podman("inspect", "--format", "{{.RestartCount}}", server).output == "0\n"
