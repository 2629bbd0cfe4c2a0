"""The numbers that rsyslog prints become those that Prometheus reads."""

import os
import signal

import pytest

from logstore import counters

# As rsyslog 8.2504 prints them.
LINES = [
    ' { "name": "imrelp(1514)", "origin": "imrelp", "submitted": 12 }',
    ' { "name": "store", "origin": "core.action", "processed": 11, "failed": 1, "suspended": 0 }',
    ' { "name": "TCP-localhost-6514", "origin": "omfwd", "bytes.sent": 2082, "messages.sent": 4 }',
    ' { "name": "forward", "origin": "core.action", "processed": 9, "failed": 0, "suspended": 0 }',
    ' { "name": "forward queue", "origin": "core.queue", "size": 5, "discarded.full": 2, "discarded.nf": 1 }',
]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "log.rsyslog.prom"


def written(file):
    """The numbers of the file by their names."""
    rows = [line.split() for line in file.read_text().splitlines() if not line.startswith("#")]
    return {name: int(value) for name, value in rows}


def test_every_number_is_found(file):
    counters.keep(LINES, file)
    assert [*written(file).values()] == [12, 10, 4, 3, 5]


def test_numbers_of_forwarding_are_there_without_it(file):
    counters.keep(LINES[:2], file)
    assert written(file) == {
        **dict.fromkeys(counters.KINDS, 0),
        "rsyslog_received_total": 12,
        "rsyslog_stored_total": 10,
    }


def test_same_numbers_are_not_written_again(file):
    def lines():
        yield from LINES
        file.unlink()
        yield from LINES

    counters.keep(lines(), file)
    assert not file.exists()


@pytest.mark.parametrize(
    ("address", "state", "user", "mine"),
    [
        ("0100007F:05EA", "0A", 0, True),
        ("0100007F:05EA", "0A", 1, False),
        ("0100007F:05EA", "01", 0, False),
        ("0100007F:05EB", "0A", 0, False),
    ],
    ids=["listening", "another user", "connected", "another port"],
)
def test_port_of_another_user_is_not_listened_to(tmp_path, address, state, user, mine):
    row = f"0: {address} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000 {os.getuid() + user} 0 1 1 0"
    (tmp_path / "tcp").write_text(f"sl local_address\n{row}\n")
    assert counters.is_listening(tmp_path / "tcp") == mine


def test_rsyslogd_without_its_port_is_ended(tmp_path, monkeypatch):
    killed = []
    monkeypatch.setattr(counters.os, "kill", lambda *words: killed.append(words))
    (tmp_path / "tcp").write_text("sl local_address\n")
    assert [*counters.while_listening(LINES, tmp_path / "tcp")] == []
    assert killed == [(os.getppid(), signal.SIGTERM)]
