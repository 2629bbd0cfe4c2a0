"""The description of the API at /schema/, which every answer has to conform to."""

import re
from typing import Any

import httpx
import schemathesis


class Description:
    """What the server says of itself."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.schema = schemathesis.openapi.from_dict(document)
        self.paths = {re.compile(re.sub(r"\{\w+\}", "[^/]+", path)): path for path in document["paths"]}
        self.operations = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}

    def check(self, response: httpx.Response) -> None:
        """Raise FailureGroup where an answer is not as described; what is not described is no API's."""
        method = response.request.method
        for pattern, path in self.paths.items():
            if pattern.fullmatch(response.request.url.path) and (path, method) in self.operations:
                response.read()
                self.schema[path][method].validate_response(response)
