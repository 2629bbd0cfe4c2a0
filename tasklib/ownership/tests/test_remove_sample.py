"""Each file that names the sample, after its removal."""

import subprocess
from pathlib import Path

import pytest

from tasklib.ownership import remove_sample, sources
from tasklib.ownership.remove_sample import NAMED

PAGE = """# Title

Text on samples.

| `tweet/` | the sample |
| `other/` | another |

## Remove the sample

Text.

### Below

## Next

curl localhost/tweet/
"""
PLAN = remove_sample.plan()


def test_page_loses_sections_and_lines_of_the_sample():
    expected = "# Title\n\nText on samples.\n\n| `other/` | another |\n\n### Below\n\n## Next\n\n"
    assert remove_sample.without_sample(PAGE) == expected


@pytest.mark.parametrize("path", [sources.SETTINGS, sources.URLS])
def test_nothing_is_left_in_a_source(path):
    assert "tweet" not in PLAN[path]


def test_all_files_of_the_sample_go():
    kept = [path for folder in remove_sample.FOLDERS for path in folder.rglob("*.py") if PLAN.get(path, "") is not None]
    assert kept == []


def test_no_other_source_imports_the_sample():
    assert sources.imports_of("tweet") == []


def test_line_that_goes_stands_alone():
    """A table's row, an item of a list or a command, not a part of a sentence."""
    pages = {page: remove_sample.without_sections(page.read_text()) for page in remove_sample.documents()}
    going = [(page, line) for page, text in pages.items() for line in text.splitlines() if NAMED.search(line)]
    assert [(page, line) for page, line in going if not line.startswith(("| ", "- ", "curl "))] == []


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with one file, and that file."""
    monkeypatch.chdir(tmp_path)
    file = Path("file")
    file.write_text("text")
    for words in ("init --quiet", "add file", "-c user.name=a -c user.email=b commit --quiet --message=a"):
        subprocess.run(["git", *words.split()], check=True)
    return file


def test_file_that_git_has_is_not_lost(repository):
    assert remove_sample.unknown_to_git([repository]) == []


def test_change_that_git_does_not_have_is_lost(repository):
    repository.write_text("changed")
    assert remove_sample.unknown_to_git([repository]) == ["file, whose changes git does not have"]


def test_tree_without_git_is_lost(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert remove_sample.unknown_to_git([Path("file")]) == ["the sample, which git does not have"]
