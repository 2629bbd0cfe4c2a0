"""Build order, stop order, tools and secrets follow from the table of images and services."""

import pytest
from invoke import Exit

from tasklib.core import services
from tasklib.core.services import IN_EVERY_POD, SERVICES, Image, Service


def test_what_answers_stops_before_what_it_needs_and_the_log_last():
    assert services.stop_order(IN_EVERY_POD) == ["server", "db", "metrics", "log"]


def test_further_service_stops_before_those_that_watch(monkeypatch):
    monkeypatch.setitem(SERVICES, "clock", Service("clock", {"BASE": "base"}))
    assert services.stop_order(["log", "clock", "db"]) == ["clock", "db", "log"]


def test_optional_image_without_its_folder_is_not_in_the_table():
    assert not Image("clock", {}, is_optional=True).is_here
    assert Image("clock", {}).is_here


def test_a_pod_needs_no_image_of_tests():
    assert {*services.every_image()} - {*services.every_image(tests=False)} == {"test", "system-test"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sever", "no service 'sever' - did you mean 'server'? choose one of: server, db, log, metrics"),
        ("x", "no service 'x' - choose one of: server"),
    ],
)
def test_unknown_name_lists_those_that_exist(name, message):
    with pytest.raises(Exit, match=message.replace("?", r"\?")):
        services.require_known("service", name, SERVICES)
