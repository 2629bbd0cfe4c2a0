"""Django's own command, one at a time, and all or nothing."""

from contextlib import contextmanager, nullcontext

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from runtime import migrations, user_table

LOCK = 20_171_217  # any number, as long as every migrator uses the same
# Of waiting for the lock: another migration may take long, and no other role has a reason to hold it.
OWN_SECONDS, OTHER_SECONDS = 1800, 10
HOLDERS = """
SELECT usename, pid, usename = session_user FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = %s AND datname = current_database()
"""


class Command(migrate.Command):
    """Replaces Django's `migrate`: holds a lock, and uses one transaction where no migration forbids it."""

    connection = running = None

    def handle(self, *args, **options):
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            return super().handle(*args, **options)
        with self.lock(connection):
            # Going back to a target may have to happen outside a transaction.
            whole = not options["app_label"] and is_atomic(connection)
            try:
                with transaction.atomic(connection.alias) if whole else nullcontext():
                    self.adopt_users(connection, options["plan"] or options["check_unapplied"])
                    super().handle(*args, **options)
            except CommandError:
                raise
            except Exception as error:
                if self.running:
                    self.stdout.write()  # ends Django's unfinished line
                state = "the database is as it was" if whole else "see showmigrations for what was done before it"
                raise CommandError(f"{self.running or 'migrate'} failed: {reason(error)} - {state}") from error
        self.report_later(connection)
        return None

    def adopt_users(self, connection, only_look):
        """Move the users of an older database to the project's model, before Django finds its history inconsistent."""
        if user_table.is_old(connection):
            if only_look:
                raise CommandError(f"the users are still in '{user_table.OLD_TABLE}' - move them with: inv up")
            table = user_table.adopt(connection)
            self.stdout.write(f"The users of '{user_table.OLD_TABLE}' are now in '{table}'; older code cannot use it.")

    def migration_progress_callback(self, action, migration=None, fake=False):
        """Remember which migration runs."""
        super().migration_progress_callback(action, migration, fake)
        if action in ("apply_start", "unapply_start"):
            self.running = migration
        elif action == "apply_success" and self.connection and self.connection.in_atomic_block:
            # Constraints that are deferred to the end of the transaction would block the next change of the table.
            self.connection.check_constraints()

    @contextmanager
    def lock(self, connection):
        """Hold the database's lock; however the process ends, the lock goes with its connection."""
        self.connection = connection
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                self.wait(cursor)
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])

    def wait(self, cursor):
        """Wait for the lock. Raises CommandError, which says whose it is, at the deadline."""
        cursor.execute(HOLDERS, [LOCK])
        role, process, is_own = cursor.fetchone() or ("migrator", 0, True)
        self.stdout.write(f"Another {'migration is running' if is_own else f'role, {role}, holds the lock'}: waiting.")
        # In place of the role's own limits, which are for the statements of migrations.
        seconds = OWN_SECONDS if is_own else OTHER_SECONDS
        cursor.execute("SELECT set_config('lock_timeout', %s, false); SET statement_timeout = 0", [f"{seconds}s"])
        try:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        except OperationalError as error:
            end = f"inv shell db, then SELECT pg_terminate_backend({process});"
            raise CommandError(
                f"role '{role}' has held the lock of migrations for {seconds} s - end its session: {end}"
            ) from error
        finally:
            cursor.execute("RESET lock_timeout; RESET statement_timeout")

    def report_later(self, connection):
        """Report migrations that this code does not know."""
        applied = MigrationExecutor(connection).loader.applied_migrations
        if later := migrations.later({*applied}):
            self.stdout.write(f"The database is newer than this code: it has {migrations.named(later)}.")


def is_atomic(connection):
    """Whether all missing migrations may run in one transaction."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return all(migration.atomic for migration, _ in plan)


def reason(error):
    """The first line of an error."""
    return next(iter(str(error).splitlines()), type(error).__name__)
