"""The images contain what runs, and nothing that must not be there."""

import json
import os
import re
import tarfile

import pytest

from support.checkout import SERVICES
from support.commands import podman
from support.pods import start

UNWANTED = re.compile(
    r"(^|/)(apt|apt-get|dpkg|pip3?|gcc|cc|g\+\+|ld|make|perl|curl|wget|nc|su|sudo|mount|bash|dash|sh|busybox)$"
)


DATA = ("var/lib/postgresql", "run/postgresql")  # only PostgreSQL's user may enter


@pytest.fixture
def strict():
    """The umask of a hardened machine."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.fixture(params=SERVICES)
def image(request, running):
    return f"localhost/{running.images}-{request.param}"


def inspect(image: str) -> dict:
    return json.loads(podman("image", "inspect", image).output)[0]


def contents(image: str, folder) -> list[tarfile.TarInfo]:
    """The files, links and folders of an image."""
    container = podman("create", image).output.strip().splitlines()[-1]
    try:
        podman("export", "--output", str(folder / "image.tar"), container)
    finally:
        podman("rm", container)
    with tarfile.open(folder / "image.tar") as archive:
        return archive.getmembers()


def programs(image: str, folder) -> list[tarfile.TarInfo]:
    """The files of an image that can be run, and those with the set-user or set-group bit."""
    return [file for file in contents(image, folder) if (file.isfile() or file.issym()) and file.mode & 0o6111]


def test_image_has_neither_setuid_nor_tools(image, tmp_path):
    files = programs(image, tmp_path)
    assert [file.name for file in files if file.isfile() and file.mode & 0o6000] == []
    assert [file.name for file in files if UNWANTED.search(file.name)] == []


def test_images_of_a_checkout_with_a_strict_umask_are_readable(copy, strict, tmp_path):
    for path in copy.folder.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
    result = copy.inv("build", "--no-tests")
    assert result.code == 0, result.output
    for service in SERVICES:
        files = contents(f"localhost/{copy.name}-{service}", tmp_path)
        own = [file for file in files if not file.name.startswith(DATA)]
        assert [file.name for file in own if file.mode & 0o444 != 0o444] == []
        assert [file.name for file in own if file.isdir() and file.mode & 0o111 != 0o111] == []
    start(copy)


def test_image_user_is_a_number(image):
    assert int(inspect(image)["Config"]["User"]) >= 10000


def test_image_is_labelled(image):
    labels = inspect(image)["Labels"]
    assert labels["org.opencontainers.image.title"] == image.rpartition("-")[2]
    assert labels["org.opencontainers.image.version"]
    assert "org.opencontainers.image.source" in labels


@pytest.fixture
def values(running) -> list[str]:
    """The secret values of the pod, as its containers read them."""
    source = "import glob\nfor file in glob.glob('/run/secrets/*/*'): print(open(file).read())"
    results = [podman("exec", f"{running.name}-{service}", "python3", "-c", source) for service in ("server", "db")]
    return sorted({line for result in results for line in result.output.split()})


def holding(values: list[str], text: str) -> list[int]:
    """Which of the values a text holds, by number, so that a failing test does not print one."""
    return [number for number, value in enumerate(values) if value in text]


def test_there_are_four_secrets(values):
    assert len(values) == 4
    assert min(map(len, values)) > 40


def test_no_secret_in_image_settings_or_history(image, values):
    history = podman("history", "--no-trunc", "--format", "{{.CreatedBy}}", image).output
    assert holding(values, json.dumps(inspect(image)) + history) == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_in_container_or_lines(running, values, service):
    name = f"{running.name}-{service}"
    assert holding(values, podman("container", "inspect", name).output) == []
    assert holding(values, podman("logs", name).output) == []


def test_no_secret_in_what_tasks_print(running, values):
    output = "".join(running.inv(*words).output for words in [["up"], ["status"], ["logs"], ["restart", "db"]])
    assert holding(values, output) == []


@pytest.fixture(scope="module")
def bills(pod):
    """The software bill of materials of each image."""
    result = pod.inv("sbom")
    assert result.code == 0, result.output
    return {name: json.loads((pod.folder / f"build/sbom/{name}.cdx.json").read_text()) for name in SERVICES}


@pytest.mark.parametrize(
    ("image", "names"),
    [
        ("server", ["upstream=openssl", "deb/debian/nginx@", "generic/libpq@", "generic/python@", "pypi/django@"]),
        ("db", ["upstream=openssl", "deb/debian/postgresql-17@", "deb/debian/libpq5@", "generic/python@"]),
        ("log", ["upstream=openssl", "deb/debian/rsyslog@", "generic/python@"]),
        (
            "metrics",
            ["upstream=openssl", "deb/debian/prometheus@", "deb/debian/nginx@", "npm/uplot@", "generic/python@"],
        ),
    ],
)
def test_bill_names_what_the_image_holds(bills, image, names):
    addresses = [component.get("purl", "") for component in bills[image]["components"]]
    assert (bills[image]["bomFormat"], [name for name in names if name not in str(addresses)]) == ("CycloneDX", [])


@pytest.mark.parametrize("image", SERVICES)
def test_scanner_finds_the_release_and_the_packages(pod, image):
    release = "platform.freedesktop_os_release()['VERSION_ID']"
    program = f"import os, platform; print({release}, *os.listdir('/var/lib/dpkg/status.d'))"
    words = podman("exec", f"{pod.name}-{image}", "python3", "-c", program).output.split()
    assert words[0] == "13"
    assert {"libc6", "libssl3t64", "zlib1g"} <= {*words}


def test_status_tells_how_old_the_packages_are(pod):
    assert re.search(r"^ *packages +of \d{4}-\d\d-\d\d, ", pod.inv("status").output, re.MULTILINE)
