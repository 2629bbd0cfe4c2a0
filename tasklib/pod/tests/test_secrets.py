"""The secrets of the pod."""

import json

from tasklib.core.project import Project
from tasklib.pod import secrets


def test_every_secret_of_the_pod_has_its_key():
    manifest = Project("x", graph=True).manifest
    assert {name.removeprefix(f"{manifest.name}-") for name in manifest.secrets} == set(secrets.KEYS)


def test_kubernetes_form():
    secret = json.loads(secrets.kubernetes("x-db-app", "password", "s"))
    assert (secret["kind"], secret["stringData"]) == ("Secret", {"password": "s"})
