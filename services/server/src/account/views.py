"""Tokens: given for a name and a password, revoked by those who hold them."""

from django.contrib.auth import authenticate
from knox.views import LoginView
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from account.authentication import remove_expired
from account.serializers import CredentialsSerializer
from api.throttling import LoginAddressThrottle, LoginNameThrottle


class TokenView(LoginView):
    """POST gives a token for a name and a password; DELETE revokes the token that was used."""

    def get_permissions(self):
        return [AllowAny()] if self.request.method == "POST" else [IsAuthenticated()]

    def get_throttles(self):
        if self.request.method == "POST":
            return [LoginAddressThrottle(), LoginNameThrottle()]
        return super().get_throttles()

    def check_throttles(self, request):
        # One after the other: who is refused by address has no body read.
        for throttle in self.get_throttles():
            if not throttle.allow_request(request, self):
                self.throttled(request, throttle.wait())

    def perform_authentication(self, request):
        # An expired token in the header keeps nobody from getting a new one.
        if request.method != "POST":
            super().perform_authentication(request)

    def post(self, request):
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        request.user = authenticate(request, **credentials.validated_data)
        if not request.user:
            raise AuthenticationFailed("No such user and password.")
        remove_expired(request.user)
        return super().post(request)

    def get_post_response(self, request, token, instance):
        data = self.get_post_response_data(request, token, instance)
        return Response(data, status=201, headers={"Cache-Control": "no-store"})

    def delete(self, request):
        request.auth.delete()
        return Response(status=204)


class AllTokensView(APIView):
    """DELETE revokes every token of the user."""

    def delete(self, request):
        request.user.auth_token_set.all().delete()
        return Response(status=204)
