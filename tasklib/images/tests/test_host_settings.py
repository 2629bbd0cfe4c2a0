"""The package settings of a machine, as builds get them."""

import pytest

from tasklib.images import host_settings


def test_pip_keeps_indexes_of_the_network():
    values = {"index-url": "https://pypi.example/simple", "extra-index-url": "file:///srv/simple https://b.example/"}
    text = host_settings.pip_settings(values)
    assert "index-url = https://pypi.example/simple\nextra-index-url = https://b.example/\n" in text


def test_pip_leaves_out_what_is_on_disk():
    assert "find-links" not in host_settings.pip_settings({"find-links": "/opt/wheels", "cache-dir": "/x"})


@pytest.mark.parametrize(
    "written", ["https://a.example/ https://b.example/", "https://a.example/\n  https://b.example/"]
)
def test_indexes_reach_a_build_as_pip_reads_them_here(tmp_path, monkeypatch, written):
    (tmp_path / "pip.conf").write_text(
        f"[global]\nextra-index-url = {written}\ntrusted-host =\n  a.example\n  b.example\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    monkeypatch.delenv("PIP_TRUSTED_HOST", raising=False)
    text = host_settings.pip_settings(host_settings.pip_values())
    assert "extra-index-url = https://a.example/ https://b.example/\ntrusted-host = a.example b.example\n" in text


def test_pip_trusts_the_mounted_authority():
    assert "cert = /run/secrets/ca\n" in host_settings.pip_settings({"cert": "/home/me/ca.pem"})


def test_archives_are_where_apt_downloads_from():
    listing = """'http://mirror.example/debian/dists/trixie/InRelease' mirror_InRelease 0
'http://mirror.example/debian/dists/trixie/main/binary-amd64/Packages.xz' mirror_Packages 0
"""
    assert host_settings.apt_uris(listing) == {"http://mirror.example/debian"}


def test_debian_comes_from_the_own_mirror():
    text = host_settings.debian_sources(host_settings.SOURCES.read_text(), ["http://mirror.example/debian"])
    assert "URIs: http://mirror.example/debian\n" in text


def test_debian_without_a_mirror():
    assert host_settings.debian_sources(host_settings.SOURCES.read_text(), []) == host_settings.SOURCES.read_text()


def test_foreign_archive_is_no_mirror():
    text = host_settings.debian_sources(host_settings.SOURCES.read_text(), ["http://archive.ubuntu.com/ubuntu"])
    assert text == host_settings.SOURCES.read_text()


def test_authority_of_the_environment_first(tmp_path):
    (tmp_path / "ca.pem").write_text("certificates")
    assert host_settings.ca_bundle({"PIP_CERT": str(tmp_path / "ca.pem")}) == "certificates"
