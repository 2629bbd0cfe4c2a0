"""Print the SQL that Django sends for each request, so that the control can send the same statements.

Usage: capture.py REQUESTS, JSON of {name: [method, path, body, authorization]}; prints JSON of
{name: [[statement, parameters]]}.
"""

import json
import sys
from typing import Any

from django.db import connection

from bench.programs.wsgi import call
from config.wsgi import application

Statement = tuple[str, list[Any]]


def captured(method: str, path: str, body: str, authorization: str) -> list[Statement]:
    """The statements of one request, with their parameters. Raises SystemExit unless its response is 2xx."""
    connection.ensure_connection()  # a new connection looks up types first
    statements: list[Statement] = []

    def record(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        statements.append((sql, [str(value) for value in parameters or ()]))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(record):
        status, answer = call(application, method, path, body.encode(), HTTP_AUTHORIZATION=authorization)
    if not status.startswith("2"):
        raise SystemExit(f"capture: the response to {method} {path} is {status}: {answer.decode()}")
    return statements


if __name__ == "__main__":
    print(json.dumps({name: captured(*request) for name, request in json.loads(sys.argv[1]).items()}))
