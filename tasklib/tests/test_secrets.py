"""The secrets of the pod."""

import json

from tasklib import pod, secrets
from tasklib.project import POD_FILE


def test_every_secret_of_the_pod_has_its_key():
    manifest = pod.load(POD_FILE)
    assert {name.removeprefix(f"{pod.name(manifest)}-") for name in pod.secrets(manifest)} == set(secrets.KEYS)


def test_kubernetes_form():
    secret = json.loads(secrets.kubernetes("x-db-app", "password", "s"))
    assert (secret["kind"], secret["stringData"]) == ("Secret", {"password": "s"})
