"""Ctrl-C ends a task at once with one line; nothing half-made stays, and the next call works."""

import pytest

LINE = "ended by Ctrl-C; what was half-made is gone - type the same again to go on"


def is_clean_end(result) -> bool:
    return result.code == 130 and result.last_line == LINE and "Traceback" not in result.output


@pytest.mark.parametrize("at", ["podman build", "log: step", "built in"])
def test_build_keeps_the_image(copy, at):
    before = copy.image_id("log")
    copy.replace("services/log/logstore/rotate.py", "from pathlib import Path", "from pathlib import Path, PurePath")
    result = copy.interrupt("build", "log", at=at)
    assert is_clean_end(result), result.output
    # Pressed before Podman has begun or after it has ended, it finds the image whole: the old one or the new one.
    assert at != "log: step" or copy.image_id("log") == before


def test_build_after_interrupted_build_works(copy):
    copy.replace("services/log/logstore/rotate.py", "from pathlib import Path", "from pathlib import Path, PurePath")
    copy.interrupt("build", "log", at="podman build")
    assert copy.inv("build", "log").code == 0


def test_wheels_leaves_the_folder_as_it_was(copy):
    before = sorted((copy.folder / "wheels").iterdir())
    result = copy.interrupt("wheels", at="podman run")
    assert is_clean_end(result), result.output
    assert sorted((copy.folder / "wheels").iterdir()) == before
    assert copy.leftovers() == []


@pytest.mark.parametrize("at", ["secret", "podman kube play"])
def test_up_leaves_nothing(absent, at):
    result = absent.interrupt("up", at=at)
    assert is_clean_end(result), result.output
    assert absent.leftovers() == []


def test_up_after_interrupted_up_works(absent):
    absent.interrupt("up", at="podman kube play")
    result = absent.inv("up")
    assert result.code == 0, result.output
    assert absent.answers()


def test_down_after_interrupted_down_works(absent):
    absent.inv("up")
    assert is_clean_end(absent.interrupt("down", at="podman stop"))
    assert absent.inv("down").code == 0
    assert absent.leftovers() == []


def test_logs_follow_ends_quietly(running):
    result = running.interrupt("logs", "--follow", at="{")
    assert "\nTraceback" not in result.output
    assert running.answers()


def test_unit_tests_leave_nothing(absent):
    result = absent.interrupt("test", at="podman run")
    assert is_clean_end(result), result.output
    assert absent.leftovers() == []
