#!/usr/bin/python3
"""Copy files, and all that they need at run time, into /image, from which a final image is made.

Usage: collect [--user NAME:UID [--python PROGRAM]] PATH...

PATH is a file, a folder or a pattern of them. A program or library brings the shared libraries that `ldd` names; a
folder comes without what no service runs, and with its Python compiled. With --user /image is made ready to run: every
user may read it, under whichever umask the sources were checked out, and it describes the Debian packages that it holds
files of, as scanners read it: /usr/lib/os-release, /var/lib/dpkg/status.d.
"""

import argparse
import compileall
import glob
import os
import py_compile
import re
import shutil
import stat
import subprocess
from pathlib import Path

IMAGE = Path("/image")
# Debian's merged /usr: programs and the dynamic loader are found through these links, which differ by processor.
LINKS = {link.name: f"usr/{link.name}" for link in Path("/").iterdir() if link.is_symlink() and link.name != "usr"}
# Installers, editors, graphical tools, test suites and build files: a service never imports them.
UNUSED = shutil.ignore_patterns(
    *("__pycache__", "_dbm.*", "_gdbm.*", "_pyrepl", "config-3*", "dist-packages", "ensurepip", "idlelib", "lib2to3"),
    *("LICENSE.txt", "pydoc_data", "sitecustomize.py", "test", "tests", "tkinter", "turtledemo", "turtle.py", "venv"),
)


def needed_libraries(file: Path) -> list[Path]:
    """The shared libraries that the loader finds for a program or library; none for other files."""
    if file.is_symlink() or not file.is_file() or file.open("rb").read(4) != b"\x7fELF":
        return []
    listing = subprocess.run(["ldd", file], capture_output=True, text=True, check=False).stdout
    if "not found" in listing:
        raise SystemExit(f"collect: a library of {file} is missing:\n{listing}")
    return [Path(word) for word in listing.split() if word.startswith("/")]


def copy(path: Path) -> None:
    """Copy a file, link or folder to its place in the image, and then its libraries."""
    target = IMAGE / path.parent.resolve().relative_to("/") / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        shutil.copytree(path, target, symlinks=True, ignore=UNUSED, dirs_exist_ok=True)
    elif not target.exists(follow_symlinks=False):
        shutil.copy2(path, target, follow_symlinks=not path.is_symlink() or ".so" in path.name)
    for file in [path, *path.rglob("*")] if path.is_dir() else [path]:
        for library in needed_libraries(file):
            if not (IMAGE / library.relative_to("/")).exists():
                copy(library)


def compile_python(folder: Path) -> None:
    """Compile once and for all: a read-only root cannot cache bytecode, and the sources never change."""
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(
        folder, quiet=2, stripdir=IMAGE, workers=os.cpu_count() or 1, maxlevels=20, invalidation_mode=unchecked
    )


def open_to_all(folder: Path) -> None:
    """Give files and folders the modes that git knows: 0644 or 0755."""
    for path in folder.rglob("*"):
        if not path.is_symlink() and not path.stat().st_mode & stat.S_ISVTX:
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)


def add_user(name: str, uid: str) -> None:
    """Add the user that the container runs as, and the folders that it may write."""
    (IMAGE / "etc/passwd").write_text(f"root:x:0:0::/:/sbin/nologin\n{name}:x:{uid}:{uid}::/:/sbin/nologin\n")
    (IMAGE / "etc/group").write_text(f"root:x:0:\n{name}:x:{uid}:\n")
    # Podman mounts its tmpfs and the pod's volume over /tmp, in either order, and both take its mode. So does the
    # volume that metrics reads.
    for folder in ["tmp", f"run/stats/{name}"]:
        (IMAGE / folder).mkdir(parents=True, exist_ok=True)
        (IMAGE / folder).chmod(0o1777)


def packages(paths: list[str]) -> set[str]:
    """The Debian packages that have installed any of these files."""
    answer = subprocess.run(["dpkg-query", "--search", *paths], capture_output=True, text=True, check=False).stdout
    found = re.findall(r"^(?!diversion by)(.+?): /", answer, re.MULTILINE)
    return {name for names in found for name in names.split(", ")}


def describe() -> None:
    """Write what Debian knows of the files in the image: a scanner looks there for the versions."""
    copy(Path("/usr/lib/os-release"))
    (IMAGE / "etc").mkdir(exist_ok=True)
    (IMAGE / "etc/os-release").unlink(missing_ok=True)
    (IMAGE / "etc/os-release").symlink_to("../usr/lib/os-release")
    status = IMAGE / "var/lib/dpkg/status.d"
    status.mkdir(parents=True, exist_ok=True)
    for package in packages([f"/{path.relative_to(IMAGE)}" for path in IMAGE.rglob("*") if not path.is_dir()]):
        text = subprocess.run(["dpkg-query", "--status", package], capture_output=True, text=True, check=True).stdout
        (status / package.partition(":")[0]).write_text(text)


def main() -> None:
    """Fill /image as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--user", help="NAME:UID that the container runs as")
    parser.add_argument("--python", default="/usr/bin/python3.13", help="the interpreter that becomes python3")
    parser.add_argument("paths", nargs="*", metavar="PATH")
    options = parser.parse_args()
    for link, target in LINKS.items():
        (IMAGE / target).mkdir(parents=True, exist_ok=True)
        if not (IMAGE / link).is_symlink():
            (IMAGE / link).symlink_to(target)
    for pattern in options.paths:
        found = [Path(path) for path in glob.glob(pattern)]  # noqa: PTH207
        if not found:
            raise SystemExit(f"collect: nothing matches {pattern}")
        for path in found:
            copy(path)
            compile_python(IMAGE / path.relative_to("/"))
    if options.user:
        copy(Path(options.python))
        (IMAGE / "usr/bin/python3").symlink_to(options.python)
        compile_python(IMAGE / "usr/local/lib/pod")
        open_to_all(IMAGE)
        add_user(*options.user.split(":"))
        describe()


if __name__ == "__main__":
    main()
