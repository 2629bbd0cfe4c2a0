"""Revoke every token of a user."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from knox.models import get_token_model


class Command(BaseCommand):
    help = "Revoke every token of a user."

    def add_arguments(self, parser):
        parser.add_argument("user")

    def handle(self, *args, **options):
        if not get_user_model().objects.filter(username=options["user"]).exists():
            raise CommandError(f"no user '{options['user']}'")
        count, _ = get_token_model().objects.filter(user__username=options["user"]).delete()
        self.stdout.write(f"{count} revoked")
