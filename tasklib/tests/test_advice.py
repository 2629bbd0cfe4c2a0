"""Every command that a page, an alert or a message names can be typed: its task and its options exist."""

import ast
import re
import shlex

import pytest
from invoke import ParseError, Parser, Program

import tasks
from tasklib.tests.test_tree import PATHS, text

PAGES = [path for path in PATHS if re.search(r"\.(md|ya?ml|toml|conf|ini)$|Containerfile$|^\.ci/run$", path)]
SOURCES = [path for path in PATHS if path.endswith(".py") and not re.search("/tests/|^system-test/", path)]
# In backquotes, or at the end of a line of a block, up to a comment or an explanation.
IN_PAGE = re.compile(r"`inv ([^`]+)`|(?:^|\.venv/bin/|&& )inv ([^`\n]+?)(?:  .*| [|&#].*)?$", re.MULTILINE)
# A message ends with what to type.
IN_MESSAGE = re.compile(r"(?:: |\()inv ([^|&);\n]+)")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def messages(path):
    """The texts that a module may print, `1` in place of each value."""
    nodes = list(ast.walk(ast.parse(text(path))))
    documents = {ast.get_docstring(node, clean=False) for node in nodes if isinstance(node, DOCUMENTED)}
    joined = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    parts = {part for node in joined for part in node.values}
    for node in joined:
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)
    for node in nodes:
        if isinstance(node, ast.Constant) and node not in parts and node.value not in documents:
            yield str(node.value)


def commands():
    """The words behind `inv`, where they stand."""
    in_pages = {(path, "".join(groups)) for path in PAGES for groups in IN_PAGE.findall(text(path))}
    texts = {(path, message) for path in SOURCES for message in messages(path)}
    in_messages = {(path, words) for path, message in texts for words in IN_MESSAGE.findall(message)}
    # What a reader or a template fills in is a number or one word; a whole command that is filled in is not known here.
    filled = {(path, re.sub(r"\{\{.+?\}\}|\{\w+\}|\bN\b", "1", words)) for path, words in in_pages | in_messages}
    return sorted((path, words) for path, words in filled if words != "1" and not re.search(r"[$[\\]", words))


def typed(monkeypatch, words):
    """Parse the words of a command line as Invoke does."""
    monkeypatch.setattr("sys.argv", ["inv", *words])
    Parser(initial=Program().initial_context, contexts=tasks.ns.to_contexts()).parse_argv(words)


@pytest.mark.parametrize(("path", "words"), commands())
def test_command_can_be_typed(monkeypatch, path, words):
    command = shlex.split(words)
    try:
        typed(monkeypatch, command)
    except ParseError as error:
        # A page may name a task without what it needs.
        if len(command) > 1 or "required positional" not in str(error):
            raise


def test_unknown_task_and_option_are_found(monkeypatch):
    for words in (["upp"], ["up", "--grap"]):
        with pytest.raises(ParseError):
            typed(monkeypatch, words)
