"""The start of the db container: its checks, and the passwords of the roles."""

import base64

import psycopg2
import pytest
from django.conf import settings
from psycopg2.extensions import encrypt_password

from dbtools import prepare


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """A data directory of this version, and no secrets."""
    monkeypatch.setenv("PGDATA", str(tmp_path))
    monkeypatch.setattr(prepare, "SECRETS", tmp_path)
    (tmp_path / "PG_VERSION").write_text("17\n")
    return tmp_path


@pytest.fixture
def postgres():
    """A connection as the role that changes tables."""
    service = settings.DATABASES["default"]
    connection = psycopg2.connect(
        host=service["HOST"], dbname="postgres", user=service["USER"], password=service["PASSWORD"]
    )
    yield connection
    connection.close()


@pytest.mark.parametrize("password", ["plain", "with 'quotes' and \\", "$", "a" * 200])
def test_verifier_is_the_one_of_postgresql(postgres, password):
    expected = encrypt_password(password, "app", postgres, "scram-sha-256")
    salt = base64.b64decode(expected.split("$")[1].split(":")[1])
    assert prepare.scram_verifier(password, salt) == expected


def test_empty_volume_is_told(cluster):
    (cluster / "PG_VERSION").unlink()
    assert "the volume was not filled from the image" in prepare.main()


def test_data_of_another_version_is_told(cluster):
    (cluster / "PG_VERSION").write_text("16\n")
    assert prepare.main().startswith("the data is of PostgreSQL 16, this image has 17")


def test_missing_secrets_are_told(cluster):
    assert prepare.main() == f"no secret {cluster}/db-*/password - make them with: inv up"
