"""The environment variables, read once by settings.py; checks.py reports the faults that were found."""

import re

from environ import FileAwareEnv
from environ.fileaware_mapping import FileAwareMapping

ORIGIN = re.compile(r"https?://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?")
RATE = re.compile("[1-9][0-9]*/(s|sec|m|min|h|hour|d|day)")


class Environment(FileAwareEnv):
    """Reads variables, or the files that their `_FILE` twins name; collects faults instead of raising exceptions."""

    def __init__(self):
        super().__init__()
        self.ENVIRON = FileAwareMapping(cache=False)
        self.faults = []

    def get_value(self, var, cast=None, default=FileAwareEnv.NOTSET, parse_default=False):
        """Return the converted value, else the default."""
        try:
            return super().get_value(var, cast, default, parse_default)
        except (OSError, ValueError) as error:
            self.faults.append(f"{var} cannot be used: {error}")
            return default

    def rate(self, name, default):
        """Return a rate of requests such as `10/min`; None, which means no limit, when it is empty."""
        value = self.str(name, default=default)
        if value and not RATE.fullmatch(value):
            self.faults.append(f"{name} cannot be used: '{value}' is not a rate such as {default}")
        return value or None

    def origins(self, name, default):
        """Return a list of origins as browsers write them, such as https://app.example.org."""
        origins = self.list(name, default=default)
        for origin in origins:
            if not ORIGIN.fullmatch(origin):
                self.faults.append(
                    f"{name} cannot be used: '{origin}' is not an origin such as https://app.example.org"
                )
        return origins

    def secret(self, name):
        """Return a required value without surrounding blanks; empty when it is missing."""
        # get_value would take a value that begins with `$` for the name of another variable.
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
