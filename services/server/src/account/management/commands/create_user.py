"""Create a user who may log in."""

import getpass
import sys

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Create a user who may log in. The terminal, or the first line of standard input, gives the password."

    def add_arguments(self, parser):
        parser.add_argument("user")
        parser.add_argument("--admin", action="store_true", help="give every permission, and access to the admin")

    def handle(self, *args, **options):
        admin = options["admin"]
        user = get_user_model()(username=options["user"], is_staff=admin, is_superuser=admin)
        password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            user.full_clean(exclude=["password"])
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(f"the user was not created: {' '.join(error.messages)}") from error
        user.set_password(password)
        user.save()
        self.stdout.write(f"user {user} was created")
