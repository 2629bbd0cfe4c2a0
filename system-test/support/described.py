"""The description of the API at /schema/: what every answer must conform to, and which resources there are."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import schemathesis

PARAMETER = re.compile(r"\{\w+\}")
TOKENS = "/token/"  # what is created and deleted there is what the tests authenticate with


class Description:
    """The OpenAPI document of the server."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.schema = schemathesis.openapi.from_dict(document)
        self.patterns = {re.compile(PARAMETER.sub("[^/]+", path)): path for path in document["paths"]}
        self.operations = {
            (path, method.upper()): operation
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def check(self, response: httpx.Response) -> None:
        """Raise FailureGroup where an answer is not as described; a path that is not described is not of the API."""
        method = response.request.method
        for pattern, path in self.patterns.items():
            if pattern.fullmatch(response.request.url.path) and (path, method) in self.operations:
                response.read()
                self.schema[path][method].validate_response(response)

    def paths(self) -> list[str]:
        """Every path, with 1 for each parameter."""
        return sorted({PARAMETER.sub("1", path) for path in self.document["paths"]})

    def protected(self) -> list[tuple[str, str]]:
        """The method and path of every operation that needs a token."""
        return [
            (method, PARAMETER.sub("1", path))
            for (path, method), operation in self.operations.items()
            if operation.get("security") and {} not in operation["security"]
        ]

    def lists(self) -> list[str]:
        """The paths of the resources that are read in pages."""
        return [
            path
            for (path, method), operation in self.operations.items()
            if method == "GET" and "Link" in operation["responses"]["200"]["headers"]
        ]

    def queries(self) -> Iterator[tuple[str, str]]:
        """The path and name of every query parameter."""
        for (path, _), operation in self.operations.items():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "query":
                    yield path, parameter["name"]

    def bodies(self) -> dict[str, dict[str, Any]]:
        """The schema of the body that is posted to a path, by path."""
        contents = {
            path: operation["requestBody"]["content"]["application/json"]["schema"]
            for (path, method), operation in self.operations.items()
            if method == "POST" and "requestBody" in operation
        }
        schemas = self.document["components"]["schemas"]
        return {
            path: schemas.get(schema.get("$ref", "").rpartition("/")[2], schema) for path, schema in contents.items()
        }

    def text_fields(self, path: str) -> list[str]:
        """The names of the fields of text in the body that is posted to a path, or to the list it is below."""
        bodies = [schema for posted, schema in self.bodies().items() if path.startswith(posted)]
        return [name for body in bodies for name, field in body["properties"].items() if field.get("type") == "string"]

    def examples(self) -> dict[str, dict[str, Any]]:
        """The first example of a body, by the path to which it is posted, but for the tokens'."""
        bodies = self.bodies().items()
        return {path: body["examples"][0] for path, body in bodies if "examples" in body and path != TOKENS}
