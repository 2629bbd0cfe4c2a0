"""The name and password that a client exchanges for a token."""

from rest_framework import serializers

from api.fields import StringField


class CredentialsSerializer(serializers.Serializer):
    username = StringField(max_length=150)
    # Blanks may be part of it. The limit keeps hashing cheap.
    password = StringField(max_length=1000, trim_whitespace=False, write_only=True)

    class Meta:
        example = {"username": "me", "password": "correct horse battery staple"}
