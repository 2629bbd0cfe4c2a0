"""The secrets of the pod."""

import json

from tasklib.pod import secrets


def test_kubernetes_form():
    secret = json.loads(secrets.kubernetes("x-db-app", "password", "s"))
    assert (secret["kind"], secret["stringData"]) == ("Secret", {"password": "s"})
