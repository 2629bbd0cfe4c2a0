"""A database in trouble is a 503 that says when to retry: under real faults, at each door and in /healthcheck/."""

from contextlib import closing
from datetime import timedelta

import psycopg2
import pytest
from django.db import close_old_connections, connection
from knox.models import AuthToken

from api.tests.doors import DOORS, WRITES, answers, troubled

pytestmark = [pytest.mark.urls("api.tests.groups"), pytest.mark.django_db(transaction=True)]
HEALTH = "/healthcheck/"
TABLES = "auth_group, users_user, knox_authtoken, django_session, django_migrations, idempotency_storedanswer"


@pytest.fixture
def reconnected():
    """A new connection with other settings, as `change` gives them; the former ones at the end."""
    former = {**connection.settings_dict, "OPTIONS": {**connection.settings_dict["OPTIONS"]}}

    def change(options="", **settings):
        connection.close()
        connection.settings_dict.update(settings)
        connection.settings_dict["OPTIONS"]["options"] += options

    yield change
    connection.close()
    connection.settings_dict.update(former)


@pytest.fixture
def administrator(clients):
    """A second connection to the database of the test."""
    with closing(psycopg2.connect(**connection.get_connection_params())) as other, other.cursor() as cursor:
        other.autocommit = True
        yield cursor


@pytest.fixture
def read_only(clients, reconnected):
    reconnected(" -c default_transaction_read_only=on")


@pytest.fixture
def no_connections(administrator, reconnected):
    name = connection.settings_dict["NAME"]
    administrator.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
    reconnected()
    yield
    administrator.execute(f"ALTER DATABASE {name} CONNECTION LIMIT -1")


@pytest.fixture
def wrong_password(clients, reconnected):
    reconnected(PASSWORD="wrong")


@pytest.fixture
def wrong_role(clients, reconnected):
    reconnected(USER="nobody")


@pytest.fixture
def database_missing(clients, reconnected):
    reconnected(NAME="nowhere")


@pytest.fixture
def nothing_listens(clients, reconnected):
    reconnected(PORT=1)


@pytest.fixture
def schema_missing(administrator):
    administrator.execute("ALTER SCHEMA public RENAME TO hidden")
    yield
    administrator.execute("ALTER SCHEMA hidden RENAME TO public")


@pytest.fixture
def locked(administrator):
    """Nobody else can use a table."""
    administrator.execute(f"BEGIN; LOCK TABLE {TABLES}")
    yield
    administrator.execute("ROLLBACK")


@pytest.fixture
def statement_timeout(locked, reconnected):
    reconnected(" -c statement_timeout=30")


@pytest.fixture
def lock_timeout(locked, reconnected):
    reconnected(" -c lock_timeout=30")


FAULTS = {
    "no_connections": "no-connections",
    "wrong_password": "refused",
    "wrong_role": "refused",
    "database_missing": "missing",
    "nothing_listens": "away",
    "schema_missing": "schema",
    "statement_timeout": "busy",
    "lock_timeout": "busy",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_a_503_at_each_door(request, clients, caplog, fault):
    request.getfixturevalue(fault)
    assert answers(clients) == troubled(FAULTS[fault])
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("fault", FAULTS)
def test_health_says_which_fault(request, clients, fault):
    request.getfixturevalue(fault)
    response = clients["anybody"].get(HEALTH)
    down = {part["reason"] for part in response.json()["parts"].values() if part["status"] == "down"}
    assert (response.status_code, down) == (503, {FAULTS[fault]})
    assert {"health": (503, response["Retry-After"])} == troubled(FAULTS[fault], ["health"])


def test_write_to_a_read_only_database_is_a_503(clients, read_only, caplog):
    assert answers(clients, WRITES) == troubled("read-only", WRITES)
    assert "Traceback" not in caplog.text


def test_read_only_database_is_read(clients, read_only):
    reads = set(DOORS) - {*WRITES}
    assert {status for status, _ in answers(clients, reads).values()} == {200, 404}


def test_admin_login_to_a_read_only_database_is_a_503(clients, staff, reconnected):
    staff.set_password("correct horse")
    staff.save()
    reconnected(" -c default_transaction_read_only=on")
    response = clients["anybody"].post("/admin/login/", {"username": "staff", "password": "correct horse"})
    assert (response.status_code, response["Retry-After"]) == (503, "10")


def test_expired_token_for_a_read_only_database_is_a_401(clients, user, reconnected):
    _, token = AuthToken.objects.create(user, timedelta(seconds=-1))
    reconnected(" -c default_transaction_read_only=on")
    headers = {"authorization": f"Bearer {token}"}
    assert clients["anybody"].get("/test-group/", headers=headers).status_code == 401


def test_health_of_a_read_only_database_is_up_and_says_so(clients, read_only):
    response = clients["anybody"].get(HEALTH)
    assert (response.status_code, response.json()["parts"]["database"]["reason"]) == (200, "read-only")


def test_ended_session_is_a_503_and_the_next_request_connects(clients):
    def end(execute, sql, params, many, context):
        return execute("SET ROLE NONE; SELECT pg_terminate_backend(pg_backend_pid())", None, False, context)

    with connection.execute_wrapper(end):
        assert answers(clients, ["read"]) == troubled("away", ["read"])
    close_old_connections()  # before each request; the client of the tests leaves it out
    assert DOORS["read"](clients).status_code == 200


def test_trouble_ends_the_connection(clients, read_only):
    DOORS["login"](clients)
    close_old_connections()
    assert connection.connection is None
