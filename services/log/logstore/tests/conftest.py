"""The file that most tests of the log write to."""

import pytest


@pytest.fixture
def log(tmp_path):
    """The newer file, with nothing in it."""
    (tmp_path / "pod.log").touch()
    return tmp_path / "pod.log"
