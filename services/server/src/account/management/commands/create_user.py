"""Make a user who may log in."""

import getpass
import sys

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Make a user who may log in. The password is asked for, or is the first line of the standard input."

    def add_arguments(self, parser):
        parser.add_argument("user")
        parser.add_argument("--admin", action="store_true", help="who may do everything in the admin")

    def handle(self, *args, **options):
        admin = options["admin"]
        user = get_user_model()(username=options["user"], is_staff=admin, is_superuser=admin)
        password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            user.full_clean(exclude=["password"])
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(f"no user was made: {' '.join(error.messages)}") from error
        user.set_password(password)
        user.save()
        self.stdout.write(f"user {user} was made")
