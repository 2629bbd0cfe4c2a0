"""Files that change together."""

import pytest

from tasklib.ownership import changes


@pytest.fixture
def tree(tmp_path):
    """A file in a folder of its own, and one beside it."""
    for name in ("old/a.py", "b.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("before")
    return tmp_path


def planned(tree):
    return {tree / "old/a.py": None, tree / "b.py": "after", tree / "new/c.py": "after"}


def test_files_are_written_and_removed_with_their_folder(tree):
    with changes.made(planned(tree)):
        pass
    assert ((tree / "b.py").read_text(), (tree / "new/c.py").read_text()) == ("after", "after")
    assert not (tree / "old").exists()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_failure_leaves_the_files_as_they_were(tree, error):
    with pytest.raises(error), changes.made(planned(tree)):
        raise error
    assert ((tree / "b.py").read_text(), (tree / "old/a.py").read_text()) == ("before", "before")
    assert not (tree / "new").exists()
