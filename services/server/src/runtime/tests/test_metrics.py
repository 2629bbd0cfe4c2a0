"""Each request is counted once, under the right labels."""

import pytest
from django.http import HttpResponse
from django.urls import path
from prometheus_client import REGISTRY

ALL = "django_http_requests_before_middlewares_total"
ANSWERS = "django_http_responses_total_by_status_view_method_total"
TIMES = "django_http_requests_latency_seconds_by_view_method_count"
EXCEPTIONS = "django_http_exceptions_total_by_type_total"


def work(request):
    return HttpResponse("done")


def fail(request):
    raise LookupError


urlpatterns = [path("work/", work, name="work"), path("fail/", fail, name="fail")]


@pytest.fixture
def rises(client, settings):
    """Ask, and give by how much a series has risen."""
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False

    def rise(request, name, **labels):
        before = REGISTRY.get_sample_value(name, labels) or 0
        client.generic(*request.split())
        return (REGISTRY.get_sample_value(name, labels) or 0) - before

    return rise


@pytest.mark.parametrize(
    ("request_line", "status", "view", "method"),
    [
        ("GET /work/", "200", "work", "GET"),
        ("GET /fail/", "500", "fail", "GET"),
        ("GET /nowhere/", "404", "<unnamed view>", "GET"),
        ("INVENTED /work/", "200", "work", "<invalid method>"),
    ],
)
def test_answer_is_counted_and_timed_once(rises, request_line, status, view, method):
    assert rises(request_line, ANSWERS, status=status, view=view, method=method) == 1
    assert rises(request_line, TIMES, view=view, method=method) == 1


def test_exception_is_counted_by_its_type(rises):
    assert rises("GET /fail/", EXCEPTIONS, type="LookupError") == 1
    assert rises("GET /work/", EXCEPTIONS, type="LookupError") == 0


def test_request_that_no_view_gets_is_counted(rises):
    assert rises("POST /work/ text text/plain;charset=rot13", ALL) == 1
