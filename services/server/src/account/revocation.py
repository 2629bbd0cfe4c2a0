"""Tokens end when a password is changed and when a user is deactivated, whatever changes it: the admin or a command.

A queryset's `update` sends no signal: delete the tokens beside it.
"""

from django.conf import settings
from django.contrib.auth.hashers import is_password_usable
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from knox.models import get_token_model

WATCHED = {"password", "is_active"}


@receiver(pre_save, sender=settings.AUTH_USER_MODEL)
def compare(sender, instance, raw, update_fields, **kwargs):
    """Note whether a user's tokens end, before the former values are gone."""
    instance.ends_tokens = False
    saved = WATCHED if update_fields is None else WATCHED.intersection(update_fields)
    if raw or instance._state.adding or not saved:
        return
    former = sender._base_manager.filter(pk=instance.pk).values("password", "is_active").first()
    if former:
        changed = former["password"] != instance.password and not is_rehash(instance, update_fields)
        instance.ends_tokens = changed or (former["is_active"] and not instance.is_active)


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def revoke(sender, instance, **kwargs):
    """Delete the tokens of a user."""
    if instance.ends_tokens:
        get_token_model().objects.filter(user=instance).delete()


def is_rehash(user, update_fields):
    """Whether the same password is stored with a newer hash, as Django does after a login."""
    return (
        update_fields is not None
        and {*update_fields} == {"password"}
        and user._password is None  # noqa: SLF001 - the only sign of it
        and is_password_usable(user.password)
    )
