"""No migration breaks the code that runs while it is deployed; the linter's own codes, each tried once."""

import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django_migration_linter import MigrationLinter

from idempotency import migrations

pytestmark = pytest.mark.django_db
# Names of migrations that are deployed while no older code runs, each with its reason.
ACCEPTED: list[str] = []
ACCEPTED += ["0002_rejectedrow"]  # of `legacy`: its tables are used only by the import, which migrates them first
MIGRATION = """
from django.db import migrations, models
from idempotency.models import StoredAnswer


def forwards(apps, schema_editor):
    {body}


def backwards(apps, schema_editor):
    pass


def other(registry, editor):
    pass


class Migration(migrations.Migration):
    dependencies = [("idempotency", "0001_initial")]
    operations = [{operation}]
"""
REVERSIBLE = "migrations.RunPython(forwards, backwards)"
NULL = 'migrations.AddField("storedanswer", "note", models.TextField(null=True))'
INDEX = 'migrations.AddIndex("storedanswer", models.Index(fields=["body"], name="new_index"))'
UNIQUE = 'models.UniqueConstraint(fields=["key"], name="u")'
ERRORS = {
    'migrations.AlterModelTable("storedanswer", "other")': "RENAMING tables",
    'migrations.AddField("storedanswer", "note", models.TextField())': "NOT NULL constraint on columns",
    'migrations.RemoveField("storedanswer", "body")': "DROPPING columns",
    'migrations.DeleteModel("storedanswer")': "DROPPING table",
    'migrations.RenameField("storedanswer", "created", "time")': "RENAMING columns",
    'migrations.AlterField("storedanswer", "key", models.TextField())': "ALTERING columns",
    f'migrations.AddConstraint("storedanswer", {UNIQUE})': "ADDING unique constraint",
}
WARNINGS = {
    INDEX: "CREATE INDEX locks table",
    f"{NULL}, {INDEX}": "CREATE INDEX prolongs transaction",
    'migrations.RemoveIndex("storedanswer", "idempotency_age")': "DROP INDEX locks table",
    'migrations.RunSQL("REINDEX TABLE idempotency_storedanswer", "")': "REINDEX locks table",
    'migrations.RunSQL("SELECT 1")': "RunSQL data migration is not reversible",
    "migrations.RunPython(forwards)": "RunPython data migration is not reversible",
    "migrations.RunPython(other, backwards)": "RunPython names the two arguments",
}


@pytest.fixture
def lint(capsys):
    """Lint the migrations of this project; returns whether any is refused, and what is told."""

    def run(**options):
        own = [config.label for config in apps.get_app_configs() if Path(config.path).is_relative_to(settings.BASE_DIR)]
        linter = MigrationLinter(no_cache=True, include_apps=own, **options)
        linter.lint_all_migrations()
        return linter.has_errors, capsys.readouterr().out

    return run


@pytest.fixture
def lint_one(lint, settings, tmp_path, monkeypatch):
    """Lint one more migration."""

    def run(operation, body="pass"):
        package = f"migrations_{abs(hash((operation, body)))}"
        shutil.copytree(Path(migrations.__file__).parent, tmp_path / package)
        text = MIGRATION.format(operation=operation, body=body)
        (tmp_path / package / "0002_later.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        settings.MIGRATION_MODULES = {"idempotency": package}
        return lint(include_name=["0002_later"])

    return run


def test_no_migration_breaks_running_code(lint):
    refused, told = lint(ignore_name=ACCEPTED)
    assert not refused, told


@pytest.mark.parametrize("operation", ERRORS, ids=ERRORS.values())
def test_migration_that_breaks_running_code_is_refused(lint_one, operation):
    refused, told = lint_one(operation)
    assert (refused, ERRORS[operation] in told) == (True, True), told


@pytest.mark.parametrize("operation", WARNINGS, ids=WARNINGS.values())
def test_migration_that_may_be_slow_is_warned_of(lint_one, operation):
    refused, told = lint_one(operation)
    assert (refused, WARNINGS[operation] in told) == (False, True), told


def test_model_of_today_in_a_migration_is_refused(lint_one):
    refused, told = lint_one(REVERSIBLE, "StoredAnswer.objects.all().delete()")
    assert (refused, "Importing the model directly" in told) == (True, True), told


def test_model_under_another_name_is_warned_of(lint_one):
    refused, told = lint_one(REVERSIBLE, 'Other = apps.get_model("idempotency", "StoredAnswer"); Other.objects.all()')
    assert (refused, "Model variable name Other" in told) == (False, True), told


def test_nullable_column_is_fine(lint_one):
    assert "OK" in lint_one(NULL)[1]
