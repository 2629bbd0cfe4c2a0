"""Who asks: the user of the token in the header `Authorization: Bearer TOKEN`."""

import re
from functools import cache

from django.contrib.auth import get_user_model
from django.db.models import F
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import get_token_model
from knox.settings import knox_settings
from rest_framework.exceptions import AuthenticationFailed

TOLD = ["created", "expiry"]  # of a token, beside its user


class BearerAuthentication(TokenAuthentication):
    """Knox's tokens, found by their hash alone; what cannot be one is refused before it is hashed.

    Knox's own way loads all tokens of the user for each request, to remove the expired ones: remove_expired does.
    """

    def authenticate_credentials(self, token):
        if not re.fullmatch(rb"[0-9a-f]{64}", token):
            raise AuthenticationFailed("Invalid token.")
        found = find(hash_token(token.decode()))
        if found is None or is_expired(found):
            raise AuthenticationFailed("Invalid token.")
        if knox_settings.AUTO_REFRESH and found.expiry:
            self.renew_token(found)
        return self.validate_user(found)


def find(digest):
    """The token that has the hash, with its user; None where there is none."""
    for user in get_user_model().objects.raw(statement(), [digest]):
        told = {name: getattr(user, f"token_{name}") for name in TOLD}
        return get_token_model()(digest=digest, user=user, **told)
    return None


@cache
def statement():
    """The SQL of a user by a token, written once: Django takes longer to write it than PostgreSQL to answer it."""
    told = {f"token_{name}": F(f"auth_token_set__{name}") for name in TOLD}
    return get_user_model().objects.filter(auth_token_set__digest="").annotate(**told).query.sql_with_params()[0]


def is_expired(token):
    return token.expiry is not None and token.expiry < timezone.now()


def remove_expired(user):
    """Remove the tokens of a user that nobody can use any more."""
    user.auth_token_set.filter(expiry__lt=timezone.now()).delete()
