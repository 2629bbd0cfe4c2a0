"""Prometheus reads every part, counts every request exactly once over all workers, and is silent while all is well."""

import contextlib
import random
import string
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from support.parts import SCRAPE_SECONDS, wait_for

REQUESTS = 60
CONNECTIONS = 12
SOURCES = 7  # four of the server, and one of each container: services/metrics/exporter/page.py
RESPONSES = "django_http_responses_total_by_status_view_method_total"
LABELS = 'view="schema",method="OPTIONS"'  # nobody else asks so meanwhile
COUNTERS = {
    "responses": f'{RESPONSES}{{{LABELS},status="405"}}',
    "latencies": f"django_http_requests_latency_seconds_by_view_method_count{{{LABELS}}}",
}


def counts(metrics):
    """Each counter as the next scrape reads it."""
    begin = metrics.wait_for_scrape()
    # Prometheus goes on for 5 minutes to show the last value of a server that is gone.
    return {name: metrics.value(f"{count} and timestamp({count}) > {begin}") for name, count in COUNTERS.items()}


@pytest.fixture(scope="module")
def rises(server, metrics):
    """The increase of each counter between two scrapes, with REQUESTS requests in between."""
    before = counts(metrics)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda _: server.options("/schema/"), range(REQUESTS)))
    after = counts(metrics)
    return {name: after[name] - before[name] for name in COUNTERS}


@pytest.mark.parametrize("counter", COUNTERS)
def test_each_request_is_counted_once(rises, counter):
    assert rises[counter] == REQUESTS


@pytest.mark.parametrize("job", ["server", "db", "log", "metrics"])
def test_each_job_is_up(metrics, job):
    wait_for(lambda: metrics.value(f'min(up{{job="{job}"}})') == 1, 2 * SCRAPE_SECONDS, f"{job} is not scraped")


def test_no_target_is_down(metrics):
    assert metrics.samples("up == 0") == []


def test_no_metric_has_a_process_of_its_own(metrics, rises):
    assert metrics.samples('{job="server",pid!=""}') == []


def test_no_alert_but_the_watchdog_fires(metrics):
    # On the way up the first scrape may come too early; the next one ends that.
    with contextlib.suppress(AssertionError):
        wait_for(lambda: firing(metrics) == {"Watchdog"}, 3 * SCRAPE_SECONDS, "another alert fires")
    assert firing(metrics) == {"Watchdog"}


def firing(metrics):
    return {name for name, state in metrics.alerts().items() if state == "firing"}


def test_every_source_answers(metrics):
    wait_for(lambda: metrics.value("count(source_up == 1)") >= SOURCES, 3 * SCRAPE_SECONDS, "a source does not answer")
    assert metrics.samples("source_up == 0") == []


def test_each_recording_rule_has_a_value(metrics, rises):
    rules = [rule["name"] for group in metrics.rules("record") for rule in group["rules"]]
    wait_for(lambda: all(map(metrics.samples, rules)), 3 * SCRAPE_SECONDS, f"not all of {rules} have a value")


def scan(server, lists, seed):
    """Ask for what nobody else does: methods, paths and names of hosts by chance."""
    chance = random.Random(seed)
    words = ["".join(chance.choices(string.ascii_uppercase, k=8)) for _ in range(3)]
    with contextlib.suppress(httpx.HTTPError):
        server.request(words[0], f"/{words[1]}/", headers={"Host": f"{words[2]}.example"})
        server.request(words[0], f"/token/{words[1]}/")
        for path in lists:
            server.request(words[0], f"{path}{words[1]}/")
        server.get(f"/{words[1]}/")


def test_scan_makes_no_series(server, metrics, description):
    """The first ones may make those of refused requests; no later one makes any."""
    counts = []
    for begin in [0, 100]:
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(lambda seed: scan(server, description.lists(), seed), range(begin, begin + 100)))
        metrics.wait_for_scrape()
        counts.append(metrics.value('count({job="server",__name__=~"django_.*"})'))
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize(
    "truth",
    [
        # The health checks are not answered by a worker of uWSGI.
        f'sum(uwsgi_requests_total) >= sum({RESPONSES}{{view!~"health.+"}}) > 0',
        'health_up == 1 and health_seconds < 2',
        'sum(uwsgi_workers) == sum(uwsgi_spawns_total) or sum(uwsgi_workers) >= 1',
        'postgres_connections_limit == 110',
        'sum(postgres_connections) < 110',
        'postgres_database_bytes{database="service"} > 8e6',
        'time() - pod_start_time_seconds < 86400',
        'pod_memory_bytes < pod_memory_limit_bytes',
        'pod_disk_free_bytes < pod_disk_bytes',
        'pod_volume_bytes{job="db",path="/var/lib/postgresql/data"} > on() postgres_database_bytes{database="service"}',
        'pod_build_info{version!="",revision!=""}',
        'time() - stats_time_seconds < 30',
    ],
)  # fmt: skip
def test_number_is_plausible(metrics, truth):
    wait_for(
        lambda: metrics.samples(truth) or not metrics.knows(truth), 3 * SCRAPE_SECONDS, f"it does not hold: {truth}"
    )


def test_stored_lines_are_counted(server, metrics):
    before = metrics.value("rsyslog_stored_total")
    for _ in range(REQUESTS):
        server.get("/healthcheck/live/").raise_for_status()
    # rsyslog tells its numbers as often as Prometheus asks: services/log/counters.conf.
    count = 'rsyslog_stored_total{job="log"}'
    wait_for(lambda: metrics.value(count) >= before + REQUESTS, 4 * SCRAPE_SECONDS, "stored lines are not counted")
