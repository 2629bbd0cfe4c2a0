"""The fixtures that all unit tests share: a database for each process of pytest."""

import pytest
from django.db import connection

ARGUMENTS = pytest.Config.ArgsSource.ARGS


def pytest_xdist_auto_num_workers(config):
    """Let one process do what was selected: each further one takes a second to start."""
    selected = any(config.getoption(option, None) for option in ["keyword", "markexpr", "lf"])
    return 0 if selected or config.args_source is ARGUMENTS else None


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, django_db_createdb, worker_id):
    """Clone the migrated, empty test database for this process; --create-db migrates a new one instead."""
    if django_db_createdb:
        # Not the one that others clone.
        connection.settings_dict["TEST"]["NAME"] += f"_created_{worker_id}"
        yield request.getfixturevalue("django_db_setup")
        return
    creation, settings = connection.creation, connection.settings_dict
    served = settings["NAME"]
    with django_db_blocker.unblock():
        # In place: the connections of other threads are made from the same dictionary.
        settings["NAME"] = settings["TEST"]["NAME"]
        creation.clone_test_db(worker_id, verbosity=0)
        settings["NAME"] = creation.get_test_db_clone_settings(worker_id)["NAME"]
    yield
    with django_db_blocker.unblock():
        creation.destroy_test_db(served, verbosity=0)
