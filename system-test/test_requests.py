"""Promises of HTTP on every path that is described: parameters, conditions, forms."""

import pytest

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def ask(send):
    """Send a GET of /schema/ with lines of headers as they are; return its answer."""

    def ask(*lines, path="/schema/"):
        head = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *lines, "", ""]
        return send("\r\n".join(head).encode())

    return ask


def test_unknown_parameter_is_refused_on_every_path(writer, description):
    for path, method in description.operations:
        answer = writer.request(method, f"{path.replace('{id}', '1')}?sinse=2026")
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "sinse"), (method, path)


def test_every_other_method_is_405_without_a_token(server, description):
    for path in description.paths():
        answer = server.put(path) if "PUT" not in server.options(path).headers["Allow"] else server.patch("/schema/")
        assert (answer.status_code, bool(answer.headers["Allow"])) == (405, True), path


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
def test_body_that_nobody_reads_loses_no_answer(server, description, method):
    for path in [*description.paths(), "/", "/docs/", "/nonexistent/"]:
        codes = {server.request(method, path, content=bytes(2**20)).status_code for _ in range(5)}
        assert max(codes) < 500, path


def test_list_of_tags_is_read_from_one_line(ask):
    tag = ask().headers["etag"]
    assert ask(f'If-None-Match: "other", W/"another",{tag}').status == 304
    assert ask(f'If-Match: "other" , {tag}').status == 200


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
def test_second_line_of_a_condition_is_never_ignored(ask, name):
    # nginx takes one line of each, and refuses a second one.
    assert ask(f'{name}: "other"', f"{name}: *").status == 400


def test_forms_over_several_lines_are_one_list(ask):
    assert ask("Accept: text/html;q=0.1", "Accept: application/json", path="/").status == 200
    assert ask("Accept: application/json;q=0.1", "Accept: text/html", path="/").status == 302


def test_browser_is_led_to_the_docs(server):
    answer = server.get("/", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/docs/")


def test_client_finds_every_resource_from_the_first_page(server):
    links = server.get("/").json()
    assert {name: server.get(url).status_code for name, url in links.items() if name != "token"} == {
        name: 200 for name in links if name != "token"
    }
