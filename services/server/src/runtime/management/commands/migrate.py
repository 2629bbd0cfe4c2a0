"""Django's own command, once at a time, and all or nothing."""

from contextlib import contextmanager, nullcontext

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from runtime import migrations, user_table

LOCK = 20_171_217  # any number, as long as all that migrate ask for the same


class Command(migrate.Command):
    """As Django's `migrate`, which it replaces: under a lock, and in one transaction where no migration forbids it."""

    connection = running = None

    def handle(self, *args, **options):
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            return super().handle(*args, **options)
        with self.lock(connection):
            # A target may be one that must not be taken back within a transaction.
            whole = not options["app_label"] and is_atomic(connection)
            try:
                with transaction.atomic(connection.alias) if whole else nullcontext():
                    self.adopt_users(connection, options["plan"] or options["check_unapplied"])
                    super().handle(*args, **options)
            except CommandError:
                raise
            except Exception as error:
                if self.running:
                    self.stdout.write()  # ends the line that Django has begun
                state = "the database is as it was" if whole else "see showmigrations for what was done before it"
                raise CommandError(f"{self.running or 'migrate'} failed: {reason(error)} - {state}") from error
        self.tell_of_later(connection)
        return None

    def adopt_users(self, connection, only_look):
        """Move the users of an older database to the project's model, before Django finds its history inconsistent."""
        if user_table.is_old(connection):
            if only_look:
                raise CommandError(f"the users are still in '{user_table.OLD_TABLE}' - move them with: inv up")
            table = user_table.adopt(connection)
            self.stdout.write(f"The users of '{user_table.OLD_TABLE}' are now in '{table}'; older code cannot use it.")

    def migration_progress_callback(self, action, migration=None, fake=False):
        """Note which migration runs."""
        super().migration_progress_callback(action, migration, fake)
        if action in ("apply_start", "unapply_start"):
            self.running = migration
        elif action == "apply_success" and self.connection and self.connection.in_atomic_block:
            # What a migration leaves to the end of the transaction would forbid the next one to change the table.
            self.connection.check_constraints()

    @contextmanager
    def lock(self, connection):
        """Hold the database's lock; whoever ends in whichever way lets it go with the connection."""
        self.connection = connection
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                self.stdout.write("Another one migrates: waiting until it has ended.")
                # As long as that takes: the limits of the role are for statements of migrations.
                cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
                cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
                cursor.execute("RESET lock_timeout; RESET statement_timeout")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])

    def tell_of_later(self, connection):
        """Say what this code does not know."""
        applied = MigrationExecutor(connection).loader.applied_migrations
        if later := migrations.later({*applied}):
            self.stdout.write(f"The database is newer than this code: it has {migrations.named(later)}.")


def is_atomic(connection):
    """Whether all that is missing may run in one transaction."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return all(migration.atomic for migration, _ in plan)


def reason(error):
    """What is wrong in one line."""
    return next(iter(str(error).splitlines()), type(error).__name__)
