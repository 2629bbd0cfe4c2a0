"""Permissions on tweets."""

from rest_framework.permissions import SAFE_METHODS, BasePermission


class IsAuthorOrReadOnly(BasePermission):
    """Everybody may read a tweet; only its author may change or delete it. Staff moderates in the admin."""

    def has_object_permission(self, request, view, obj):
        return request.method in SAFE_METHODS or (request.user is not None and obj.author_id == request.user.pk)
