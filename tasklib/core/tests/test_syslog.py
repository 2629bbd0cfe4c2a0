"""The knobs for a facility become variables of the log, or one line that says what is wrong."""

import re
from pathlib import Path

import pytest
from invoke import Exit

from tasklib.core import project, syslog

PEM = "-----BEGIN CERTIFICATE-----\n"


def told(**knobs):
    """The variables of the log in the pod of a copy."""
    return project.Project("x", **knobs).manifest.variables("log")


def test_without_the_knobs_nothing_is_sent_on():
    assert told() == {"SYSLOG_HOST": "", "SYSLOG_CA": ""}


def test_knobs_reach_the_log(tmp_path):
    (tmp_path / "ca.pem").write_text(PEM)
    expected = {"SYSLOG_HOST": "logs.example.org:6514", "SYSLOG_CA": PEM}
    assert told(syslog_host="logs.example.org:6514", syslog_ca=f"{tmp_path}/ca.pem") == expected


@pytest.mark.parametrize("host", ["logs", "logs:0", "logs:65536", "tls://logs:6514"])
def test_wrong_address_is_told(host):
    with pytest.raises(Exit, match=f"SYSLOG_HOST '{host}' is no HOST:PORT - write it like this: INVOKE_SYSLOG_HOST="):
        told(syslog_host=host)


def test_missing_file_is_told():
    with pytest.raises(Exit, match=r"'nowhere.pem' in syslog_ca cannot be read: .* - name a file in PEM form"):
        told(syslog_host="logs:1", syslog_ca="nowhere.pem")


def test_file_of_something_else_is_told(tmp_path):
    (tmp_path / "key.pem").write_text("-----BEGIN PRIVATE KEY-----")
    with pytest.raises(Exit, match="SYSLOG_CA is no certificate in PEM form"):
        told(syslog_host="logs:1", syslog_ca=f"{tmp_path}/key.pem")


def test_address_in_the_pod_file_is_checked():
    manifest = project.Project("x").manifest.with_variables("log", {syslog.HOST: "logs"})
    with pytest.raises(Exit, match="is no HOST:PORT"):
        syslog.require(manifest)


def test_container_takes_the_same_addresses():
    (pattern,) = re.findall(
        r'^ADDRESS = re\.compile\(r"(.+?)"\)', Path("services/log/logstore/forward.py").read_text(), re.MULTILINE
    )
    assert syslog.ADDRESS.pattern == pattern


def test_log_counts_as_often_as_prometheus_asks():
    (interval,) = re.findall(r'interval="(\d+)"', Path("services/log/counters.conf").read_text())
    assert f"scrape_interval: {interval}s" in Path("services/metrics/prometheus.yml").read_text()
