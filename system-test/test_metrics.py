"""Prometheus reads every part, counts every request exactly once over all workers, and is silent while all is well."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from parts import SCRAPE_SECONDS, wait_for

REQUESTS = 60
CONNECTIONS = 12
# Nobody else asks so: an orchestrator's probe is a GET.
LABELS = 'view="health.views.live",method="OPTIONS"'
COUNTERS = {
    "requests": f"django_http_requests_total_by_view_transport_method_total{{{LABELS}}}",
    "responses": f'django_http_responses_total_by_status_view_method_total{{{LABELS},status="405"}}',
    "latencies": f"django_http_requests_latency_seconds_by_view_method_count{{{LABELS}}}",
}


def counts(metrics):
    """Each counter as the next scrape reads it."""
    begin = metrics.wait_for_scrape()
    # Prometheus goes on for 5 minutes to show the last value of a server that is no more.
    return {name: metrics.value(f"{count} and timestamp({count}) > {begin}") for name, count in COUNTERS.items()}


@pytest.fixture(scope="module")
def rises(server, metrics):
    """How much each counter has risen between two scrapes, with REQUESTS requests in between."""
    before = counts(metrics)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda _: server.options("/healthcheck/live/"), range(REQUESTS)))
    after = counts(metrics)
    return {name: after[name] - before[name] for name in COUNTERS}


@pytest.mark.parametrize("counter", COUNTERS)
def test_each_request_is_counted_once(rises, counter):
    assert rises[counter] == REQUESTS


@pytest.mark.parametrize("job", ["server", "metrics"])
def test_each_job_is_up(metrics, job):
    wait_for(lambda: metrics.value(f'up{{job="{job}"}}') == 1, 2 * SCRAPE_SECONDS, f"{job} is not scraped")


def test_no_target_is_down(metrics):
    assert metrics.samples("up == 0") == []


def test_no_metric_has_a_process_of_its_own(metrics, rises):
    assert metrics.samples('{job="server",pid!=""}') == []


@pytest.mark.parametrize("alert", ["ServerDown", "ServerErrors"])
def test_alert_is_known_and_inactive(metrics, alert):
    # On the way up the first scrape may come too early; the next one ends that.
    message = f"{alert} is not inactive"
    wait_for(lambda: metrics.alerts()[alert] == "inactive", 3 * SCRAPE_SECONDS, message)
