"""The state of an interrupted import survives a new version of the template."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from legacy.models import Progress, RejectedRow


@pytest.fixture
def migrate():
    """Migrate the application to a state; its newest state is back afterwards."""

    def migrate(name):
        executor = MigrationExecutor(connection)
        executor.migrate([("legacy", name)])
        return executor.loader.project_state(("legacy", name)).apps

    yield migrate
    migrate("0002_rejectedrow")


@pytest.mark.django_db(transaction=True)
def test_renamed_tables_keep_their_rows(migrate):
    apps = migrate("0001_initial")
    apps.get_model("legacy", "Progress").objects.create(table="heroes", parked=[{"add": "x"}])
    apps.get_model("legacy", "Trouble").objects.create(table="heroes", key="1", action="refused", reason="no", row={})
    migrate("0002_rejectedrow")
    assert Progress.objects.get(pk="heroes").dropped == [{"add": "x"}]
    assert RejectedRow.objects.get(table="heroes").kind == RejectedRow.Kind.INVALID
