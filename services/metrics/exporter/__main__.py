"""Serve the pages: python3 -m exporter."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from exporter.page import PAGES, Page

ADDRESS = ("127.0.0.1", 9091)  # prometheus.yml has the same port
TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Handler(BaseHTTPRequestHandler):
    """Answers /SERVICE with the numbers of that part, 503 where the part says nothing."""

    def do_GET(self) -> None:
        service = self.path.removeprefix("/")
        if service not in PAGES:
            self.send_error(404)
            return
        page = Page(service)
        body = page.text()
        self.send_response(200 if page.is_fresh() else 503)
        self.send_header("Content-Type", TEXT)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing: Prometheus tells when it is not answered."""


if __name__ == "__main__":
    ThreadingHTTPServer(ADDRESS, Handler).serve_forever()
