"""Import the rows of the legacy database."""

import json
import time
from contextlib import contextmanager
from pathlib import Path

from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from legacy.bar import ProgressBar
from legacy.mapping import all_mappings, select_mappings
from legacy.models import Progress
from legacy.router import LEGACY
from legacy.transfer import engine, report


class Command(BaseCommand):
    help = "Import the rows of the legacy database, and verify them. Resumes an interrupted import."

    def add_arguments(self, parser):
        parser.add_argument(
            "--table", action="append", default=[], help="import only this table of the source; may be repeated"
        )
        parser.add_argument("--limit", type=int, help="import only the first rows of each table, as many as this")
        parser.add_argument("--dry-run", action="store_true", help="import and verify, then roll everything back")
        parser.add_argument("--fresh", action="store_true", help="delete all imported rows, and start again")
        parser.add_argument("--folder", type=Path, default=Path("/tmp"), help="write the reports into this folder")

    def handle(self, *args, **options):
        if LEGACY not in connections:
            raise CommandError("no legacy database - set LEGACY_DATABASE_URL")
        mappings = select_mappings(options["table"])
        try:
            self.check(tags=["legacy", Tags.database], databases=[LEGACY])
            self.migrate(mappings, options["dry_run"])
            with rolled_back() if options["dry_run"] else locked():
                if options["dry_run"] or options["fresh"]:
                    engine.reset(mappings)
                comparisons = [self.import_table(mapping, options["limit"]) for mapping in mappings]
                self.write_reports(comparisons, options["folder"])
        except DatabaseError as error:
            message = f"a database failed: {error} - repair it, then repeat the command, which resumes the import"
            raise CommandError(message) from error

    def migrate(self, mappings, dry_run):
        """Apply the migrations of the import and of the target tables."""
        apps = {"legacy", *(mapping.new._meta.app_label for mapping in mappings)}
        executor = MigrationExecutor(connection)
        targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in apps]
        if not executor.migration_plan(targets):
            return
        if dry_run:
            raise CommandError("a dry run applies no migrations - apply them first: inv manage --args migrate")
        for app in sorted(apps):
            call_command("migrate", app, verbosity=0)

    def import_table(self, mapping, limit):
        """Import one table and verify it."""
        require_parents(mapping)
        start = time.monotonic()
        count = mapping.old._base_manager.using(LEGACY).count()
        bar = ProgressBar(self.stderr, mapping.name, count if limit is None else min(limit, count))
        progress = engine.run(mapping, limit, bar.show)
        bar.end()
        imported = time.monotonic()
        comparison = report.verify(mapping, progress, limit)
        self.stdout.write("\n".join(comparison.lines()))
        self.stdout.write(f"  imported in {imported - start:.1f} s, verified in {time.monotonic() - imported:.1f} s")
        return comparison

    def write_reports(self, comparisons, folder):
        """Write the reports. Raises CommandError if a difference is not explained."""
        report_file = folder / "report.json"
        report_file.write_text(json.dumps([vars(comparison) for comparison in comparisons], indent=1) + "\n")
        self.stdout.write(f"report: {report_file}")
        if rejected_file := report.write_rejected(folder):
            self.stdout.write(f"rejected rows, with reasons: {rejected_file}")
        if faults := sum(len(comparison.faults) for comparison in comparisons):
            raise CommandError(f"{faults} differences are not explained (above) - find their cause before you go on")


def require_parents(child):
    """Raise CommandError if a table that this one refers to is not imported yet."""
    parents = {field.related_model for field in child.new._meta.concrete_fields if field.is_relation} - {child.new}
    for other in all_mappings():
        if other.new in parents and not Progress.objects.filter(pk=other.name, done=True).exists():
            raise CommandError(f"{child.name} refers to {other.name} - import that first: --table {other.name}")


@contextmanager
def locked():
    """Keep other imports out."""
    engine.open_session()
    try:
        yield
    finally:
        engine.close_session()


@contextmanager
def rolled_back():
    """Roll back everything at the end."""
    with locked(), transaction.atomic():
        yield
        transaction.set_rollback(True)
