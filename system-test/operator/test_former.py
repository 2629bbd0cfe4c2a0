"""A pod that does not become healthy gives way to the one before, whatever became of its images meanwhile."""

import pytest

from support.commands import podman
from support.pods import started_copy

SOON = {"INVOKE_UP_SECONDS": "15"}
MOST_SECONDS = 900  # of two starts on a busy machine
FAILS = {"exec": {"command": ["python3", "-c", "raise SystemExit(1)"]}}
HANGS = ["python3", "-c", "import signal; signal.pause()"]
ENDS = ["python3", "-c", "raise SystemExit('no such flavour')"]
RELEASES = {
    "fails its health check": ("server", {"livenessProbe": FAILS}, "server is not healthy after 15 s"),
    "hangs": ("db", {"command": HANGS}, "db is not healthy after 15 s"),
    "ends": ("server", {"command": ENDS}, "server has ended 3 times"),
    "cannot be created": ("log", {"command": ["/no/such/program"]}, "the pod was not started: "),
}
AGAIN = "the former pod serves again"


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    """A pod of a copy of the tree, with a row of its own."""
    with started_copy(tmp_path_factory.mktemp("copy"), up_seconds="300") as copy:
        copy.add_group("before")
        yield copy


def images(pod):
    """The images that the pod runs from."""
    return podman("ps", "--no-trunc", "--format", "{{.ImageID}}", "--filter", f"name=^{pod.name}-").output.split()


@pytest.mark.parametrize("release", RELEASES)
def test_former_pod_serves_again(serving, release):
    service, keys, reason = RELEASES[release]
    before = images(serving)
    with serving.container(service, **keys):
        result = serving.inv("up", environment=SOON, timeout=MOST_SECONDS)
    assert result.code == 1
    assert result.last_line.startswith(reason), result.output
    assert AGAIN in result.last_line
    assert (serving.answers(), serving.groups(), images(serving)) == (True, ["before"], before)
    # What served before is current again.
    ids = serving.ids()
    assert (serving.inv("up").code, serving.ids()) == (0, ids)


@pytest.mark.parametrize("task", ["restart", "fresh --yes"])
def test_other_tasks_return_to_the_former_pod(serving, task):
    with serving.container("server", command=ENDS):
        result = serving.inv(*task.split(), environment=SOON, timeout=MOST_SECONDS)
    assert (result.code, AGAIN in result.last_line, serving.answers()) == (1, True, True), result.output


def test_former_images_outlive_builds_and_prunes(serving):
    former = serving.image_id("server")
    serving.replace("services/server/nginx/nginx.conf", "daemon off;", "flavour;")
    serving.patch_image("server", "services/server/nginx/nginx.conf", "/etc/nginx/nginx.conf")
    podman("image", "prune", "--force", "--filter", f"label=project={serving.name}")
    result = serving.inv("up", environment=SOON, timeout=MOST_SECONDS)
    assert (result.code, AGAIN in result.last_line) == (1, True), result.output
    assert former in images(serving)


def test_interrupted_start_returns_to_the_former_pod(serving):
    result = serving.interrupt("restart", at="podman kube play")
    assert (result.code, AGAIN in result.output, serving.answers()) == (130, True, True), result.output
