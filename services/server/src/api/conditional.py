"""Conditional requests (RFC 9110, section 13), so that no writer overwrites another's change."""

import hashlib
import re

from django.db import transaction
from django.utils.http import parse_http_date_safe, quote_etag
from rest_framework.exceptions import APIException
from rest_framework.mixins import DestroyModelMixin, UpdateModelMixin
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from api.renderers import FastJSONRenderer

CHANGES = {"update", "partial_update", "destroy"}
# RFC 9110, 9.3.4: no validator in the response to a PUT, since the server adds fields to what it was sent.
TAGGED = {"create", "partial_update"}
READING = {"GET", "HEAD"}
TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
COMPRESSED = '-gzip"'  # the end of the tag of a body that protocol/representations.py has compressed


class PreconditionFailed(APIException):
    status_code = 412
    default_detail = "The object is not in the state that the request expects."
    default_code = "precondition_failed"


class Preconditions(APIView):
    """Evaluates the preconditions of POST and DELETE on a resource that cannot be read, and so has no ETag."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        require(request, set())


class ConditionalMixin(UpdateModelMixin, DestroyModelMixin, GenericViewSet):
    """Adds `ETag` to each single object of a viewset, and preconditions to POST, PUT, PATCH and DELETE.

    The object is locked until it is changed, so of two writers with the same ETag one gets 412. GET and HEAD are
    evaluated by protocol/representations.py.
    """

    def get_queryset(self):
        queryset = super().get_queryset()
        return queryset.select_for_update(of=["self"]) if self.action in CHANGES else queryset

    def get_object(self):
        instance = super().get_object()
        if self.action in CHANGES and has_preconditions(self.request):
            require(self.request, tags_of(self.get_serializer(instance).data))
        return instance

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        # What POST adds to is the list, in the state that GET would answer.
        if self.action == "create" and has_preconditions(request):
            require(request, tags_of(self.list(request).data) if hasattr(self, "list") else set())

    @transaction.atomic
    def update(self, request, *args, **kwargs):
        return super().update(request, *args, **kwargs)

    @transaction.atomic
    def destroy(self, request, *args, **kwargs):
        return super().destroy(request, *args, **kwargs)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        # A page for a browser shows more than the object.
        if self.action in TAGGED and response.status_code < 300 and response.accepted_renderer.format == "json":
            response["ETag"] = etag(FastJSONRenderer().render(response.data))
        return response


def etag(content):
    """The strong ETag of some bytes."""
    return quote_etag(hashlib.sha256(content).hexdigest()[:32])


def compressed(tag):
    """The ETag of the same bytes compressed."""
    return tag.removesuffix('"') + COMPRESSED


def tags_of(data):
    """The ETags under which an object or a list can have been answered."""
    tag = etag(FastJSONRenderer().render(data))
    return {tag, compressed(tag)}


def has_preconditions(request):
    return "If-Match" in request.headers or "If-None-Match" in request.headers


def require(request, tags):
    """Raise PreconditionFailed where a write must not happen in the state with these tags."""
    if request.method not in READING and failed_precondition(request, tags):
        raise PreconditionFailed


def failed_precondition(request, tags, modified=None):
    """The status with which the preconditions end a request (RFC 9110, 13.2.2); None where they hold.

    The tags are those of the current state, none where there is no representation; `modified` is a time of the kind
    that a comparison with the headers needs, or None where nothing tells when the state came to be.
    """
    is_reading = request.method in READING
    if "If-Match" in request.headers:
        if not is_named(request.headers["If-Match"], tags):
            return 412
    elif modified and (limit := moment(request, "If-Unmodified-Since")) and modified > limit:
        return 412
    if "If-None-Match" in request.headers:
        if is_named(request.headers["If-None-Match"], tags, weakly=True):
            return 304 if is_reading else 412
    elif is_reading and modified and (since := moment(request, "If-Modified-Since")) and modified <= since:
        return 304
    return None


def is_named(header, tags, weakly=False):
    """Whether a header names one of the tags; one that is not well-formed names none."""
    if header.strip() == "*":
        return bool(tags)
    if TAG.sub("", header).strip(" \t,"):
        return False
    named = {*TAG.findall(header)}
    if weakly:
        named, tags = ({tag.removeprefix("W/") for tag in each} for each in (named, tags))
    return any(tag in named for tag in tags if not tag.startswith("W/"))


def moment(request, name):
    """The seconds of a header with a date; None where it has none."""
    return parse_http_date_safe(request.headers.get(name, ""))
