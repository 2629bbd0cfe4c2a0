"""The project has a user model of its own: nothing but the move of older data names Django's."""

import re
from pathlib import Path

import pytest

from tasklib.tests.test_tree import PATHS

DJANGOS = r"auth[_.][uU]ser(\b|_)|auth\.models import .*\bUser\b|auth\.models\.User\b"
MOVE = [
    "docs/database.md",
    "services/server/src/runtime/tests/test_user_table.py",
    "services/server/src/runtime/user_table.py",
    "system-test/operator/tweet/before-users.zip",
    "system-test/operator/tweet/test_old_users.py",
]


@pytest.mark.parametrize("path", [path for path in PATHS if path not in MOVE])
def test_file_does_not_name_djangos_user_model(path):
    assert re.search(DJANGOS, Path(path).read_text()) is None


def test_pattern_finds_the_table_and_the_model():
    assert re.search(DJANGOS, "auth" + "_user_groups")
    assert re.search(DJANGOS, "from django.contrib.auth." + "models import Group, User")
