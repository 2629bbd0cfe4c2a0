"""The colours of states: rich leaves them out where there is no terminal, and for https://no-color.org"""

from rich.text import Text

GOOD, UNSURE, BAD = "green", "yellow", "red"
# Any other state is a fault.
COLOURS = {
    **dict.fromkeys(["healthy", "running", "ok"], GOOD),
    **dict.fromkeys(["starting", "created", "better", "note"], UNSURE),
}


def coloured(state: str) -> Text:
    """A state in its colour."""
    return Text(state, style=COLOURS.get(state, BAD))


def failures(count: int) -> Text:
    """A number of failures, in colour unless it is 0."""
    return Text(str(count), style=BAD if count else GOOD)
