"""The application that uWSGI serves."""

import gc
import os

import prometheus_client.values

try:
    import uwsgi
except ImportError:  # under manage.py and pytest
    uwsgi = None

if uwsgi:
    # One metrics file for each worker slot, not for each process id, or files pile up with every respawn.
    # Set before anything makes a metric.
    prometheus_client.values.ValueClass = prometheus_client.values.MultiProcessValue(uwsgi.worker_id)

from django.core.wsgi import get_wsgi_application  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# Loaded before the fork, and kept out of the collector's way, memory stays shared between the workers:
# 4 workers take 99 MB instead of 138 (docs/benchmarks.md).
gc.collect()
gc.freeze()
