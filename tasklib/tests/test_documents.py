"""The documents describe the tree as it is."""

import configparser
import re
from pathlib import Path

import pytest

from tasklib.tests.test_layers import ORDER
from tasklib.tests.test_tree import PATHS, text

DOCUMENTS = [path for path in PATHS if path.endswith(".md")]
UNITS = [block for path in DOCUMENTS for block in re.findall(r"```ini\n(.+?)```", text(path), re.DOTALL)]


def anchors(path):
    """The anchors of a page's headings, as GitHub and GitLab make them."""
    headings = re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)]+)\)", text(path)):
        name, _, anchor = target.partition("#")
        if not name.startswith("http"):
            page = Path(path).parent / name if name else Path(path)
            assert page.exists(), target
            assert not anchor or anchor in anchors(page), target


def test_code_map_lists_every_folder():
    section = text("docs/development.md").partition("## The code of the tasks")[2].partition("## ")[0]
    assert re.findall(r"^\| `(\w+)/` \| ", section, re.MULTILINE) == ORDER


@pytest.mark.parametrize("unit", UNITS, ids=range(len(UNITS)))
def test_printed_units_start_absolute_programs(unit):
    for section in re.split(r"(?=^# ~)", unit, flags=re.MULTILINE):
        parser = configparser.ConfigParser(interpolation=None, strict=True)
        parser.optionxform = str
        parser.read_string(section)
        programs = [line for part in parser.values() for key, line in part.items() if key.startswith("Exec")]
        assert all(line.startswith(("/", "%h/")) for line in programs)
