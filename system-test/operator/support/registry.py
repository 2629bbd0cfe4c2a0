"""A container registry on this machine that holds one image: https://github.com/opencontainers/distribution-spec"""

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Registry(ThreadingHTTPServer):
    """Serves an OCI layout, as `podman save --format oci-dir` writes it, under any name and tag."""

    def __init__(self, layout: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.blobs = layout / "blobs" / "sha256"
        self.digest: str = json.loads((layout / "index.json").read_text())["manifests"][0]["digest"]

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    """A manifest, by tag or digest, or a blob."""

    server: Registry
    manifest = "application/vnd.oci.image.manifest.v1+json"

    def do_GET(self) -> None:
        """Answer GET, and HEAD without a body."""
        *_, kind, name = self.path.split("/")
        digest = name if name.startswith("sha256:") else self.server.digest
        blob = self.server.blobs / digest.removeprefix("sha256:")
        if kind in ("manifests", "blobs") and not blob.exists():
            self.send_error(404)
            return
        body = blob.read_bytes() if kind in ("manifests", "blobs") else b"{}"
        self.send_response(200)
        self.send_header("Content-Type", self.manifest if kind == "manifests" else "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the library's form

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(layout: Path) -> Iterator[Registry]:
    """Run the registry beside the caller."""
    with Registry(layout) as registry:
        threading.Thread(target=registry.serve_forever, daemon=True).start()
        yield registry
        registry.shutdown()
