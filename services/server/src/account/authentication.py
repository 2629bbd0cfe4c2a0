"""Authentication by a token of Knox, in the header `Authorization: Bearer TOKEN`."""

import re
from contextlib import suppress
from functools import cache

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.db.models import F
from django.db.transaction import atomic
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import get_token_model
from knox.settings import knox_settings
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from account import attempts

# A prefix of up to ten characters (TOKEN_PREFIX), and hexadecimal digits.
FORM = re.compile(rb"[!-~]{0,10}[0-9a-f]+")
SCHEME, OTHER_SCHEME = b"bearer", b"token"  # the second is the one of REST framework's own tokens
SAY_BEARER = 'The scheme is not "Token" - write "Authorization: Bearer TOKEN".'
PREFIX = "knox_token_"  # of a token's columns beside those of its user


class BearerAuthentication(TokenAuthentication):
    """Knox's authentication in one statement, which finds the token by its hash; other texts are never looked up.

    Knox itself loads every token of the user for each request, to remove the expired ones. Here an expired token does
    so when it is used, and each new token: remove_expired.
    """

    def authenticate(self, request):
        scheme, *words = get_authorization_header(request).split() or [b""]
        if scheme.lower() == OTHER_SCHEME:
            raise AuthenticationFailed(SAY_BEARER)
        if scheme.lower() != SCHEME:
            return None
        try:
            # A text with blanks is never a token.
            return self.authenticate_credentials(b" ".join(words))
        except AuthenticationFailed:
            request.has_invalid_token = True
            attempts.count_token(request)
            raise

    def authenticate_header(self, request):
        """The challenge of RFC 6750, section 3: it names an error only where there was a token."""
        error = 'error="invalid_token", ' if getattr(request, "has_invalid_token", False) else ""
        return f'Bearer {error}realm="{settings.API_TITLE}"'

    def authenticate_credentials(self, token):
        found = find(hash_token(token.decode())) if FORM.fullmatch(token) else None
        if found is None:
            raise AuthenticationFailed("Invalid token.")
        if found.expiry and found.expiry < timezone.now():
            # The token is refused all the same where the database takes no changes.
            with suppress(DatabaseError), atomic():
                self.remove_expired(found)
            raise AuthenticationFailed("Invalid token.")
        if knox_settings.AUTO_REFRESH and found.expiry:
            self.renew_token(found)
        return self.validate_user(found)

    def remove_expired(self, token):
        """Remove the expired ones of all tokens of the user, and send `token_expired` for each."""
        self._cleanup_token(token)


def find(digest):
    """The token with a hash, and its user; None where there is none."""
    user_model, token_model = get_user_model(), get_token_model()
    for user in user_model._base_manager.raw(statement(user_model, token_model), [digest]):
        values = [getattr(user, PREFIX + name) for name in columns(token_model)]
        token = token_model.from_db(user._state.db, columns(token_model), values)
        token.user = user
        return token
    return None


@cache
def columns(token_model):
    return [field.attname for field in token_model._meta.concrete_fields]


@cache
def statement(user_model, token_model):
    """The SQL of a user and a token, built once: Django takes longer to build it than PostgreSQL to answer it."""
    tokens = {PREFIX + name: F(f"auth_token_set__{name}") for name in columns(token_model)}
    return user_model._base_manager.filter(auth_token_set__digest="").annotate(**tokens).query.sql_with_params()[0]
