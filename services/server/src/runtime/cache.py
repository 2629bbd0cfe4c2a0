"""A cache in memory that uWSGI shares between its workers, so that their counters are exact."""

import pickle
import struct

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache

try:
    import uwsgi
except ImportError:  # under manage.py and pytest
    uwsgi = None

NUMBER = struct.Struct("q")  # uWSGI's counters


class SharedCache(BaseCache):
    """uWSGI's cache (uwsgi.ini: cache2). Integers are stored as uWSGI's counters, everything else is pickled.

    Meant for counters: a key or a value that is longer than the limits in uwsgi.ini is not stored.
    """

    def __init__(self, location, params):
        super().__init__(params)

    def get(self, key, default=None, version=None):
        data = uwsgi.cache_get(self.make_and_validate_key(key, version))
        return default if data is None else decode(data)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        uwsgi.cache_update(self.make_and_validate_key(key, version), encode(value), self.seconds(timeout))

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return bool(uwsgi.cache_set(self.make_and_validate_key(key, version), encode(value), self.seconds(timeout)))

    def incr(self, key, delta=1, version=None):
        """Add to a number, 0 when it is new, and return the sum."""
        name = self.make_and_validate_key(key, version)
        # Adding is atomic, but reading the sum is a second call.
        uwsgi.lock()
        try:
            uwsgi.cache_inc(name, delta)
            return uwsgi.cache_num(name)
        finally:
            uwsgi.unlock()

    def delete(self, key, version=None):
        return bool(uwsgi.cache_del(self.make_and_validate_key(key, version)))

    def clear(self):
        uwsgi.cache_clear()

    def seconds(self, timeout):
        """A timeout in uWSGI's form, where 0 means never."""
        timeout = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return 0 if timeout is None else max(1, int(timeout))


def encode(value):
    if type(value) is int:
        return NUMBER.pack(value)
    data = pickle.dumps(value)
    # Numbers are recognised by their length; bytes after a pickle are ignored.
    return data + b" " if len(data) == NUMBER.size else data


def decode(data):
    if len(data) == NUMBER.size:
        return NUMBER.unpack(data)[0]
    return pickle.loads(data)  # noqa: S301 - only the workers can write there


Cache = SharedCache if uwsgi else LocMemCache
