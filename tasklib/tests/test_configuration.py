"""The page on the configuration names the variables that the settings read, each with its type and default."""

import ast
import re
from pathlib import Path

SETTINGS = Path("services/server/src/config/settings.py")
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| (none|empty|`[^`]*`) \| .+\.", re.MULTILINE)


def read_by_settings() -> dict[str, tuple[str, str]]:
    """The type and default of each variable, as settings.py asks for it."""
    calls = [node for node in ast.walk(ast.parse(SETTINGS.read_text())) if isinstance(node, ast.Call)]
    asked = [(ast.unparse(call.func), call) for call in calls if ast.unparse(call.func).startswith("env.")]
    return {ast.literal_eval(call.args[0]): (name.removeprefix("env."), default(call)) for name, call in asked}


def default(call: ast.Call) -> str:
    """The default as the page writes it."""
    if not call.keywords:
        return "none"
    value = ast.literal_eval(call.keywords[0].value)
    text = ",".join(value) if isinstance(value, list) else str(value)
    return f"`{text}`" if text else "empty"


def test_page_is_what_the_settings_read():
    page = {name: (kind, default) for name, kind, default in ROW.findall(Path("docs/configuration.md").read_text())}
    assert page == read_by_settings()
