"""What the service prints for the log: one JSON object for each event."""

import io
import json
import logging

import pytest
from django.urls import path


def fail(request):
    """Fail as a faulty view would."""
    raise ValueError("two\nlines")


urlpatterns = [path("fail/", fail)]


@pytest.fixture
def log_lines():
    """Return what the service has printed so far, by its own handler."""
    handler = logging.getHandlerByName("console")
    original = handler.setStream(io.StringIO())
    yield lambda: [json.loads(line) for line in handler.stream.getvalue().splitlines()]
    handler.setStream(original)


def test_line_has_level_logger_message_and_request_id(log_lines):
    logging.getLogger("tweet").info("a %s", "message")
    assert log_lines() == [{"level": "INFO", "logger": "tweet", "message": "a message", "request_id": "-"}]


def test_line_break_in_a_message_stays_one_line(log_lines):
    logging.getLogger("tweet").info('forged\n{"level": "ERROR"}')
    assert len(log_lines()) == 1


@pytest.mark.urls(__name__)
def test_error_is_one_line_with_traceback_and_request_id(client, log_lines):
    client.raise_request_exception = False
    assert client.get("/fail/", headers={"x-request-id": "my.id"}).status_code == 500
    (line,) = log_lines()
    assert (line["level"], line["request_id"]) == ("ERROR", "my.id")
    assert "ValueError: two\nlines" in line["exc_info"]


def test_wrong_host_is_one_warning_without_traceback(client, log_lines):
    assert client.get("/healthcheck/live/", headers={"host": "evil.example"}).status_code == 400
    (line,) = log_lines()
    assert (line["level"], "evil.example" in line["message"], line.get("exc_info")) == ("WARNING", True, None)
