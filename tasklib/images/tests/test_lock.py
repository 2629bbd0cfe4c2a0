"""The lists of packages that the lock is exported to."""

from invoke import MockContext, Result

from tasklib.images import lock


def test_list_of_a_former_group_is_removed(monkeypatch, tmp_path):
    monkeypatch.setattr(lock, "REQUIREMENTS", tmp_path)
    for group in ("server", "former"):
        (tmp_path / f"{group}.txt").touch()
    lock.lock(MockContext(run=Result(), repeat=True))
    assert [file.name for file in tmp_path.iterdir()] == ["server.txt"]
