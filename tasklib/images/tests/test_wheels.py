"""Vendored packages against the lock."""

import hashlib

import pytest
from invoke import Exit

from tasklib.images import wheels

LOCK = """\
django==6.1.3 ; python_full_version >= '3.13' \\
    --hash=sha256:aaaa
python-json-logger==4.2.0 \\
    --hash=sha256:bbbb
"""


@pytest.fixture
def vendored(tmp_path, monkeypatch):
    """A folder of one wheel for each group, made from a lock in the same place."""
    monkeypatch.setattr(wheels, "FOLDER", tmp_path)
    monkeypatch.setattr(wheels, "REQUIREMENTS", tmp_path / "requirements")
    wheels.REQUIREMENTS.mkdir()
    (tmp_path / "django-6.1.3-py3-none-any.whl").write_bytes(b"wheel")
    for group in wheels.groups():
        (wheels.REQUIREMENTS / f"{group}.txt").write_text(LOCK)
        (tmp_path / f"{group}.txt").write_text(wheels.pinned(LOCK, wheels.hashes(tmp_path)))
    return tmp_path


def test_list_pins_the_one_wheel():
    text = wheels.pinned(LOCK, {"django-6.1.3-py3-none-any.whl": "cc", "django_x-6.1.3-py3-none-any.whl": "dd"})
    assert "django==6.1.3 --hash=sha256:cc  # django-6.1.3-py3-none-any.whl\n" in text


def test_list_knows_names_with_dashes():
    text = wheels.pinned(LOCK, {"python_json_logger-4.2.0-py3-none-any.whl": "ee"})
    assert "python-json-logger==4.2.0 --hash=sha256:ee" in text


def test_list_asks_no_index():
    assert wheels.pinned(LOCK, {}).splitlines()[1:] == ["--no-index", "--find-links /wheels"]


def test_untouched_wheels_are_fine(vendored):
    assert wheels.verify() is None


def test_changed_wheel_is_named(vendored):
    (vendored / "django-6.1.3-py3-none-any.whl").write_bytes(b"other")
    with pytest.raises(Exit, match=r"django-6.1.3-py3-none-any.whl has another hash"):
        wheels.verify()


def test_missing_wheel_is_named(vendored):
    (vendored / "django-6.1.3-py3-none-any.whl").unlink()
    with pytest.raises(Exit, match=r"django-6.1.3-py3-none-any.whl is missing"):
        wheels.verify()


def test_newer_lock_asks_for_new_wheels(vendored):
    (wheels.REQUIREMENTS / "server.txt").write_text(LOCK.replace("6.1.3", "6.1.4"))
    with pytest.raises(Exit, match="inv wheels"):
        wheels.verify()


def test_hashes_are_sha256(vendored):
    assert wheels.hashes(vendored) == {"django-6.1.3-py3-none-any.whl": hashlib.sha256(b"wheel").hexdigest()}


def test_empty_folder_is_not_vendored(tmp_path, monkeypatch):
    monkeypatch.setattr(wheels, "FOLDER", tmp_path)
    assert not wheels.vendored()


def test_every_group_but_the_hosts_goes_into_images():
    assert {"server", "test", "system-test"} <= {*wheels.groups()}
    assert wheels.HOST not in wheels.groups()


def test_group_without_a_list_is_named(vendored):
    (wheels.REQUIREMENTS / "test.txt").unlink()
    with pytest.raises(Exit, match=r"was made for another .*requirements/test\.txt"):
        wheels.verify()
