"""Staff manages users in the admin."""

from django.contrib.auth import get_user_model

LIST = "/admin/users/user/"


def test_users_are_listed_and_searched(manager, user):
    assert f"{LIST}{user.pk}/change/" in manager.get(LIST).text
    assert f"{LIST}{user.pk}/change/" not in manager.get(LIST, {"q": "nobody"}).text


def test_manager_makes_a_user(manager):
    password = {"password1": "correct horse", "password2": "correct horse", "usable_password": "true"}
    manager.post(f"{LIST}add/", {"username": "new", **password})
    assert get_user_model().objects.get(username="new").check_password("correct horse")
