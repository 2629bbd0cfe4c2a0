"""Limits of guesses at passwords and tokens, the same for every door that takes one: the API, and the admin's forms.

A name has so many attempts in a minute, from any address. An address has many more, of which only failures count, since
many clients may share it: rootless Podman's default network gives all of them one.
"""

import unicodedata

from rest_framework.exceptions import Throttled

from api.throttling import FixedWindowThrottle

DAY = 86_400  # seconds


class NameThrottle(FixedWindowThrottle):
    scope = "login"


class AddressThrottle(FixedWindowThrottle):
    scope = "guess"


def require_attempt(name, request=None):
    """Count an attempt with a password; raises Throttled after too many of the name, or failures of the address.

    Who has logged in from an address during the last day is not held up by the guesses of others.
    """
    of_name, of_address = NameThrottle(), AddressThrottle()
    if not of_name.allow(f"name {identity(name)}"):
        raise Throttled(of_name.wait())
    if request is None or not of_address.is_exhausted(passwords(request)):
        return
    if not of_address.cache.get(known(name, request)):
        raise Throttled(of_address.wait())


def note_failure(request):
    """Count a wrong password."""
    AddressThrottle().allow(passwords(request))


def note_success(name, request):
    """Remember that somebody has logged in from an address."""
    AddressThrottle.cache.set(known(name, request), 1, DAY)


def count_malformed(request):
    """Count a login without a usable name and password; raises Throttled. Proper ones are not held up by these."""
    throttle = NameThrottle()
    if not throttle.allow(f"malformed {throttle.get_ident(request)}"):
        raise Throttled(throttle.wait())


def count_token(request):
    """Count a token that is not valid; raises Throttled. Valid ones are not held up by these."""
    throttle = AddressThrottle()
    if not throttle.allow(f"token {throttle.get_ident(request)}"):
        raise Throttled(throttle.wait())


def identity(name):
    """The form of a name in which no difference is left that a client could vary: case, width, white space, NUL."""
    return "".join(unicodedata.normalize("NFKC", str(name)).casefold().replace("\0", "").split())


def passwords(request):
    return f"passwords {AddressThrottle().get_ident(request)}"


def known(name, request):
    throttle = AddressThrottle()
    return throttle.counter(f"known {throttle.get_ident(request)} {identity(name)}")
