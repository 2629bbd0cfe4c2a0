"""What is told of an event."""

import logging


def warn(record):
    """A filter: what a client has done wrong, Django tells as an error, with the traceback of its own code."""
    if record.name.startswith("django.security."):
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        record.exc_info = None
    return True
