"""Create a token for a user."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from knox.models import get_token_model

from account.authentication import BearerAuthentication


class Command(BaseCommand):
    help = "Create a token for a user, and print it: only its hash is stored, so it is never shown again."

    def add_arguments(self, parser):
        parser.add_argument("user")
        parser.add_argument("--days", type=int, choices=range(1, 3651), default=30, metavar="1-3650")
        parser.add_argument("--new", action="store_true", help="create the user as well, without a password")

    def handle(self, *args, **options):
        name = get_user_model().normalize_username(options["user"])
        user = get_user_model().objects.filter(username=name).first()
        if not user and options["new"]:
            user = new_user(name)
        if not user:
            raise CommandError(f"no user '{name}' - create one with: create_user")
        instance, token = get_token_model().objects.create(user, timedelta(days=options["days"]))
        BearerAuthentication().remove_expired(instance)
        self.stdout.write(token)


def new_user(name):
    """Create a user without a password. Raises CommandError where the name is not valid."""
    user = get_user_model()(username=name)
    user.set_unusable_password()
    try:
        user.full_clean()
    except ValidationError as error:
        raise CommandError(f"the user was not created: {' '.join(error.messages)}") from error
    user.save()
    return user
