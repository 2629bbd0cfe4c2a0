"""The names and variables of one copy of the project."""

import pytest
from invoke import Config, Context, Exit

from tasklib.core import project


def variables(copy):
    """The names and values of the server's variables in the pod of a copy."""
    return copy.manifest.variables("server")


def test_variables_reach_the_server():
    copy = project.Project("other", variables="DJANGO_ADMIN=true NAME='a = b' EMPTY=")
    assert variables(copy).items() >= {"DJANGO_ADMIN": "true", "NAME": "a = b", "EMPTY": ""}.items()


def test_copy_adds_its_variables():
    copy = project.Project("other", variables="A=1").copy("test", 0, "B=2")
    assert variables(copy).items() >= {"A": "1", "B": "2"}.items()


def test_pods_of_tests_have_no_limit_but_for_logins():
    copy = project.Project("other", variables=project.UNLIMITED)
    assert variables(copy).items() >= {"DJANGO_THROTTLE_ANON": "", "DJANGO_THROTTLE_USER": ""}.items()
    assert "DJANGO_THROTTLE_LOGIN" not in variables(copy)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("DJANGO_ADMIN", "'DJANGO_ADMIN' in server_env is no NAME=value"),
        ("=true", "'=' in server_env is no NAME=value"),
        ("A='", "server_env cannot be read: No closing quotation"),
    ],
)
def test_wrong_variables_are_refused_with_the_reason(wrong, reason):
    with pytest.raises(Exit, match=f"{reason} .*INVOKE_SERVER_ENV="):
        variables(project.Project("other", variables=wrong))


def test_knob_becomes_variables():
    knobs = {"name": "other", "port_offset": 0, "images": "", "server_env": "A=1", "archive": False, "node": ""}
    knobs |= {"syslog_host": "a:1", "syslog_ca": ""}
    context = Context(Config(knobs))
    assert project.this(context).variables == "A=1"


def test_container_that_is_not_in_the_table_is_named(monkeypatch):
    monkeypatch.setattr(project, "SERVICES", {"server", "db", "metrics"})
    with pytest.raises(Exit, match=r"container 'log' of pod.yaml is unknown - add its line: tasklib/core/services.py"):
        _ = project.Project("other").manifest


def test_node_reaches_prometheus():
    metrics = project.Project("x", node="a").manifest.containers["metrics"]
    assert {"name": "NODE", "value": "a"} in metrics["env"]


def test_graph_joins_under_the_name_of_the_copy():
    manifest = project.Project("x", port_offset=100).with_graph().manifest
    assert manifest.containers["metrics-graph"]["image"] == "localhost/x-metrics-graph:latest"
    assert manifest.host_ports["metrics-graph"] == 3100
    assert "x-metrics-graph" in manifest.secrets
