"""A call of every described operation, for clients that are made from the description."""

from dataclasses import asdict, dataclass, field
from typing import Any

import httpx

from support.described import PARAMETER, TOKENS, Description

SUCCESS = {"POST": 201, "DELETE": 204}


@dataclass(frozen=True)
class Call:
    """One request as generators name its parts, and the status that it has to get."""

    operation: str
    method: str
    path: str
    status: int
    parameters: dict[str, Any] = field(default_factory=dict)  # of the path
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def without_status(self) -> dict[str, Any]:
        """The call as a client is told to make it."""
        return {name: value for name, value in asdict(self).items() if name != "status" and value is not None}


def every(description: Description, writer: httpx.Client, credentials: dict[str, str]) -> list[Call]:
    """A call of each operation that succeeds, but for one: who revokes all tokens has none, for the others' sake."""
    return [
        call(description, writer, credentials, path, method, operation["operationId"])
        for (path, method), operation in description.operations.items()
    ]


def call(
    description: Description, writer: httpx.Client, credentials: dict[str, str], path: str, method: str, name: str
) -> Call:
    """A call of one operation, on an object of its own."""
    headers = {"Authorization": writer.headers["Authorization"]}
    body = credentials if path == TOKENS else example(description, path)
    parameters = {}
    if PARAMETER.search(path):
        created = writer.post(PARAMETER.sub("", path).replace("//", "/"), json=body).raise_for_status().json()
        parameters = {"id": created["id"]}
    if path.startswith(TOKENS) and method == "DELETE":
        if path != TOKENS:
            return Call(name, method, path, 401)
        headers = {"Authorization": f"Bearer {writer.post(TOKENS, json=credentials).json()['token']}"}
    has_body = "requestBody" in description.operations[path, method]
    return Call(name, method, path, SUCCESS.get(method, 200), parameters, body if has_body else None, headers)


def example(description: Description, path: str) -> dict[str, Any] | None:
    """The example of the body of a list or of one of its objects."""
    return next((body for posted, body in description.examples().items() if path.startswith(posted)), None)
