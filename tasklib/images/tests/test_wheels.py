"""Vendored packages against the lists under git."""

import hashlib

import pytest
from invoke import Exit

from tasklib.core.project import Project
from tasklib.images import build, wheels

WHEEL, SOURCE = "django-6.1.3-py3-none-any.whl", "uwsgi-2.0.31.tar.gz"
LOCK = f"""\
django==6.1.3 ; python_full_version >= '3.13' \\
    --hash=sha256:{hashlib.sha256(b"wheel").hexdigest()} \\
    --hash=sha256:{"a" * 64}
uwsgi==2.0.31 \\
    --hash=sha256:{hashlib.sha256(b"source").hexdigest()}
colorama==0.4.6 ; python_full_version >= '3.13' and sys_platform == 'win32' \\
    --hash=sha256:{"b" * 64}
"""


@pytest.fixture
def vendored(tmp_path, monkeypatch):
    """A folder with every package of a lock, whose lists are beside it."""
    monkeypatch.setattr(wheels, "FOLDER", tmp_path)
    monkeypatch.setattr(wheels, "REQUIREMENTS", tmp_path / "requirements")
    wheels.REQUIREMENTS.mkdir()
    for group in wheels.groups():
        (wheels.REQUIREMENTS / f"{group}.txt").write_text(LOCK)
    (tmp_path / WHEEL).write_bytes(b"wheel")
    (tmp_path / SOURCE).write_bytes(b"source")
    return tmp_path


def test_untouched_packages_are_fine(vendored):
    assert wheels.verify() is None


@pytest.mark.parametrize("name", [WHEEL, SOURCE])
def test_changed_package_is_named(vendored, name):
    (vendored / name).write_bytes(b"other")
    with pytest.raises(Exit, match=f"{name} is not what the lock names"):
        wheels.verify()


@pytest.mark.parametrize(
    "name", ["evil-1.0-py3-none-any.whl", "django-9-py3-none-any.whl", "evil-1.tar.gz", "evil-1.zip"]
)
def test_added_package_is_named(vendored, name):
    (vendored / name).write_bytes(b"evil")
    with pytest.raises(Exit, match=f"{name} is not what the lock names"):
        wheels.verify()


def test_list_in_the_folder_says_nothing(vendored):
    (vendored / WHEEL).write_bytes(b"other")
    (vendored / "server.txt").write_text(f"django==6.1.3 --hash=sha256:{hashlib.sha256(b'other').hexdigest()}\n")
    with pytest.raises(Exit, match="is not what the lock names"):
        wheels.verify()


def test_missing_package_is_named(vendored):
    (vendored / SOURCE).unlink()
    with pytest.raises(Exit, match=r"uwsgi==2.0.31 is not in .* inv wheels"):
        wheels.verify()


def test_newer_lock_asks_for_new_packages(vendored):
    (wheels.REQUIREMENTS / "server.txt").write_text(LOCK.replace("6.1.3", "6.1.4").replace("sha256:", "sha256:0"))
    with pytest.raises(Exit, match="inv wheels"):
        wheels.verify()


def test_empty_folder_is_not_vendored(tmp_path, monkeypatch):
    monkeypatch.setattr(wheels, "FOLDER", tmp_path)
    assert not wheels.vendored()


@pytest.mark.parametrize("image", ["runtime", "server", "test", "system-test"])
def test_vendored_packages_need_no_index(vendored, image):
    assert build.recipe(Project("shop"), image).args.items() >= wheels.OFFLINE.items()


def test_every_group_but_the_hosts_goes_into_images():
    assert {"server", "test", "system-test"} <= {*wheels.groups()}
    assert wheels.HOST not in wheels.groups()
