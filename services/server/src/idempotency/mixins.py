"""POST requests that may be repeated safely: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/"""

import hashlib
import json
import re

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import APIException, ParseError
from rest_framework.mixins import CreateModelMixin
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from idempotency.models import StoredAnswer


class KeyReused(APIException):
    status_code = 422
    default_detail = "The Idempotency-Key was used for another request."
    default_code = "key_reused"


class IdempotentCreateMixin(CreateModelMixin):
    """Replaces CreateModelMixin: a user who repeats an `Idempotency-Key` gets the first response again.

    A key without a user is a 400. Keys are kept for settings.IDEMPOTENCY_LIFETIME, and only those of requests that
    succeeded.
    """

    def create(self, request, *args, **kwargs):
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return super().create(request, *args, **kwargs)
        if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
            raise ParseError("Idempotency-Key must be 1 to 255 visible ASCII characters.")
        if not (request.user and request.user.is_authenticated):
            raise ParseError("Idempotency-Key needs a user.")
        with transaction.atomic():
            answer, is_first = claim(request, key)
            if not is_first:
                return replay(answer, request)
            response = super().create(request, *args, **kwargs)
            store(answer, response)
        return response


def claim(request, key):
    """Return the row of the key, and whether it is new; waits for a request that is using the same key."""
    rows = StoredAnswer.objects.filter(user=request.user)
    rows.filter(created__lt=timezone.now() - settings.IDEMPOTENCY_LIFETIME).delete()
    return rows.get_or_create(user=request.user, key=key, defaults={"fingerprint": fingerprint(request)})


def fingerprint(request):
    """A hash of method, path and body of the request."""
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()


def replay(answer, request):
    """The response that was stored. Raises KeyReused where it belongs to another request."""
    if answer.fingerprint != fingerprint(request):
        raise KeyReused
    headers = {"Location": answer.location} if answer.location else None
    return Response(json.loads(answer.body), status=answer.status, headers=headers)


def store(answer, response):
    """Store the response; after a failure, roll back instead, so that the client may try again."""
    if response.status_code >= 400:
        transaction.set_rollback(True)
        return
    answer.status = response.status_code
    answer.body = JSONRenderer().render(response.data).decode()
    answer.location = response.headers.get("Location", "")
    answer.save()
