"""The project made one's own: an application added and the sample removed, in both orders, and a model made by hand."""

import re
import sys
from pathlib import Path

import pytest

from support.checkout import PORTS
from support.commands import run
from support.copies import Copy
from support.pods import IMAGES, ROOT, own_name, removed, start
from tasklib.ownership import sources
from tasklib.testing import tree

NEW, REMOVE = ["new-app", "order_item"], ["remove-sample", "--yes"]
PAGE = (ROOT / "docs/development.md").read_text()
BY_HAND = PAGE.partition("## A first model")[2].partition("\n## ")[0]


def typed(copy, *words):
    """Type a task, which succeeds; returns what it printed."""
    result = copy.inv(*words)
    assert result.code == 0, result.output
    return result.output


def content(copy) -> dict[str, bytes]:
    """The content of each file that git would take."""
    return {name: (copy.folder / name).read_bytes() for name in tree.files(copy.folder)}


def test_application_added_and_sample_removed_pass_every_check(copy, tmp_path_factory):
    name = own_name()
    with removed(Copy(tmp_path_factory.mktemp("other"), name, name)) as other:
        other.fill(ROOT, IMAGES)
        for each, tasks in ((copy, [NEW, REMOVE]), (other, [REMOVE, NEW])):
            for words in tasks:
                typed(each, *words)
        assert content(copy) == content(other)
    assert not (copy.folder / "services/server/src/tweet").exists()
    typed(copy, "lint")
    # The image of the system tests is built by collecting them.
    typed(copy, "build")
    typed(copy, "test")
    result = run(sys.executable, "-m", "pytest", "--quiet", cwd=copy.folder, env=copy.environment())
    assert result.code == 0, result.output


@pytest.mark.parametrize("name", ["tweet", "token", "rest_framework", "auth", "metrics", "docs", "bench"])
def test_taken_name_is_refused_and_nothing_is_written(copy, name):
    before = (copy.folder / sources.SETTINGS).read_text()
    result = copy.inv("new-app", name)
    assert (result.code, result.last_line.startswith(f"'{name}' cannot be the name of an application: ")) == (1, True)
    assert (copy.folder / sources.SETTINGS).read_text() == before
    assert "Traceback" not in result.output


def test_sample_that_is_used_stays(copy):
    path = copy.folder / "services/server/src/order/models.py"
    path.parent.mkdir()
    path.write_text("from tweet.models import Tweet\n")
    result = copy.inv(*REMOVE)
    assert result.last_line == f"{path.relative_to(copy.folder)}:1 imports the sample - write your own there first"
    assert (copy.folder / "services/server/src/tweet/models.py").exists()


def test_table_of_the_sample_is_dropped_by_the_commands_of_the_page(copy):
    start(copy)
    typed(copy, *REMOVE)
    typed(copy, "build", "up")
    assert copy.sql("SELECT to_regclass('tweet_tweet')") == "tweet_tweet"
    execute(copy, PAGE.partition("## Remove the sample")[2].partition("\n## ")[0])
    assert copy.sql("SELECT to_regclass('tweet_tweet')") == ""
    assert copy.sql("SELECT count(*) FROM django_content_type WHERE app_label = 'tweet'") == "0"
    assert "newer than this code" not in typed(copy, "up")
    assert copy.writes()


def test_model_made_by_hand_is_served(copy):
    start(copy)
    commands = re.findall(r"```\n(.+?)```", re.sub(r"```python\n.+?```", "", BY_HAND, flags=re.DOTALL), re.DOTALL)
    for path, text in re.findall(r"^`(\S+)`\n\n```python\n(.+?)```", BY_HAND, re.DOTALL | re.MULTILINE):
        (copy.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (copy.folder / path).write_text(text)
    for file, name, item in re.findall(r"^\| `(\S+\.py)` \| `(\w+)` \| `(.+)` \|$", BY_HAND, re.MULTILINE):
        path = copy.folder / file
        path.write_text(sources.with_item(path, name, item))
    output = [execute(copy, f"```\n{block}```") for block in commands]
    assert "1 passed" in output[-1]
    assert output[-1].rstrip().endswith("[]")
    typed(copy, "lint")


def execute(copy, text):
    """Type the commands of the first block of a text, up to the first that fails; returns what they printed."""
    (block, *_) = re.findall(r"```\n(.+?)```", text, re.DOTALL)
    script = block.replace("localhost:8080", f"localhost:{PORTS['server'] + copy.offset}")
    path = f"{Path(sys.executable).parent}:{copy.environment()['PATH']}"
    result = run("bash", "-ec", script, cwd=copy.folder, env=copy.environment(PATH=path))
    assert result.code == 0, result.output
    return result.output
