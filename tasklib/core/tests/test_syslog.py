"""The settings for a collector become variables of the log, or one line that says what is wrong."""

import re
from pathlib import Path

import pytest
from invoke import Exit

from tasklib.core import project, syslog

PEM = "-----BEGIN CERTIFICATE-----\n"


def sent(**settings):
    """The variables of the log in the pod of a copy."""
    return project.Project("x", **settings).manifest.variables("log")


def test_without_the_settings_nothing_is_sent_on():
    assert sent() == {"SYSLOG_HOST": "", "SYSLOG_CA": ""}


def test_settings_reach_the_log(tmp_path):
    (tmp_path / "ca.pem").write_text(PEM)
    expected = {"SYSLOG_HOST": "logs.example.org:6514", "SYSLOG_CA": PEM}
    assert sent(syslog_host="logs.example.org:6514", syslog_ca=f"{tmp_path}/ca.pem") == expected


@pytest.mark.parametrize("host", ["logs", "logs:0", "logs:65536", "tls://logs:6514"])
def test_wrong_address_is_named(host):
    (fault,) = syslog.faults(host, "")
    assert fault.startswith(f"syslog_host is '{host}' instead of HOST:PORT - write it like this: INVOKE_SYSLOG_HOST=")


@pytest.mark.parametrize("host", ["logs:6514", "10.0.0.1:6514", "[fd00::1]:6514"])
def test_address_is_a_name_or_a_number_with_a_port(host):
    assert list(syslog.faults(host, "")) == []


def test_missing_file_is_named():
    (fault,) = syslog.faults("", "nowhere.pem")
    assert fault.startswith("'nowhere.pem' in syslog_ca cannot be read: No such file or directory - name a file in PEM")


def test_file_of_something_else_is_named(tmp_path):
    (tmp_path / "key.pem").write_text("-----BEGIN PRIVATE KEY-----")
    (fault,) = syslog.faults("", f"{tmp_path}/key.pem")
    assert "is not a certificate in PEM form" in fault


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        (syslog.HOST, "logs", "SYSLOG_HOST of pod.yaml is 'logs' instead of HOST:PORT"),
        (syslog.CA, "x", "SYSLOG_CA of pod.yaml is not a certificate in PEM form"),
    ],
)
def test_values_in_the_pod_file_are_checked(variable, value, message):
    pod = project.Project("x").manifest.with_variables("log", {variable: value})
    with pytest.raises(Exit, match=message):
        syslog.require(pod)


def test_container_takes_the_same_addresses():
    (pattern,) = re.findall(
        r'^ADDRESS = re\.compile\(r"(.+?)"\)', Path("services/log/logstore/forward.py").read_text(), re.MULTILINE
    )
    assert syslog.ADDRESS.pattern == pattern


def test_log_counts_as_often_as_prometheus_asks():
    (interval,) = re.findall(r'interval="(\d+)"', Path("services/log/counters.conf").read_text())
    assert f"scrape_interval: {interval}s" in Path("services/metrics/prometheus.yml").read_text()
