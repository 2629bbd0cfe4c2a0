"""Static files are served by nginx, and a name that carries a hash of its content may be kept for ever."""

import re

import pytest

YEAR = 31_536_000
# nginx ends the connection after what it finds only when it has begun to answer, and does not say so.
LAST = {"Connection": "close"}
HASHED = re.compile(r'"(/static/[^"]+\.[0-9a-f]{12}\.(?:css|js|svg))"')


@pytest.fixture(scope="module")
def page(server):
    """The documentation, and an answer of the API for a browser, which shows an error as well."""
    return "".join(server.get(path, headers={"Accept": "text/html"}).text for path in ["/docs/", "/token/"])


@pytest.fixture(scope="module")
def stylesheet(server, page):
    """The answer to the first style sheet of the page."""
    return server.get(next(path for path in HASHED.findall(page) if path.endswith(".css")))


def test_every_file_of_a_page_is_served(server, page):
    assert {server.get(path).status_code for path in HASHED.findall(page)} == {200}


def test_every_name_carries_a_hash(page):
    assert set(re.findall(r'"(/static/[^"]+)"', page)) == set(HASHED.findall(page))


def test_hashed_file_may_be_kept_for_a_year(stylesheet):
    assert stylesheet.headers["Cache-Control"] == f"public, max-age={YEAR}, immutable"


def test_file_has_its_type_and_id(stylesheet):
    assert stylesheet.headers["Content-Type"].startswith("text/css")
    assert stylesheet.headers["X-REQUEST-ID"]


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip", "gzip"), ("identity", None), ("gzip;q=0", None)])
def test_compressed_file_is_for_clients_that_take_it(server, stylesheet, accepted, encoding):
    answer = server.get(stylesheet.url, headers={"Accept-Encoding": accepted})
    assert (answer.headers.get("Content-Encoding"), answer.headers["Vary"]) == (encoding, "Accept-Encoding")
    assert answer.content == stylesheet.content


def test_compressed_file_lies_ready(server, stylesheet):
    """One that nginx compressed by itself would have no length, and a weak tag."""
    answer = server.get(stylesheet.url, headers={"Accept-Encoding": "gzip"})
    assert int(answer.headers["Content-Length"]) < len(answer.content) / 2
    assert answer.headers["ETag"].startswith('"')


def test_known_file_is_not_sent_again(server, stylesheet):
    again = server.get(stylesheet.url, headers={"If-Modified-Since": stylesheet.headers["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")


def test_range_beyond_the_end_is_a_problem(server, stylesheet):
    answer = server.get(stylesheet.url, headers=LAST | {"Range": "bytes=99999999-", "Accept-Encoding": "identity"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (416, "application/problem+json")


def test_failed_condition_is_a_problem(server, stylesheet):
    answer = server.get(stylesheet.url, headers=LAST | {"If-Match": '"other"'})
    assert (answer.status_code, answer.headers["Content-Type"]) == (412, "application/problem+json")


def test_missing_file_is_not_kept(server):
    answer = server.get("/static/nowhere.0123456789ab.css")
    assert (answer.status_code, "Cache-Control" in answer.headers) == (404, False)


FOLDERS = ["", "admin", "rest_framework", "rest_framework/css/", "staticfiles.json", ".hidden", "x.0123456789ab/"]
TRAVERSALS = [b"/static..", b"/static/..", b"/static/%2e%2e", b"/static//..", b"/static/%2e%2e%2f", b"/static/..%5c"]


@pytest.mark.parametrize("path", FOLDERS)
def test_nothing_but_files_is_there(server, path):
    answer = server.get(f"/static/{path}", headers={"Host": "localhost:777"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("change", [lambda path: f"{path}.gz", lambda path: f"{path}/", lambda path: f"{path}%00"])
def test_file_has_no_other_name(server, stylesheet, change):
    assert server.get(change(stylesheet.url.path)).status_code in {400, 404}


@pytest.mark.parametrize("path", TRAVERSALS)
@pytest.mark.parametrize("file", [b"/src/manage.py", b"/src/x.0123456789ab.py", b"/staticfiles.json"])
def test_source_is_no_static_file(server, path, file):
    answer = server.get("/", extensions={"target": path + file})
    assert answer.status_code in {400, 404}
