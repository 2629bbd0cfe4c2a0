"""The settings of rsyslog for the collector, and a queue that a kill has damaged."""

import pytest

from logstore import forward

INDEX = """<OPB:1:qqueue:1:
+iQueueSize:2:5:20170:
>End
.
<Obj:1:strm:1:
+iCurrFNum:2:1:{written}:
+iCurrOffs:2:2:10:
>End
.
<Obj:1:strm:1:
+iCurrFNum:2:1:{read}:
+iCurrOffs:2:1:7:
>End
.
"""


def test_without_a_collector_nothing_is_sent():
    assert forward.settings({"SYSLOG_HOST": ""}) == forward.settings({}) == {"FORWARD": "off"}


@pytest.mark.parametrize(
    ("address", "host"), [("logs.example.org:6514", "logs.example.org"), ("[2001:db8::1]:6514", "2001:db8::1")]
)
def test_address_is_taken_apart(address, host):
    expected = {"FORWARD": "on", "FORWARD_HOST": host, "FORWARD_PORT": "6514", "FORWARD_CA": forward.AUTHORITIES}
    assert forward.settings({"SYSLOG_HOST": address}) == expected


@pytest.mark.parametrize(
    "address", ["logs", "logs:", ":6514", "logs:0", "logs:65536", "tls://logs:6514", "a b:1", "2001:db8::1"]
)
def test_wrong_address_is_told(address):
    with pytest.raises(SystemExit, match=r"is not HOST:PORT - write it like this: "):
        forward.settings({"SYSLOG_HOST": address})


@pytest.mark.parametrize("text", ["x", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----", "ä"])
def test_wrong_certificate_is_told(text, tmp_path, monkeypatch):
    monkeypatch.setattr(forward, "OWN_AUTHORITY", tmp_path / "ca.pem")
    with pytest.raises(SystemExit, match="SYSLOG_CA is not a certificate in PEM form: "):
        forward.settings({"SYSLOG_HOST": "logs:1", "SYSLOG_CA": text})


@pytest.fixture
def queue(tmp_path):
    """A queue that is written to in its second file and read in its first."""
    (tmp_path / "forward.qi").write_text(INDEX.format(written=2, read=1))
    for number in (1, 2):
        (tmp_path / f"forward.0000000{number}").write_bytes(b"x" * 10)
    (tmp_path / "pod.log").touch()
    return tmp_path


def test_whole_queue_stays(queue):
    assert forward.mend(queue) == 0
    assert len([*queue.glob("forward.*")]) == 3


@pytest.mark.parametrize("lost", ["forward.00000001", "forward.00000002"])
def test_queue_without_a_file_begins_anew(queue, lost):
    (queue / lost).unlink()
    assert forward.mend(queue) == 20170
    assert [path.name for path in queue.iterdir()] == ["pod.log"]


def test_shorter_file_begins_anew(queue):
    (queue / "forward.00000002").write_bytes(b"x" * 9)
    assert forward.mend(queue) == 20170


def test_what_was_written_after_the_index_is_cut_off(queue):
    (queue / "forward.00000002").write_bytes(b"x" * 15)
    (queue / "forward.00000003").touch()
    assert forward.mend(queue) == 0
    sizes = {path.name: path.stat().st_size for path in queue.glob("forward.0*")}
    assert sizes == {"forward.00000001": 10, "forward.00000002": 10}


def test_lines_that_no_file_holds_are_given_up(queue):
    """As a full disk leaves it."""
    (queue / "forward.qi").write_text(INDEX.format(written=1, read=1).replace(":2:10:", ":1:7:"))
    assert forward.mend(queue) == 20170


def test_files_without_their_index_go(queue):
    (queue / "forward.qi").unlink()
    assert forward.mend(queue) == 0
    assert [path.name for path in queue.iterdir()] == ["pod.log"]
