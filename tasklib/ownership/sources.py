"""Editing the lists of Python sources that an owner edits as well."""

import ast
from pathlib import Path

from invoke import Exit

SOURCE = Path("services/server/src")
SETTINGS, URLS = SOURCE / "config/settings.py", SOURCE / "config/urls.py"


def with_item(path: Path, name: str, item: str) -> str:
    """The text of a file with one more item at the end of a list, but before what the list takes over (`*others`)."""
    lines = path.read_text().splitlines(keepends=True)
    items = [node for node in elements(path, name) if not isinstance(node, ast.Starred)]
    if not items or items[-1].end_lineno is None:
        raise Exit(f"{path} has no item in {name} - write the first one by hand: {item}")
    indent = " " * items[-1].col_offset
    return "".join([*lines[: items[-1].end_lineno], f"{indent}{item},\n", *lines[items[-1].end_lineno :]])


def without_items(path: Path, name: str, word: str) -> str:
    """The text of a file without the items of a list that hold a word as a string, or before a dot in one."""
    lines = path.read_text().splitlines(keepends=True)
    for node in reversed(elements(path, name)):
        end = node.end_lineno or node.lineno
        if not names(node, word):
            continue
        if "".join(lines[node.lineno - 1 : end]).strip() != f"{ast.get_source_segment(path.read_text(), node)},":
            raise Exit(f"{path}:{node.lineno} holds more than an item of {name} - give the item a line of its own")
        del lines[node.lineno - 1 : end]
    return "".join(lines)


def elements(path: Path, name: str) -> list[ast.expr]:
    """The items of a list that a file assigns to a name. Raises Exit."""
    try:
        tree = ast.parse(path.read_text())
    except (OSError, SyntaxError) as error:
        raise Exit(f"{path} cannot be read: {error} - mend it first") from error
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name and isinstance(node.value, ast.List):
            return node.value.elts
    raise Exit(f"{path} has no list {name} - write it as: {name} = [...]")


def names(node: ast.expr, word: str) -> bool:
    """Whether an item names an application: "tweet", "tweet.apps.Tweet" or include("tweet.urls")."""
    texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return any(text.split(".")[0] == word for text in texts)


def imports_of(package: str) -> list[str]:
    """The places outside an application that import it, as FILE:LINE."""
    files = [path for path in sorted(SOURCE.rglob("*.py")) if package not in path.relative_to(SOURCE).parts]
    return [f"{path}:{line}" for path in files for line in imports(path, package)]


def imports(path: Path, package: str) -> list[int]:
    """The lines on which a file imports a package, or as a migration depends on it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Tuple) and "migrations" in path.parts and node.elts:
            first = node.elts[0]
            modules += [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []
        found += [node.lineno for module in modules if module.split(".")[0] == package]  # type: ignore[attr-defined]
    return found
