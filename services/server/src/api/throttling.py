"""Limits of request rates. The rates are settings; without a rate nothing is counted."""

import hashlib

from rest_framework.throttling import SimpleRateThrottle


class FixedWindowThrottle(SimpleRateThrottle):
    """Counts in windows that begin at multiples of their length: one atomic step, so exact across all workers."""

    num_requests: int
    duration: int  # seconds

    def allow_request(self, request, view):
        key = self.get_cache_key(request, view) if self.rate else None
        if key is None:
            return True
        now = self.timer()
        self.seconds_left = self.duration - now % self.duration
        name = f"{key}_{int(now // self.duration)}"
        # Longer than the window, so the counter cannot expire between the two calls.
        self.cache.add(name, 0, self.duration + 60)
        return self.cache.incr(name) <= self.num_requests

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


class LoginAddressThrottle(FixedWindowThrottle):
    """Limits logins by address: one client that tries many names."""

    scope = "login"

    def get_cache_key(self, request, view):
        return self.counter(f"address {self.get_ident(request)}")


class LoginNameThrottle(FixedWindowThrottle):
    """Limits logins by user name: many clients that try one name, whether or not the user exists."""

    scope = "login"

    def get_cache_key(self, request, view):
        name = request.data.get("username") if isinstance(request.data, dict) else None
        return self.counter(f"name {name}") if isinstance(name, str) else None
