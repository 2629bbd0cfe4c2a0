"""Each SQLSTATE that is not the code's fault is a problem with its status, at each door."""

import pytest
from django.db import connection
from psycopg2 import errorcodes

from api.tests.doors import DOORS, WRITES, answers, troubled
from runtime import trouble

pytestmark = [pytest.mark.urls("api.tests.groups"), pytest.mark.django_db(transaction=True)]
# One of each kind; the rest of their classes is tried with a read alone.
STATES = [
    *("08006", "25006", "25P02", "28P01", "3D000", "40001", "40P01", "42501", "42P01", "53100", "53300", "55P03"),
    *("57014", "57P03", "XX001"),
]
EVERY = {code for code in vars(errorcodes).values() if isinstance(code, str) and len(code) == 5}
AVAILABILITY = {"08", "25", "26", "28", "3D", "3F", "40", "53", "55", "57", "58", "72", "F0", "HV", "XX"}


@pytest.fixture
def raised():
    """Let the database raise an SQLSTATE at the next statements."""

    def raise_state(code):
        def wrapper(execute, sql, params, many, context):
            statement = f"DO $$ BEGIN RAISE EXCEPTION 'text' USING ERRCODE = '{code}'; END $$"
            return execute(statement, None, False, context)

        return connection.execute_wrapper(wrapper)

    return raise_state


@pytest.mark.parametrize("code", STATES)
def test_state_is_a_503_at_each_door(clients, raised, caplog, code):
    word = (trouble.TROUBLES.get(code) or trouble.TROUBLES[code[:2]]).word
    with raised(code):
        assert answers(clients) == troubled(word)
    assert f"cannot be used ({word})" in caplog.text
    assert "Traceback" not in caplog.text


def test_trouble_is_a_problem(clients, raised):
    with raised("53100"):
        responses = [DOORS[name](clients) for name in [*WRITES, "admin", "admin-login"]]
    assert {response["Content-Type"] for response in responses} == {"application/problem+json"}
    assert {response.json()["detail"] for response in responses} == {"The disk of the database is full."}


@pytest.mark.parametrize(("code", "status"), [("23503", 409), ("23505", 409), ("23P01", 409), ("54001", 400)])
def test_other_state_has_its_status(clients, raised, code, status):
    with raised(code):
        response = DOORS["write"](clients)
    assert (response.status_code, "Retry-After" in response) == (status, False)


@pytest.mark.parametrize("code", ["22012", "23502", "42601", "P0001"])
def test_fault_of_the_code_is_a_500(clients, raised, code):
    with raised(code):
        assert DOORS["read"](clients).status_code == 500


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(code for code in EVERY if code[:2] in AVAILABILITY))
def test_every_state_of_these_classes_is_a_503(clients, raised, code):
    with raised(code):
        assert DOORS["read"](clients).status_code == 503
