"""The consent to a loss: asked for on a terminal, and given by --yes elsewhere."""

from collections.abc import Sequence

from invoke import Context, Exit

from tasklib.core import shell


def require(c: Context, yes: bool, losses: Sequence[str]) -> None:
    """Print what is lost for ever, and ask unless `yes` agrees to it. Raises Exit without consent."""
    if not losses:
        return
    print("This deletes for ever:")
    print("\n".join(f"  {loss}" for loss in losses), flush=True)
    if yes or c.config.run.dry:
        return
    if not shell.is_terminal():
        raise Exit("nothing was deleted, because this is not a terminal to ask on - to delete it, add: --yes")
    if answer() != "yes":
        raise Exit("nothing was deleted")


def answer() -> str:
    """The word that a person types; empty if the input ends."""
    try:
        return input("Type yes to delete it: ").strip()
    except EOFError:
        return ""
