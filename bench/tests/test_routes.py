"""The kinds of requests, and the table of the dearest ones."""

import io

from rich.console import Console

from bench import routes
from bench.routes import LIMIT, Cost, Kind

DESCRIPTION = {"paths": {"/message/{id}/": {}, "/token/": {}}}


def test_every_path_gets_every_verb_but_logins():
    kinds = [*routes.kinds(DESCRIPTION)]
    assert {kind.verb for kind in kinds if kind.path == "/message/1/"} == {*routes.VERBS}
    assert {kind.verb for kind in kinds if kind.path == "/token/"} == {*routes.VERBS} - {"POST"}
    assert len({(kind.wanted, kind.body) for kind in kinds}) == 2 * len(routes.BODIES)


def test_described_path_is_measured_once():
    kinds = [*routes.kinds({"paths": {"/": {}, "/healthcheck/": {}}})]
    assert len(kinds) == len({*kinds})


def test_bodies_are_as_large_as_nginx_takes():
    sizes = [len(body.encode()) for _, body in routes.BODIES.values() if body]
    assert all(0.98 * routes.BODY_BYTES < size <= routes.BODY_BYTES for size in sizes)


def test_dearest_come_first_below_the_limit():
    cheap, dear = Kind("GET", "/docs/"), Kind("PUT", "/token/", body="unknown type")
    console = Console(width=160, file=io.StringIO())
    console.print(routes.table({LIMIT: Cost(200, 4000), cheap: Cost(200, 1000), dear: Cost(405, 6000)}))
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in console.file.getvalue().splitlines()]
    assert lines[3:6] == [
        ["GET /bench_message/?limit=200", "application/json", "", "200", "4000", "1"],
        ["PUT /token/", "application/json", "unknown type", "405", "6000", "1.5"],
        ["GET /docs/", "application/json", "", "200", "1000", "0.25"],
    ]
