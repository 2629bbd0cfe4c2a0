"""A credential of the host stays where it is: no label, no word on the terminal, no file that others read."""

import ast
import os
from pathlib import Path

import pytest
from invoke import MockContext

from tasklib.core import server_variables, shell
from tasklib.core.project import Project
from tasklib.images import build, host_settings

TOKEN = "ghp_secret"  # opens nothing
URLS = {
    f"https://{TOKEN}@git.example/a/b.git": "https://git.example/a/b.git",
    f"https://oauth2:{TOKEN}@git.example:8443/a/b.git": "https://git.example:8443/a/b.git",
    f"https://user:p@{TOKEN}@git.example/a": "https://git.example/a",
    f"http://git.example/a.git?private_token={TOKEN}": "http://git.example/a.git",
    f"https://git.example/a.git#{TOKEN}": "https://git.example/a.git",
    f"ssh://git:{TOKEN}@git.example/a.git": "ssh://git.example/a.git",
    "git@git.example:a/b.git": "git@git.example:a/b.git",
    "https://git.example/a@b.git": "https://git.example/a@b.git",
}
# Writers that do not use shell.write: files under git, wheels, and what is as public as the table of an old database.
OTHER_WRITERS = {"core/shell.py", "images/wheels.py", "ownership/changes.py"}
WRITES = {"write_text", "write_bytes", "touch"}


@pytest.mark.parametrize(("url", "public"), URLS.items())
def test_url_of_the_origin_is_without_credentials(monkeypatch, url, public):
    monkeypatch.setattr(build, "git", lambda *_: url)
    assert build.source() == public


@pytest.mark.parametrize("image", ["server", "db", "log", "metrics"])
def test_no_word_of_a_build_holds_the_token(monkeypatch, image):
    monkeypatch.setattr(build, "git", lambda *words: f"https://{TOKEN}@git.example/a" if "config" in words else "abc")
    assert TOKEN not in str(build.recipe(Project("shop"), image))


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request):
    """A umask of the person who types the task."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_written_file_is_private(tmp_path, umask):
    (tmp_path / "a").touch(mode=0o666)
    assert mode(shell.write(tmp_path / "a", "x")) == 0o600


def test_public_file_is_public(tmp_path, umask):
    assert mode(shell.write(tmp_path / "a", "x", shell.PUBLIC)) == 0o644


def test_draft_of_another_is_not_written_through(tmp_path):
    (tmp_path / ".a.draft").symlink_to(tmp_path / "other")
    shell.write(tmp_path / "a", "x")
    assert not (tmp_path / "other").exists()


def test_settings_of_the_host_are_private(tmp_path, monkeypatch, umask):
    monkeypatch.setattr(host_settings, "BUILD", tmp_path)
    assert {mode(path) for path in host_settings.secrets().values()} == {0o600}


def test_file_of_a_copy_is_private(tmp_path, monkeypatch, umask):
    monkeypatch.setattr("tasklib.core.project.BUILD", tmp_path)
    assert mode(Project("other", variables={"DJANGO_EMAIL_URL": "smtp://u:p@x"}).file()) == 0o600


def test_variables_of_a_pod_are_private(tmp_path, monkeypatch, umask):
    monkeypatch.setattr(server_variables, "FOLDER", tmp_path)
    server_variables.ensure(MockContext(), "shop")
    assert mode(tmp_path / "shop.env") == 0o600


def test_variables_that_others_read_become_private(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(server_variables, "FOLDER", tmp_path)
    (tmp_path / "shop.env").write_text("# a comment\n\nDJANGO_ADMIN='a # b'\n")
    (tmp_path / "shop.env").chmod(0o644)
    server_variables.ensure(MockContext(), "shop")
    assert mode(tmp_path / "shop.env") == 0o600
    assert server_variables.read("shop") == {"DJANGO_ADMIN": "a # b"}
    assert "was open to others" in capsys.readouterr().out


def test_every_writer_is_known():
    writers = set()
    for path in Path("tasklib").rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        if "tests" not in path.parts and any(getattr(call.func, "attr", "") in WRITES for call in calls):
            writers.add(str(path.relative_to("tasklib")))
    assert writers <= OTHER_WRITERS
