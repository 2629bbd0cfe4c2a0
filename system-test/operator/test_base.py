"""If a registry answers, the base comes from it, and later builds use exactly the same one."""

import pytest

from support.commands import podman, untag
from support.registry import serving

IMAGE = "library/debian:slim"
DIGEST = "containers/base/digest"


@pytest.fixture
def registry(copy, tmp_path):
    """A registry that has Debian, which the copy no longer has."""
    saved = podman("save", "--format", "oci-dir", "--output", str(tmp_path / "layout"), f"localhost/{copy.name}-debian")
    assert saved.code == 0, saved.output
    copy.forget_image("debian")
    with serving(tmp_path / "layout") as registry:
        yield registry
        untag(f"{registry.address}/{IMAGE}")


@pytest.fixture
def build(copy, registry, tmp_path):
    """Build the base image from what the registry has."""
    config = tmp_path / "registries.conf"
    config.write_text(f'[[registry]]\nlocation = "{registry.address}"\ninsecure = true\n')
    knobs = {"CONTAINERS_REGISTRIES_CONF": str(config), "INVOKE_BASE": f"{registry.address}/{IMAGE}"}
    return lambda **more: copy.inv("build", "base", environment={**knobs, "INVOKE_BASE_FROM": "registry", **more})


def test_first_pull_records_the_digest(copy, registry, build):
    result = build()
    assert result.code == 0, result.output
    assert "its digest is now in containers/base/digest, commit it" in result.output
    assert (copy.folder / DIGEST).read_text().strip() == registry.digest


def test_recorded_digest_is_pulled(copy, registry, build):
    (copy.folder / DIGEST).write_text(registry.digest)
    result = build()
    assert result.code == 0, result.output
    assert f"/library/debian@{registry.digest}" in result.output


def test_other_image_under_the_tag_is_refused(copy, registry, build):
    (copy.folder / DIGEST).write_text(f"sha256:{'0' * 64}")
    result = build()
    assert result.code == 1
    assert result.last_line.endswith("could not be pulled - to build it instead: INVOKE_BASE_FROM=archive inv build")
    assert podman("image", "exists", f"localhost/{copy.name}-debian").code == 1
