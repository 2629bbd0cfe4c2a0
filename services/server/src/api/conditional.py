"""Conditional requests (RFC 9110, section 13) on single objects, so that no writer overwrites another's change."""

import hashlib

from django.db import transaction
from django.utils.http import parse_etags, quote_etag
from rest_framework.exceptions import APIException
from rest_framework.mixins import DestroyModelMixin, UpdateModelMixin
from rest_framework.viewsets import GenericViewSet

from api.renderers import FastJSONRenderer

CHANGES = {"update", "partial_update", "destroy"}


class PreconditionFailed(APIException):
    status_code = 412
    default_detail = "The object is not in the state that If-Match names."
    default_code = "precondition_failed"


class ConditionalMixin(UpdateModelMixin, DestroyModelMixin, GenericViewSet):
    """Adds `ETag` to each single object of a viewset, and `If-Match` to PUT, PATCH and DELETE.

    The object is locked until it is changed, so of two writers with the same ETag one gets 412. For GET, Django's
    ConditionalGetMiddleware compares the tags.
    """

    def get_queryset(self):
        queryset = super().get_queryset()
        return queryset.select_for_update(of=["self"]) if self.action in CHANGES else queryset

    def get_object(self):
        instance = super().get_object()
        header = self.request.headers.get("If-Match") if self.action in CHANGES else None
        if header is not None and not matches(header, etag(self.get_serializer(instance).data)):
            raise PreconditionFailed
        return instance

    @transaction.atomic
    def update(self, request, *args, **kwargs):
        return super().update(request, *args, **kwargs)

    @transaction.atomic
    def destroy(self, request, *args, **kwargs):
        return super().destroy(request, *args, **kwargs)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        # Pages of the browsable API also show more than the object.
        if self.action not in {"list", "destroy"} and response.status_code < 300 and is_json(response):
            response["ETag"] = etag(response.data)
        return response


def is_json(response):
    return response.accepted_renderer.format == "json"


def etag(data):
    """The strong ETag of an object, a hash of its JSON."""
    return quote_etag(hashlib.sha256(FastJSONRenderer().render(data)).hexdigest()[:32])


def matches(header, tag):
    """Whether If-Match names the tag.

    RFC 9110 excludes weak tags here, but nginx makes the tag of a response weak when it compresses it.
    """
    return bool({"*", tag} & {named.removeprefix("W/") for named in parse_etags(header)})
