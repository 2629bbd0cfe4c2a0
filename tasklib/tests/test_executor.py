"""A task that fails ends with one line."""

import errno

import pytest
from invoke import Collection, Config, Exit, MockContext, Result, task

from tasklib.core import shell
from tasklib.executor import Menu


def fails(**options):
    """The end of a task whose one command fails."""

    @task(name="fails")
    def body(_c):
        shell.run(MockContext(run=Result(stderr="a reason\n", exited=125)), ["podman", "info"], **options)

    with pytest.raises(Exit) as end:
        Menu(Collection(body), Config()).execute("fails")
    return end.value


def test_a_quiet_command_that_fails_has_its_words_shown():
    assert (fails(quiet=True).message, fails(quiet=True).code) == ("a reason", 125)


def test_words_that_were_shown_are_not_shown_again():
    assert not fails().message


DENIED = OSError(errno.EACCES, "Permission denied", "build/x.lock")


@pytest.mark.parametrize(
    ("fault", "writable", "line"),
    [
        (DENIED, True, "build/x.lock: Permission denied - look at its owner and mode: ls -l build/x.lock"),
        (DENIED, False, "build/x.lock: Permission denied - this checkout is another user's, or read-only"),
        (OSError(errno.EROFS, "Read-only file system", "env"), False, "env: Read-only file system - this checkout "),
        (OSError(errno.ENOSPC, "No space left on device"), True, "a file: No space left on device - make room, "),
    ],
)
def test_file_that_cannot_be_written_is_one_line(monkeypatch, fault, writable, line):
    @task(name="fails")
    def body(_c):
        raise fault

    monkeypatch.setattr("tasklib.executor.os.access", lambda *_: writable)
    with pytest.raises(Exit, match=line):
        Menu(Collection(body), Config()).execute("fails")


def test_other_faults_keep_their_traceback():
    @task(name="fails")
    def body(_c):
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "nowhere")

    with pytest.raises(FileNotFoundError):
        Menu(Collection(body), Config()).execute("fails")
