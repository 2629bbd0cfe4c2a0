"""The process that answers health checks, a mule of uWSGI (uwsgi.ini): it never waits behind requests.

It speaks uWSGI's protocol, as a worker does: https://uwsgi-docs.readthedocs.io/en/latest/Protocol.html
"""

import io
import signal
import socketserver
import struct
import sys
import threading
from pathlib import Path
from typing import IO, cast
from wsgiref.handlers import BaseCGIHandler

from django.core.servers.basehttp import get_internal_wsgi_application

# nginx passes each path to its own socket (sites.conf), so that liveness does not wait for the database either.
SOCKETS = ["/run/server/live.sock", "/run/server/ready.sock"]


class Handler(socketserver.StreamRequestHandler):
    """Answers one request by the application."""

    timeout = 2

    def handle(self):
        environ = read_environ(self.rfile)
        # nginx does not pass the body on.
        environ["CONTENT_LENGTH"] = ""
        output = cast(IO[bytes], self.wfile)
        BaseCGIHandler(io.BytesIO(), output, sys.stderr, environ, multithread=True).run(get_internal_wsgi_application())


class Server(socketserver.UnixStreamServer):
    """Answers one request after the other on a socket that only its own user may open."""

    request_queue_size = 1024

    def __init__(self, path):
        Path(path).unlink(missing_ok=True)
        super().__init__(path, Handler)
        Path(path).chmod(0o600)

    def handle_error(self, request, client_address):
        """Ignore clients that have gone."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def read_environ(file):
    """The variables of a request: a header of 4 bytes, then names and values, each after its length."""
    _, size, _ = struct.unpack("<BHB", file.read(4))
    data, words, offset = file.read(size), [], 0
    while offset < size:
        (length,) = struct.unpack_from("<H", data, offset)
        words.append(data[offset + 2 : offset + 2 + length].decode("latin-1"))
        offset += 2 + length
    return dict(zip(words[::2], words[1::2], strict=True))


def main():
    """Serve each socket in a thread of its own, until a signal ends the process."""
    # uWSGI's own handlers wait for a mule that listens to them, up to a minute.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    threads = [threading.Thread(target=Server(path).serve_forever) for path in SOCKETS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
