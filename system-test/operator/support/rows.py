"""The rows of a pod's database, to be compared."""

from support.checkout import Checkout
from support.commands import podman
from tasklib.database import inventory


def rows(pod: Checkout) -> list[str]:
    """Every row of every table, as text."""
    sql = (
        "SELECT format('SELECT %L, t.* FROM %I AS t ORDER BY 2', relname, relname) FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname \\gexec\n"
    )
    answer = podman(*inventory.psql(f"{pod.name}-db", "postgres")[1:], input=sql)
    assert answer.code == 0, answer.output
    return sorted(answer.output.splitlines())
