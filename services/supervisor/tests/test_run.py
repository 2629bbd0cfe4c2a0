"""PID 1 of every container, run as a process with a configuration of its own."""

import ctypes
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from supervisor import run

FOLDER = Path(run.__file__).parents[1]  # where Python finds the package
PR_SET_CHILD_SUBREAPER = 36
# Programs that say when they can be told to stop, and by which signal they were.
SERVE = """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGQUIT])
print("ready", flush=True)
print("{} stopped by", signal.sigwait([signal.SIGTERM, signal.SIGQUIT]).name)
"""
IGNORE = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
signal.pause()
"""
LEAVE_ORPHAN = """
import os, signal
if os.fork() == 0:
    if os.fork() == 0:
        print(os.getpid(), flush=True)
    os._exit(0)
signal.pause()
"""
SHOW_SIGNALS = """
print(*(line for line in open("/proc/self/status") if line.startswith("SigBlk")), end="")
"""


def python(code):
    """Return the command that runs a line of Python."""
    return [sys.executable, "-c", code]


def toml(config):
    """Return a configuration as text: its values are written alike in JSON."""
    processes = config.pop("process")
    lines = [f"{key} = {json.dumps(value)}" for key, value in config.items()]
    for process in processes:
        lines += ["[[process]]", *(f"{key} = {json.dumps(value)}" for key, value in process.items())]
    return "\n".join(lines)


def adopt_orphans():
    """Make the process a parent of orphans, as PID 1 is."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


@pytest.fixture
def start(tmp_path):
    """Start the supervisor with processes, each the code of a Python program by its name, and further keys."""
    started = []

    def start(_stop="SIGTERM", _keys=None, **programs):
        processes = [{"name": name, "command": python(code), "stop": _stop} for name, code in programs.items()]
        (tmp_path / "run.toml").write_text(toml({"name": "test", **(_keys or {}), "process": processes}))
        command = [sys.executable, "-m", "supervisor", tmp_path / "run.toml"]
        process = subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, text=True, preexec_fn=adopt_orphans)
        # One that hangs is a failed test, not one without an end.
        started.append((process, threading.Timer(20, process.kill)))
        started[-1][1].start()
        return process

    yield start
    for process, timer in started:
        timer.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


def messages(process):
    """Yield what each line says."""
    return (json.loads(line)["message"] for line in process.stdout)


def printed(process):
    """Return the messages up to the report that closes them: there is no log here, so every line is lost to it."""
    return list(itertools.takewhile(lambda message: message != "log lines dropped", messages(process)))


def stop(process, ready=1, with_signal=signal.SIGTERM):
    """Stop the container once that many processes are ready; return its exit code and what it printed then."""
    assert [*itertools.islice(messages(process), ready)] == ["ready"] * ready
    process.send_signal(with_signal)
    return printed(process), process.wait(timeout=10)


def end(process):
    """Wait for a container that ends by itself; return what it printed and its exit code."""
    output = printed(process)
    process.terminate()  # the pause before a restart
    return output, process.wait(timeout=10)


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_exits_with_0(start, with_signal):
    assert stop(start(a=SERVE.format("a")), with_signal=with_signal) == (["a stopped by SIGTERM"], 0)


def test_processes_stop_in_reverse_order(start, tmp_path):
    # Not by their lines: each process has a thread that reads them.
    note = f"\nopen('{tmp_path}/order', 'a').write('{{}}')"
    stop(start(**{name: (SERVE + note).format(name, name) for name in "abc"}), ready=3)
    assert (tmp_path / "order").read_text() == "cba"


def test_process_gets_its_own_stop_signal(start):
    assert stop(start("SIGQUIT", a=SERVE.format("a"))) == (["a stopped by SIGQUIT"], 0)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "b ended with code 0"),
        ("raise SystemExit(3)", "b ended with code 3"),
        ("import os; os.kill(os.getpid(), 9)", "b was ended by SIGKILL"),
    ],
    ids=["success", "failure", "killed"],
)
def test_process_that_ends_ends_the_container(start, code, reason):
    output, returncode = end(start(a=SERVE.format("a"), b=code))
    assert (reason in output, returncode) == (True, 1)


def test_others_are_stopped_when_one_ends(start, tmp_path):
    os.mkfifo(fifo := tmp_path / "fifo")
    process = start(a=SERVE.format("a"), b=f"open('{fifo}').close()")
    assert next(messages(process)) == "ready"
    fifo.open("w").close()  # which ends b
    assert "a stopped by SIGTERM" in end(process)[0]


def test_program_that_cannot_run_is_told(start):
    process = start(_keys={"prepare": ["/nowhere"]}, a="")
    assert end(process) == (["cannot start: [Errno 2] No such file or directory: '/nowhere'"], 1)


def test_prepare_ends_before_anything_starts(start, tmp_path):
    prepare = python(f"open('{tmp_path}/prepared', 'w').close()")
    output, _ = end(start(_keys={"prepare": prepare}, a=f"open('{tmp_path}/prepared'); print('found')"))
    assert "found" in output


def test_failed_prepare_starts_nothing(start):
    output, returncode = end(start(_keys={"prepare": python("raise SystemExit('broken')")}, a="print('started')"))
    assert (sorted(output), returncode) == (["broken", "prepare ended with code 1"], 1)


def test_stop_during_prepare_starts_nothing(start):
    process = start(_keys={"prepare": python(SERVE.format("prepare"))}, a="print('started')")
    assert stop(process) == (["prepare stopped by SIGTERM"], 0)


def test_second_container_on_the_same_files_is_refused(start, tmp_path):
    keys = {"lock": str(tmp_path / ".lock")}
    first = start(_keys=dict(keys), a=SERVE.format("a"))
    assert next(messages(first)) == "ready"
    output, returncode = end(start(_keys=dict(keys), a="print('started')"))
    assert (output[0].startswith(f"another container uses {tmp_path}"), returncode) == (True, 1)


def test_folders_are_emptied_first(start, tmp_path):
    folder = tmp_path / "counters"
    (folder / "below").mkdir(parents=True)
    (folder / "old.db").touch()
    (folder / "link").symlink_to("/usr", target_is_directory=True)
    end(start(_keys={"empty": [str(folder)]}, a=""))
    assert list(folder.iterdir()) == []
    assert Path("/usr").exists()


@pytest.mark.parametrize(("family", "files"), [(socket.AF_INET6, ["ipv6"]), (999, [])], ids=["with", "without"])
def test_file_for_ipv6_is_written_where_the_kernel_has_it(tmp_path, monkeypatch, family, files):
    monkeypatch.setattr(run.socket, "AF_INET6", family)
    run.supervise({"ipv6": [str(tmp_path / "ipv6"), "text"], "process": []}, SimpleNamespace(wait=lambda: None))
    assert [file.name for file in tmp_path.iterdir()] == files


def test_last_lines_of_a_process_are_passed_on(start):
    output, _ = end(start(a="import sys; print('x' * 60_000); sys.stderr.write('without end')"))
    assert {"x" * 57_344, "... " + "x" * 2656, "without end"} < {*output}


def test_pipe_holds_what_is_printed_between_two_reads(start):
    output, _ = end(start(a="import fcntl; print(fcntl.fcntl(1, fcntl.F_GETPIPE_SZ))"))
    assert str(run.PIPE_BYTES) in output


def test_process_that_ignores_its_signal_is_waited_for(start):
    process = start(a=IGNORE)
    assert next(messages(process)) == "ready"
    process.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.3)


def test_closed_output_stops_nothing(start):
    process = start(a=SERVE.format("a"))
    assert next(messages(process)) == "ready"
    process.stdout.close()
    process.terminate()
    assert process.wait(timeout=10) == 0


def test_orphans_are_reaped(start, eventually):
    orphan = Path("/proc", next(messages(start(a=LEAVE_ORPHAN))))
    eventually(lambda: not orphan.exists())


def test_processes_have_no_signal_blocked(start):
    assert "SigBlk:\t0000000000000000" in end(start(a=SHOW_SIGNALS))[0]


def test_fault_pauses_before_the_restart(start):
    process = start(a="")
    printed(process)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=run.RESTART_PAUSE_SECONDS / 2)
    assert process.wait(timeout=10) == 1
