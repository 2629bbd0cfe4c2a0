"""The control: the same answers from the same SQL as the service, by functions without a framework. What Python can do.

The variable SQL holds the output of capture.py.
"""

import json
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import psycopg2

# The last statement of a request answers it; those before it authenticate the client.
SQL = json.loads(os.environ["SQL"])
COLUMNS = ["id", "username", "text", "timestamp"]
Environ = dict[str, Any]
Row = tuple[Any, ...]


@cache
def cursor() -> Any:
    """A cursor on the one connection of this worker, opened at its first request."""
    password = Path(os.environ["POSTGRES_PASSWORD_FILE"]).read_text().strip()
    connection = psycopg2.connect(host="127.0.0.1", dbname="service", user="app", password=password)
    connection.autocommit = True
    return connection.cursor()


def rows(sql: str, *parameters: Any) -> list[Row]:
    cursor().execute(sql, parameters or None)
    fetched: list[Row] = cursor().fetchall()
    return fetched


@cache
def positions(request: str) -> list[int]:  # noqa: ARG001
    """The positions of a message's columns, some of which have a prefix, in the result of the statement just run."""
    names = [column.name for column in cursor().description]
    return [next(place for place, name in enumerate(names) if name.endswith(column)) for column in COLUMNS]


def messages(environ: Environ, request: str, *parameters: Any) -> list[dict[str, Any]]:
    """The messages that the statement of a request returns."""
    result = rows(SQL[request][-1][0], *parameters)
    pk, author, text, timestamp = positions(request)
    return [message(environ, row[pk], row[author], row[text], row[timestamp]) for row in result]


def message(environ: Environ, pk: int, author: str, text: str, timestamp: datetime) -> dict[str, Any]:
    href = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}/bench_message/{pk}/"
    return {"id": pk, "author": author, "text": text, "timestamp": timestamp, "href": href}


def read_list(environ: Environ) -> Any:
    """The page without its last row, which tells Django whether another page follows."""
    return messages(environ, "list")[:-1]


def read_detail(environ: Environ) -> Any:
    return messages(environ, "detail", int(environ["PATH_INFO"].split("/")[2]))[0]


def create(environ: Environ) -> Any:
    *lookups, (insert, (author, _, _)) = SQL["create"]
    for sql, parameters in lookups:
        rows(sql, *parameters)
    text, now = orjson.loads(environ["wsgi.input"].read())["text"], datetime.now(UTC)
    ((pk,),) = rows(insert, author, text, now)
    return message(environ, pk, "bench", text, now)


def application(environ: Environ, start_response: Any) -> list[bytes]:
    status = "200 OK"
    if environ["REQUEST_METHOD"] == "POST":
        status, answer = "201 Created", create(environ)
    elif environ["PATH_INFO"] == "/bench_message/":
        answer = read_list(environ)
    else:
        answer = read_detail(environ)
    body = orjson.dumps(answer, option=orjson.OPT_UTC_Z)
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
