"""`podman kube play` and `podman kube down` work without `inv`, and the pod becomes healthy by itself."""

from support.checkout import SERVICES
from support.commands import podman


def test_pod_becomes_healthy_by_itself(absent, eventually):
    absent.inv("up")
    absent.inv("down")
    file = f"build/{absent.name}.yaml"
    assert podman("kube", "play", file, cwd=absent.folder).code == 0

    def healthy():
        return all(podman("healthcheck", "run", f"{absent.name}-{service}").code == 0 for service in SERVICES)

    eventually(healthy)
    eventually(absent.answers)
    assert podman("kube", "down", file, cwd=absent.folder).code == 0
    assert podman("pod", "exists", absent.name).code == 1
    assert f"{absent.name}-db-data" in absent.volumes()
