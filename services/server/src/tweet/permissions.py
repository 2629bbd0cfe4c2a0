"""Who may do what with a tweet."""

from rest_framework.permissions import SAFE_METHODS, BasePermission


class IsAuthorOrReadOnly(BasePermission):
    """Everybody reads; only the author changes and deletes. Staff moderates in the admin."""

    def has_object_permission(self, request, view, obj):
        return request.method in SAFE_METHODS or (request.user is not None and obj.author_id == request.user.pk)
