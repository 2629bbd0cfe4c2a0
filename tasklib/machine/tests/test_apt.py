"""The packages to install, and the archive of each."""

from tasklib.machine.apt import KEYRING, UPDATE, install, newer_archive, sources
from tasklib.machine.finding import INSTALL, File
from tasklib.machine.tests.machines import DEBIAN_12, FEDORA, machine

LINE = "deb [arch=amd64 signed-by=/k.gpg] http://one.example/debian bookworm main\n"
STANZA = "# kept\nTypes: deb\nURIs: http://two.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n"
SOURCES = "/etc/apt/sources.list.d/debian.sources"


def test_line_source_is_read(tmp_path):
    here = machine(tmp_path, {"/etc/apt/sources.list": f"# deb http://no.example x main\n{LINE}"})
    assert [(each.uri, each.suites, each.signed_by) for each in sources(here)] == [
        ("http://one.example/debian", ("bookworm",), "/k.gpg")
    ]


def test_disabled_stanza_is_skipped(tmp_path):
    here = machine(tmp_path, {SOURCES: f"{STANZA}Signed-By: /k.gpg\n\nEnabled: no\n{STANZA}"})
    assert [(each.suites, each.signed_by) for each in sources(here)] == [(("bookworm", "bookworm-updates"), "/k.gpg")]


def test_newer_archive_comes_from_own_mirror(tmp_path):
    here = machine(tmp_path, {"/etc/os-release": DEBIAN_12, SOURCES: f"{STANZA}Signed-By: /k.gpg\n"})
    pin, source = newer_archive(here)
    assert "Pin-Priority: 100\n" in pin.text
    assert source.text.splitlines()[2:] == [
        "URIs: http://two.example/debian",
        "Suites: trixie",
        "Components: main",
        "Signed-By: /k.gpg",
    ]


def test_newer_archive_without_own_mirror_is_debian(tmp_path):
    text = newer_archive(machine(tmp_path, {"/etc/os-release": DEBIAN_12}))[1].text
    assert "URIs: http://deb.debian.org/debian\n" in text
    assert f"Signed-By: {KEYRING}\n" in text


def test_newer_archive_present_is_not_added(tmp_path):
    here = machine(tmp_path, {"/etc/os-release": DEBIAN_12, SOURCES: STANZA.replace("bookworm-updates", "trixie")})
    assert newer_archive(here) == []


def test_podman_on_debian_12_is_newer(tmp_path):
    here = machine(tmp_path, {"/etc/os-release": DEBIAN_12})
    *files, update, command = install(here, "podman")
    assert [type(file) for file in files] == [File, File]
    assert update == UPDATE
    assert command == [*INSTALL, "--yes", "--target-release=trixie", "podman"]


def test_podman_on_half_upgraded_debian_12_is_newer(tmp_path):
    here = machine(tmp_path, {SOURCES: STANZA})
    assert "--target-release=trixie" in install(here, "podman")[-1]


def test_other_package_on_debian_12_is_its_own(tmp_path):
    here = machine(tmp_path, {"/etc/os-release": DEBIAN_12})
    assert install(here, "runc") == [UPDATE, [*INSTALL, "--yes", "runc"]]


def test_podman_on_debian_13_is_its_own(tmp_path):
    assert install(machine(tmp_path), "podman") == [UPDATE, [*INSTALL, "--yes", "podman"]]


def test_ubuntu_gets_nothing_of_debian(tmp_path):
    here = machine(tmp_path, {"/etc/os-release": 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n', SOURCES: STANZA})
    assert install(here, "nftables") == [UPDATE, [*INSTALL, "--yes", "nftables"]]


def test_fedora_is_not_guessed(tmp_path):
    assert install(machine(tmp_path, {"/etc/os-release": FEDORA}), "podman") == []
