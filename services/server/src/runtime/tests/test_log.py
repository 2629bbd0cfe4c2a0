"""The service prints one JSON object for each event."""

import io
import json
import logging

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpResponse
from django.urls import path

from runtime import log

logger = logging.getLogger("shop")


def fail(request):
    """Fail as a faulty view would."""
    raise ValueError("two\nlines")


def convert(request):
    """Fail on what a client has sent."""
    return int(request.GET["number"])


def store(request):
    """Have the database fail on what a client has sent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::integer", [request.GET["number"]])


convert.query_parameters = store.query_parameters = {"number"}


def read(request, pk):
    """Log a line on a request of a user."""
    request.user = get_user_model()(pk=7)
    logger.info("read")
    return HttpResponse()


read.query_parameters = {"secret"}


urlpatterns = [
    path("fail/", fail),
    path("convert/", convert),
    path("store/", store),
    path("read/<int:pk>/", read),
]
own_urls = pytest.mark.urls(__name__)


@pytest.fixture
def log_lines():
    """Return what the service has printed so far, by its own handler."""
    handler = logging.getHandlerByName("console")
    original = handler.setStream(io.StringIO())
    yield lambda: [json.loads(line) for line in handler.stream.getvalue().splitlines()]
    handler.setStream(original)


def test_line_has_level_logger_and_message(log_lines):
    logger.info("a %s", "message")
    assert log_lines() == [{"level": "INFO", "logger": "shop", "message": "a message"}]


def test_line_break_in_a_message_stays_one_line(log_lines):
    logger.info('forged\n{"level": "ERROR"}')
    assert len(log_lines()) == 1


@own_urls
def test_line_of_a_request_tells_of_it(client, log_lines):
    client.get("/read/1/?secret", headers={"x-request-id": "my.id"})
    (line,) = log_lines()
    assert line.pop("duration_ms") > 0
    request = {"request_id": "my.id", "method": "GET", "route": "read/<int:pk>/", "user": "7"}
    assert line == {"level": "INFO", "logger": "shop", "message": "read", **request}


@own_urls
def test_line_after_a_request_tells_nothing_of_it(client, log_lines):
    client.get("/read/1/")
    logger.info("later")
    assert log_lines()[1] == {"level": "INFO", "logger": "shop", "message": "later"}


@own_urls
def test_nginx_is_told_route_and_user(client):
    response = client.get("/read/1/")
    assert (response["X-Log-Route"], response["X-Log-User"]) == ("read/<int:pk>/", "7")


def test_nginx_is_not_told_of_what_there_is_not(client):
    assert {"X-Log-Route", "X-Log-User"}.isdisjoint(client.get("/nowhere/").headers)


@own_urls
def test_error_is_one_line_with_traceback_and_request(client, log_lines):
    client.raise_request_exception = False
    assert client.get("/fail/", headers={"x-request-id": "my.id"}).status_code == 500
    (line,) = log_lines()
    told = {"level": "ERROR", "status": 500, "request_id": "my.id", "route": "fail/"}
    assert told.items() <= line.items()
    assert "ValueError: two\nlines" in line["exc_info"]


@own_urls
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/convert/", "/store/"])
def test_error_does_not_tell_what_was_sent(client, log_lines, path):
    client.raise_request_exception = False
    value = """it's "my" secret"""
    assert client.get(path, {"number": value}, headers={"authorization": f"Bearer {value}"}).status_code == 500
    (line,) = log_lines()
    assert "Error: " in line["exc_info"]
    assert "secret" not in json.dumps(line)


def test_wrong_host_is_one_warning_without_traceback(client, log_lines):
    assert client.get("/healthcheck/live/", headers={"host": "evil.example"}).status_code == 400
    (line,) = log_lines()
    assert (line["level"], "evil.example" in line["message"], line.get("exc_info")) == ("WARNING", True, None)


@pytest.mark.parametrize("path", ["/" + "x" * 8000, "/" + "é " * 3000, '/"' * 3000], ids=["x", "two bytes", "quotes"])
def test_long_path_of_a_missing_page_is_cut(client, caplog, path):
    client.get(path)
    [record] = [record for record in caplog.records if record.name == "django.request"]
    assert log.cut_paths(record)
    assert len(record.getMessage().encode()) <= log.PATH_BYTES + len("Not Found: ")
