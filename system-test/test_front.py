"""Only this machine reads the metrics, and no page of another origin does: services/metrics/front.conf."""

import pytest

QUERY = "/api/v1/query?query=up"
REFUSED = [
    ("another name", {"Host": "evil.example"}, 421),
    ("another name with the port", {"Host": "evil.example:9090"}, 421),
    ("a longer name", {"Host": "localhost.evil.example"}, 421),
    ("an address of a network", {"Host": "10.88.0.5:9090"}, 421),
    ("another origin", {"Origin": "http://evil.example"}, 403),
    ("an origin that begins alike", {"Origin": "http://localhost:9090.evil.example"}, 403),
    ("a file", {"Origin": "null"}, 403),
    ("the port of the service", {"Origin": "http://localhost:8080"}, 403),
    ("a script of another site", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
    ("a frame", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
    ("another port of this machine", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403),
]
PATHS = ["/", "/alerts", "/graph", "/user/panels.js", "/consoles/overview.html", QUERY, "/federate", "/metrics"]


@pytest.mark.parametrize(("headers", "status"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
@pytest.mark.parametrize("path", PATHS)
def test_stranger_is_refused(metrics, path, headers, status):
    assert metrics.client.get(path, headers=headers).status_code == status


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:9090"])
def test_name_of_this_machine_is_answered(metrics, host):
    assert metrics.client.get(QUERY, headers={"Host": host}).status_code == 200


def test_own_origin_is_answered(metrics):
    origin = str(metrics.client.base_url).rstrip("/")
    assert metrics.client.get(QUERY, headers={"Origin": origin}).status_code == 200


def test_link_on_another_page_leads_here(metrics):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert metrics.client.get("/alerts", headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_method_is_405(metrics, method):
    assert metrics.client.request(method, "/alerts").status_code == 405


@pytest.mark.parametrize("path", ["/-/reload", "/-/quit", "/api/v1/admin/tsdb/snapshot", "/api/v1/write", "/x"])
def test_what_changes_prometheus_is_404(metrics, path):
    assert metrics.client.post(path).status_code == 404


def test_query_is_bounded(metrics):
    query = {"query": 'count_over_time({__name__=~".+"}[15d:1s])'}
    every = metrics.client.get("/api/v1/query", params=query, timeout=30)  # it may take its 10 s
    assert every.status_code in {422, 503}


def test_long_body_is_413(metrics):
    assert metrics.client.post("/api/v1/query", content=b"query=" + b"1" * 70_000).status_code == 413
