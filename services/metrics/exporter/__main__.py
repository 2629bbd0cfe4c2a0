"""Serve the pages: python3 -m exporter."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from exporter import stats
from exporter.page import Page

ADDRESS = ("127.0.0.1", 9091)  # prometheus.yml has the same port
CONNECTIONS, SECONDS = 16, 5.0  # Prometheus opens one for each container
TEXT = "text/plain; version=0.0.4; charset=utf-8"


def targets() -> list[dict[str, object]]:
    """The page of each container: https://prometheus.io/docs/prometheus/latest/http_sd/"""
    address = f"{ADDRESS[0]}:{ADDRESS[1]}"
    return [
        {"targets": [address], "labels": {"job": service, "__metrics_path__": f"/{service}"}}
        for service in stats.services()
    ]


class Server(ThreadingHTTPServer):
    """A server with a bounded number of connections, so that no container of the pod can take its memory."""

    rooms = threading.BoundedSemaphore(CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread, or close the connection if too many are open."""
        if self.rooms.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.rooms.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that left before its answer: Prometheus reports a scrape that took too long."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers /SERVICE with the metrics of that container, 503 if it is silent, and / with the list of containers."""

    timeout = SECONDS  # of each wait for a client; http.server has none

    def do_GET(self) -> None:
        service = self.path.removeprefix("/")
        if not service:
            self.answer(200, "application/json", json.dumps(targets()).encode())
        elif service not in stats.services():
            self.send_error(404)
        else:
            page = Page(service)
            self.answer(200 if page.is_fresh() else 503, TEXT, page.text())

    def answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Log nothing: Prometheus reports a failed scrape."""


if __name__ == "__main__":
    Server(ADDRESS, Handler).serve_forever()
