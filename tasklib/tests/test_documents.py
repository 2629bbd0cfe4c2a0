"""The documents describe the tree as it is."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

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


SECTIONS = {"service": {"Unit", "Service", "Install"}, "timer": {"Unit", "Timer", "Install"}}


@pytest.mark.parametrize("unit", UNITS, ids=range(len(UNITS)))
def test_printed_unit_can_be_pasted_as_a_file(unit, tmp_path):
    (name,) = re.findall(r"^# ~/.config/systemd/user/(\w+\.\w+)$", unit, re.MULTILINE)
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str
    parser.read_string(unit)
    assert {*parser.sections()} <= SECTIONS[name.partition(".")[2]]
    programs = [line for part in parser.values() for key, line in part.items() if key.startswith("Exec")]
    assert all(line.startswith("%h/service/.venv/bin/inv ") for line in programs)
    if shutil.which("systemd-analyze"):
        program = tmp_path / "service/.venv/bin/inv"
        program.parent.mkdir(parents=True)
        program.symlink_to(sys.executable)
        # systemd looks for the unit that a timer starts.
        (tmp_path / name.replace(".timer", ".service")).write_text("[Service]\nExecStart=/bin/true\n")
        (tmp_path / name).write_text(unit.replace("%h", str(tmp_path)))
        command = ["systemd-analyze", "verify", tmp_path / name]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_clock_that_was_ahead_does_no_harm_for_as_long_as_the_page_says():
    kept = yaml.safe_load(text("services/metrics/prometheus.yml"))["storage"]["tsdb"]["out_of_order_time_window"]
    assert (kept, "clock was up to a day ahead" in text("docs/metrics.md")) == ("1d", True)
