"""The secrets of the pod, in the Kubernetes form that `podman play kube` reads: created once and never shown."""

import json
import secrets

from invoke import Context, Exit

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.core.services import secret_key

BYTES = 48  # Django asks for 50 characters of at least 5 kinds: security.W009


def ensure(c: Context, project: Project) -> None:
    """Create the secrets that the pod mounts and Podman does not have yet. Raises Exit."""
    known = shell.capture(podman.names("secret")).stdout.split()
    for name in project.manifest.secrets:
        if name not in known and not c.config.run.dry:
            print(f"secret {name}: made")
            text = kubernetes(name, secret_key(name.removeprefix(f"{project.name}-")), secrets.token_urlsafe(BYTES))
            made = shell.uninterrupted(podman.kube_play("-"), text)
            if made.returncode:
                raise Exit(f"secret {name} was not made: {shell.last_lines(made.stderr, 1)} - type: inv doctor")


def kubernetes(name: str, key: str, value: str) -> str:
    """A Secret as YAML; JSON is part of it."""
    return json.dumps({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": {key: value}})
