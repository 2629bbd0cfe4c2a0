"""Tokens for requests that need the database."""

# Prints so many new tokens of a user; runs in the server.
MAKE = """
import django, sys
django.setup()
from django.contrib.auth import get_user_model
from knox.models import AuthToken
user, _ = get_user_model().objects.get_or_create(username="operator")
print(*(AuthToken.objects.create(user)[1] for _ in range(int(sys.argv[1]))), sep="\\n")
"""


def bearer(token: str) -> dict[str, str]:
    """The header of a request with a token."""
    return {"Authorization": f"Bearer {token}"}


# A token that nobody has. To refuse a request with it, the service asks its database.
UNKNOWN = bearer("0" * 64)
