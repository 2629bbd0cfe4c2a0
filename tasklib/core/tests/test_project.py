"""The names and variables of one copy of the project."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from invoke import Exit

from tasklib.core import project


def variables(copy):
    """The names and values of the server's variables in the pod of a copy."""
    return copy.manifest.variables("server")


def test_variables_reach_the_server():
    copy = project.Project("other", variables={"DJANGO_ADMIN": "true", "NAME": "a = b", "EMPTY": ""})
    assert variables(copy).items() >= {"DJANGO_ADMIN": "true", "NAME": "a = b", "EMPTY": ""}.items()


def test_copy_adds_its_variables():
    copy = project.Project("other", variables={"A": "1"}).copy("test", 0, {"B": "2"})
    assert variables(copy).items() >= {"A": "1", "B": "2"}.items()


def test_pods_of_tests_have_no_limit_but_for_logins():
    copy = project.Project("other", variables=project.UNLIMITED)
    assert variables(copy).items() >= {"DJANGO_THROTTLE_ANON": "", "DJANGO_THROTTLE_USER": ""}.items()
    assert "DJANGO_THROTTLE_LOGIN" not in variables(copy)


def test_container_that_is_not_in_the_table_is_named(monkeypatch):
    monkeypatch.setattr(project, "SERVICES", {"server", "db", "metrics"})
    with pytest.raises(Exit, match=r"pod.yaml: container 'log' is unknown - add its line: tasklib/core/services.py"):
        project.require_usable(project.Project("other").manifest)


def test_mistyped_variable_of_the_pod_is_named():
    pod = project.Project("other").manifest.with_variables("server", {"DJANGO_ADMN": "true"})
    with pytest.raises(Exit, match=r"container 'server' has DJANGO_ADMN, which is unknown - did you mean DJANGO_ADMIN"):
        project.require_usable(pod)


def test_port_that_the_offset_moves_too_far_is_named():
    with pytest.raises(Exit, match="port 66090 of metrics is above 65535 - take a lower port_offset"):
        project.require_usable(project.Project("other", port_offset=57000).manifest)


def test_node_reaches_prometheus():
    metrics = project.Project("x", node="a").manifest.containers["metrics"]
    assert {"name": "NODE", "value": "a"} in metrics["env"]


def test_second_task_waits_for_its_turn(monkeypatch, tmp_path):
    monkeypatch.setattr(project, "BUILD", tmp_path)

    def second():
        with project.turn("shop"):
            return True

    with ThreadPoolExecutor() as threads, project.turn("shop"):
        waiting = threads.submit(second)
        assert wait([waiting], 0.1).not_done
    assert waiting.result()
