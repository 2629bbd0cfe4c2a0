"""The environment, read once by settings.py; what is wrong with it is remembered and reported by checks.py."""

import re

from environ import FileAwareEnv
from environ.fileaware_mapping import FileAwareMapping

RATE = re.compile("[1-9][0-9]*/(s|sec|m|min|h|hour|d|day)")


class Environment(FileAwareEnv):
    """Variables, or the files that their `_FILE` twins name; a wrong one becomes a fault, not an exception."""

    def __init__(self):
        super().__init__()
        self.ENVIRON = FileAwareMapping(cache=False)
        self.faults = []

    def get_value(self, var, cast=None, default=FileAwareEnv.NOTSET, parse_default=False):
        """Return the value as its type, else the default."""
        try:
            return super().get_value(var, cast, default, parse_default)
        except (OSError, ValueError) as error:
            self.faults.append(f"{var} cannot be used: {error}")
            return default

    def rate(self, name, default):
        """Return how many requests are answered in a time, as `10/min`; None, which is no limit, when it is empty."""
        value = self.str(name, default=default)
        if value and not RATE.fullmatch(value):
            self.faults.append(f"{name} cannot be used: '{value}' is no rate such as {default}")
        return value or None

    def secret(self, name):
        """Return a value that has no default, without blanks around it; empty when there is none."""
        # Not by get_value, which takes a value that begins with `$` for the name of another variable.
        try:
            value = self.ENVIRON[name].strip()
        except KeyError:
            value = ""
        except OSError as error:
            self.faults.append(f"{name} cannot be read: {error}")
            return ""
        if not value:
            self.faults.append(f"{name} is not set")
        return value
