"""Carry the rows of the older database over."""

import json
import time
from contextlib import contextmanager
from pathlib import Path

from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from legacy import engine, report
from legacy.bar import Bar
from legacy.mapping import chosen
from legacy.models import Progress
from legacy.router import LEGACY


class Command(BaseCommand):
    help = "Carry the rows of the older database over, and compare both. Goes on where it was interrupted."

    def add_arguments(self, parser):
        parser.add_argument(
            "--table", action="append", default=[], help="one table of the older database; again for more"
        )
        parser.add_argument("--limit", type=int, help="so many rows of each table only")
        parser.add_argument("--dry-run", action="store_true", help="do all of it, and then undo it")
        parser.add_argument("--fresh", action="store_true", help="delete what was imported, and begin again")
        parser.add_argument("--folder", type=Path, default=Path("/tmp"), help="where reports are written")

    def handle(self, *args, **options):
        if LEGACY not in connections:
            raise CommandError("no older database - name it: LEGACY_DATABASE_URL")
        mappings = chosen(options["table"])
        try:
            self.check(tags=["legacy", Tags.database], databases=[LEGACY])
            self.migrate(mappings, options["dry_run"])
            with undone() if options["dry_run"] else locked():
                if options["dry_run"] or options["fresh"]:
                    engine.forget(mappings)
                comparisons = [self.one(mapping, options["limit"]) for mapping in mappings]
                self.tell(comparisons, options["folder"])
        except DatabaseError as error:
            raise CommandError(f"a database failed: {error} - mend it, then type the same again to go on") from error

    def migrate(self, mappings, dry_run):
        """Make the tables that are missing."""
        apps = {"legacy", *(mapping.new._meta.app_label for mapping in mappings)}
        executor = MigrationExecutor(connection)
        wanted = [node for node in executor.loader.graph.leaf_nodes() if node[0] in apps]
        if not executor.migration_plan(wanted):
            return
        if dry_run:
            raise CommandError("tables are missing - make them with: inv manage --args migrate")
        for app in sorted(apps):
            call_command("migrate", app, verbosity=0)

    def one(self, mapping, limit):
        """Import one table and verify it."""
        require_parents(mapping)
        start = time.monotonic()
        old = mapping.old._base_manager.using(LEGACY).count()
        bar = Bar(self.stderr, mapping.name, old if limit is None else min(limit, old))
        progress = engine.run(mapping, limit, bar.show)
        bar.end()
        imported = time.monotonic()
        comparison = report.verify(mapping, progress, limit)
        self.stdout.write("\n".join(comparison.lines()))
        self.stdout.write(f"  imported in {imported - start:.1f} s, verified in {time.monotonic() - imported:.1f} s")
        return comparison

    def tell(self, comparisons, folder):
        """Write the reports. Raises CommandError where anything is not explained."""
        report_file = folder / "report.json"
        report_file.write_text(json.dumps([vars(comparison) for comparison in comparisons], indent=1) + "\n")
        self.stdout.write(f"report: {report_file}")
        if rejected := report.write_rejected(folder):
            self.stdout.write(f"rows that are not, or not whole, in the new tables, with the reason: {rejected}")
        if faults := sum(len(comparison.faults) for comparison in comparisons):
            raise CommandError(f"{faults} differences are not explained (above) - find out why before you go on")


def require_parents(mapping):
    """Raise CommandError where a table that this one refers to is not imported yet."""
    parents = {field.related_model for field in mapping.new._meta.concrete_fields if field.is_relation} - {mapping.new}
    for other in chosen([]):
        if other.new in parents and not Progress.objects.filter(pk=other.name, done=True).exists():
            raise CommandError(f"{mapping.name} refers to {other.name} - import it first: --table {other.name}")


@contextmanager
def locked():
    """No two imports at once."""
    engine.open_session()
    try:
        yield
    finally:
        engine.close_session()


@contextmanager
def undone():
    """Whatever is done is not kept."""
    with locked(), transaction.atomic():
        yield
        transaction.set_rollback(True)
