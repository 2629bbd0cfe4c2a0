"""A superuser resolves no name in a schema where other roles may create objects."""

import subprocess

import pytest

from dbtools import archive, export_metrics, fresh

PROGRAMS = {
    "archive": lambda: archive.query("SELECT 1"),
    "fresh": lambda: fresh.psql("--command=SELECT 1"),
    "metrics": export_metrics.query,
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_program_resolves_names_in_pg_catalog_alone(monkeypatch, program):
    environments = []

    def run(command, env, **options):
        environments.append(env["PGOPTIONS"])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    PROGRAMS[program]()
    assert "-c search_path=pg_catalog" in environments[0]
