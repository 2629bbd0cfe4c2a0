"""Limits of request rates. The rates are settings; without a rate nothing is counted."""

import hashlib

from rest_framework.exceptions import Throttled
from rest_framework.throttling import SimpleRateThrottle


class FixedWindowThrottle(SimpleRateThrottle):
    """Counts in windows that begin at multiples of their length: one atomic step, so exact across all workers."""

    num_requests: int
    duration: int  # seconds

    def allow_request(self, request, view):
        key = self.get_cache_key(request, view) if self.rate else None
        return key is None or self.count(key) <= self.num_requests

    def allow(self, ident):
        """Count one for an identity, and return whether the rate allows it."""
        return not self.rate or self.count(self.counter(ident)) <= self.num_requests

    def is_exhausted(self, ident):
        """Whether an identity has used up the present window; counts nothing."""
        return bool(self.rate) and self.cache.get(self.window(self.counter(ident)), 0) >= self.num_requests

    def count(self, key):
        """Add one to a counter of the present window, and return the sum."""
        name = self.window(key)
        # Longer than the window, so the counter cannot expire between the two calls.
        self.cache.add(name, 0, self.duration + 60)
        return self.cache.incr(name)

    def window(self, key):
        """The name of a counter in the present window."""
        now = self.timer()
        self.seconds_left = self.duration - now % self.duration
        return f"{key}_{int(now // self.duration)}"

    def wait(self):
        return self.seconds_left

    def counter(self, ident):
        """The key of a counter; hashed, since what a client sends may be long and hold any character."""
        return self.cache_format % {
            "scope": self.scope,
            "ident": hashlib.sha256(str(ident).encode(errors="surrogatepass")).hexdigest(),
        }


class AnonymousThrottle(FixedWindowThrottle):
    """Limits requests without a token, by address."""

    scope = "anon"

    def get_cache_key(self, request, view):
        return None if request.user else self.counter(self.get_ident(request))


class UserThrottle(FixedWindowThrottle):
    """Limits requests with a token, by user."""

    scope = "user"

    def get_cache_key(self, request, view):
        return self.counter(request.user.pk) if request.user else None


def counted(error, context):
    """The refusal of a request without a token, or Throttled: REST framework counts only what it lets through."""
    try:
        context["view"].check_throttles(context["request"])
    except Throttled as throttled:
        return throttled
    return error
