"""A kept connection is used again unless the server has ended it; a statement tells the request that it is of."""

import select
from unittest.mock import Mock

import pytest
from django.db import connection
from django.db.backends.postgresql import base
from django.test import RequestFactory

from runtime.log import current

pytestmark = pytest.mark.django_db(transaction=True)


def test_kept_connection_is_not_asked_about(monkeypatch):
    connection.ensure_connection()
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", Mock(side_effect=AssertionError))
    assert connection.is_usable()


def test_connection_that_the_server_ended_is_not_usable():
    with connection.cursor() as cursor:
        cursor.execute("SET idle_session_timeout = '1ms'")
    select.select([connection.connection], [], [], 5)
    assert not connection.is_usable()
    connection.close()


def test_server_is_asked_after_an_error(monkeypatch):
    connection.ensure_connection()
    connection.errors_occurred = True
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", Mock(return_value=False))
    assert not connection.is_usable()
    connection.errors_occurred = False


@pytest.fixture
def statement():
    """Run a statement as part of a request with an id, or of none; return what reaches the database."""

    def statement(request_id=None):
        request = RequestFactory().get("/")
        if request_id is not None:
            request.id = request_id
        token = current.set(request)
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s", ["1"])
            current.reset(token)
            return cursor.cursor.query.decode()

    return statement


def test_statement_begins_with_the_id_of_its_request(statement):
    assert statement("my-id.1_2") == "/*request_id=my-id.1_2*/ SELECT '1'"


@pytest.mark.parametrize("request_id", ["*/ DROP TABLE x; /*", "a b", "%s", "", "x" * 65, "ä", "a\n", None])
def test_id_that_is_none_is_left_out(statement, request_id):
    assert statement(request_id) == "SELECT '1'"
