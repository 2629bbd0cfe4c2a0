"""Tokens: created for a name and a password, revoked by their user."""

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_out
from knox.views import LoginView, LogoutAllView
from rest_framework.exceptions import (
    AuthenticationFailed,
    ParseError,
    PermissionDenied,
    Throttled,
    UnsupportedMediaType,
    ValidationError,
)
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response

from account import attempts
from account.authentication import BearerAuthentication
from account.serializers import CredentialsSerializer
from api.conditional import Preconditions

MALFORMED = (ParseError, UnsupportedMediaType, ValidationError)  # a login without a usable name and password


class TokenView(Preconditions, LoginView):
    """POST creates a token for a name and a password; DELETE revokes the token of the request."""

    def get_permissions(self):
        return [AllowAny()] if self.request.method == "POST" else [IsAuthenticated()]

    def get_throttles(self):
        # Those of passwords are counted where they are checked: account.backends.
        return [] if self.request.method == "POST" else super().get_throttles()

    def perform_authentication(self, request):
        # An expired token in the header must not prevent a new one.
        if request.method != "POST":
            super().perform_authentication(request)

    def handle_exception(self, exc):
        if self.request.method == "POST" and isinstance(exc, MALFORMED):
            try:
                attempts.count_malformed(self.request)
            except Throttled as error:
                exc = error
        return super().handle_exception(exc)

    def post(self, request):
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        request.user = authenticate(request, **credentials.validated_data)
        if not request.user:
            raise AuthenticationFailed("No such user and password.")
        response = super().post(request)
        # TOKEN_LIMIT_PER_USER, which Knox answers in a form of its own.
        if response.status_code == 403:
            raise PermissionDenied(response.data["error"])
        return response

    def create_token(self):
        instance, token = super().create_token()
        BearerAuthentication().remove_expired(instance)
        return instance, token

    def get_post_response(self, request, token, instance):
        data = self.get_post_response_data(request, token, instance)
        return Response(data, status=201, headers={"Cache-Control": "no-store"})

    def delete(self, request):
        request.auth.delete()
        user_logged_out.send(sender=type(request.user), request=request, user=request.user)
        return Response(status=204)


class AllTokensView(Preconditions, LogoutAllView):
    """DELETE revokes every token of the user."""

    authentication_classes = [BearerAuthentication]
    http_method_names = ["delete", "options"]

    def delete(self, request):
        return self.post(request)
