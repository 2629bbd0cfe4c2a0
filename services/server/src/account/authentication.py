"""Who asks: the user of the token in the header `Authorization: Bearer TOKEN`."""

import re

from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class BearerAuthentication(TokenAuthentication):
    """Knox's tokens; what cannot be one is refused before it is decoded and looked up."""

    def authenticate_credentials(self, token):
        if not re.fullmatch(rb"[0-9a-f]{64}", token):
            raise AuthenticationFailed("Invalid token.")
        return super().authenticate_credentials(token)
