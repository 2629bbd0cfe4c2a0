"""Who asks: the user of the token in the header `Authorization: Bearer TOKEN`."""

import re

from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import get_token_model
from knox.settings import knox_settings
from rest_framework.exceptions import AuthenticationFailed


class BearerAuthentication(TokenAuthentication):
    """Knox's tokens, found by their hash alone; what cannot be one is refused before it is hashed.

    Knox's own way loads all tokens of the user for each request, to remove the expired ones: remove_expired does.
    """

    def authenticate_credentials(self, token):
        if not re.fullmatch(rb"[0-9a-f]{64}", token):
            raise AuthenticationFailed("Invalid token.")
        found = get_token_model().objects.select_related("user").filter(digest=hash_token(token.decode())).first()
        if found is None or is_expired(found):
            raise AuthenticationFailed("Invalid token.")
        if knox_settings.AUTO_REFRESH and found.expiry:
            self.renew_token(found)
        return self.validate_user(found)


def is_expired(token):
    return token.expiry is not None and token.expiry < timezone.now()


def remove_expired(user):
    """Remove the tokens of a user that nobody can use any more."""
    user.auth_token_set.filter(expiry__lt=timezone.now()).delete()
