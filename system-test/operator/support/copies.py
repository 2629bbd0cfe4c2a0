"""A throw-away copy of the tree, to be damaged."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import yaml

from support.checkout import IMAGES, Checkout
from support.commands import podman, untag
from tasklib.testing import tree


class Copy(Checkout):
    """A checkout whose images have names of their own, so that it can build without touching another's."""

    def environment(self, **more: str) -> dict[str, str]:
        # A pytest that runs here would clean up the folders of the one that started it, and of any other.
        return super().environment(PYTEST_DEBUG_TEMPROOT=str(self.folder.parent), **more)

    def fill(self, source: Path, images: str) -> None:
        """Copy the files, and tag the images, so that builds find their layers."""
        self.copy_files(source)
        for image in IMAGES:
            podman("tag", f"localhost/{images}-{image}", f"localhost/{self.name}-{image}")

    def copy_files(self, source: Path) -> None:
        """Copy what git knows or would take."""
        files = [Path(name) for name in tree.files(source)]
        for file in files:
            (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / file, self.folder / file)
        # A mounted folder of another time is another one to the cache of builds.
        for folder in {parent for file in files for parent in file.parents}:
            shutil.copystat(source / folder, self.folder / folder)

    def forget_image(self, service: str) -> None:
        """Take an image's name away."""
        untag(f"localhost/{self.name}-{service}")

    def patch_image(self, service: str, source: str, target: str) -> None:
        """Put one file of the copy into its image, in a second instead of a whole build."""
        file = self.folder / "patch"
        tag = f"localhost/{self.name}-{service}"
        file.write_text(f"FROM {tag}\nCOPY {source} {target}\n")
        result = podman("build", "--file", str(file), "--tag", tag, str(self.folder))
        assert result.code == 0, result.output

    def replace(self, file: str, old: str, new: str) -> int:
        """Change a file in one place; returns the number of the line."""
        path = self.folder / file
        before, found, after = path.read_text().partition(old)
        assert found, f"{file} has no {old!r}"
        path.write_text(before + new + after)
        return before.count("\n") + 1

    @contextlib.contextmanager
    def container(self, service: str, **keys: object) -> Iterator[dict[str, str]]:
        """Give a container other keys and further variables in pod.yaml for a while; yields no settings of a call."""
        path = self.folder / "pod.yaml"
        right = path.read_text()
        manifest = yaml.safe_load(right)
        [container] = [part for part in manifest["spec"]["containers"] if part["name"] == service]
        container |= {key: container[key] + value if key == "env" else value for key, value in keys.items()}
        path.write_text(yaml.safe_dump(manifest))
        try:
            yield {}
        finally:
            path.write_text(right)
