"""The application that uWSGI serves."""

import gc

# Everything loaded here stays, so the collector would find nothing; it takes a fifth of the time of a start.
gc.disable()

import os
import sys
from importlib import import_module

try:
    import uwsgi
except ImportError:  # under manage.py and pytest
    uwsgi = None

if uwsgi:
    # Before any metric is created.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = "/run/stats/server/workers"  # run.toml
    import prometheus_client.values

    from runtime import metric_files

    prometheus_client.values.ValueClass = metric_files.value_class()

from django.core.cache import caches
from django.core.checks import run_checks
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.urls import resolve
from psycopg2 import extensions

from runtime.migrations import known_migrations
from runtime.patience import Patience


class UTF8Request(WSGIRequest):
    """A request whose query is decoded as UTF-8, whatever charset its body declares: protocol/bodies.py."""

    # Setting Django's property decodes the query again, before any middleware could refuse the charset.
    encoding = "utf-8"


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
application.request_class = UTF8Request
if uwsgi:
    # Only here: commands may wait without a limit.
    extensions.set_wait_callback(Patience())
# Commands run all checks; the server runs those that depend on where it runs, which no build can pass.
if faults := run_checks(tags=["config"]):
    sys.exit("\n".join(f"{fault.id}: {fault.msg} - {fault.hint}" for fault in faults))

# Otherwise each worker would load these with its first requests.
resolve("/healthcheck/live/")
import_module("rest_framework.renderers")
caches["default"]
known_migrations()

# Memory that is allocated before the fork, and frozen for the collector, stays shared between the workers:
# 4 workers took 99 MB instead of 138 (PSS, two cores, November 2026).
gc.freeze()
gc.enable()
