"""The build cache is pruned once a day."""

import os

from invoke import MockContext

from tasklib.core import shell
from tasklib.core.project import Project
from tasklib.images import prune


def test_cache_is_pruned_once_a_day(monkeypatch, tmp_path):
    commands = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shell, "run", lambda _, words, **__: commands.append(words))
    for _ in range(2):
        prune.cache(MockContext(), Project("shop"))
    assert len(commands) == 1
    os.utime(prune.PRUNED_TODAY, (0, 0))
    prune.cache(MockContext(), Project("shop"))
    assert len(commands) == 2
