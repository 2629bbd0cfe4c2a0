"""Other people's tools read the description: a linter, and four generators whose clients make every call."""

import importlib
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from support.calls import every
from support.people import PASSWORD, USER

FOLDER = Path(__file__).with_name("generators")
MODULES = Path("/srv/generators/node_modules")
COMPILER = ["--strict", "--skipLibCheck", "--target", "es2022", "--module", "commonjs", "--moduleResolution", "node10",
            "--lib", "es2022,dom,dom.iterable", "--ignoreDeprecations", "5.0"]  # fmt: skip


@pytest.fixture(scope="module")
def workshop(description, tmp_path_factory):
    """A folder with the description, the programs and the packages of npm."""
    folder = tmp_path_factory.mktemp("generators")
    (folder / "openapi.json").write_text(json.dumps(description.document))
    (folder / "node_modules").symlink_to(MODULES)
    for program in FOLDER.glob("*.ts"):
        (folder / program.name).write_text(program.read_text())
    return folder


@pytest.fixture(scope="module")
def run(workshop):
    """Run a program in the folder, and return what it prints."""

    def run(*words):
        environment = os.environ | {"HOME": str(workshop)}
        result = subprocess.run(words, cwd=workshop, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
        return result.stdout

    return run


@pytest.fixture
def node(run):
    """Run a program of a package of npm, by its path in it."""
    return lambda path, *words: run("node", str(MODULES / path), *words)


@pytest.fixture
def calls(description, writer):
    """A call of every operation."""
    return every(description, writer, {"username": USER, "password": PASSWORD})


def statuses(run, program, server, calls):
    """The statuses that a compiled program gets for the calls."""
    return json.loads(
        run("node", program, str(server.base_url).rstrip("/"), json.dumps([call.without_status() for call in calls]))
    )


def test_linter_finds_nothing(node):
    words = ["--ruleset", str(FOLDER / "spectral.yaml"), "--fail-severity", "hint"]
    assert "No results" in node("@stoplight/spectral-cli/dist/index.js", "lint", "openapi.json", *words)


def test_openapi_typescript_makes_every_call(node, run, server, calls):
    node("openapi-typescript/bin/cli.js", "openapi.json", "--output", "schema.ts")
    node("typescript/bin/tsc", *COMPILER, "fetch.ts")
    assert statuses(run, "fetch.js", server, calls) == [call.status for call in calls]


def test_hey_api_makes_every_call(node, run, server, calls):
    node("@hey-api/openapi-ts/bin/run.js", "--input", "openapi.json", "--output", "sdk")
    node("typescript/bin/tsc", *COMPILER, "hey.ts")
    assert statuses(run, "hey.js", server, calls) == [call.status for call in calls]


def test_openapi_python_client_makes_every_call(run, workshop, server, calls, description, monkeypatch):
    words = ["generate", "--path", "openapi.json", "--output-path", "pythonclient", "--meta", "none"]
    run(sys.executable, "-m", "openapi_python_client", *words)
    monkeypatch.syspath_prepend(workshop)
    assert [python_status(server, call, description) for call in calls] == [call.status for call in calls]


def python_status(server, call, description):
    """The status that a function of openapi-python-client gets for a call; its answer must have been understood."""
    tag = description.operations[call.path, call.method]["tags"][0]
    module = importlib.import_module(f"pythonclient.api.{tag}.{call.operation}")
    client = importlib.import_module("pythonclient").Client(str(server.base_url).rstrip("/"), headers=call.headers)
    arguments = dict(call.parameters)
    if call.body is not None:
        hint = get_type_hints(module.sync_detailed)["body"]
        model = next(kind for kind in [hint, *get_args(hint)] if hasattr(kind, "from_dict"))
        arguments["body"] = model.from_dict(call.body)
    with client:
        answer = module.sync_detailed(client=client, **arguments)
    assert (answer.parsed is None) == (answer.status_code == 204)
    return answer.status_code


def test_models_of_datamodel_code_generator_read_every_answer(run, workshop, server, calls, description, monkeypatch):
    words = ["--input", "openapi.json", "--input-file-type", "openapi", "--output", "models.py"]
    run(sys.executable, "-m", "datamodel_code_generator", *words, "--output-model-type", "pydantic_v2.BaseModel")
    monkeypatch.syspath_prepend(workshop)
    models = importlib.import_module("models")
    assert inspect.getmembers(models, inspect.isclass)
    for call in calls:
        path = call.path.format(**call.parameters)
        answer = server.request(call.method, path, json=call.body, headers=call.headers)
        assert answer.status_code == call.status
        for model, body in described(description, call, answer):
            getattr(models, model).model_validate(body)


def described(description, call, answer):
    """Yield the name of the schema of an answer, and what it has to hold; for a list of each object."""
    contents = description.operations[call.path, call.method]["responses"].get(str(call.status), {}).get("content", {})
    for content in contents.values():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        items = description.document["components"]["schemas"].get(name, {}).get("items", {})
        if items:
            yield from ((items["$ref"].rpartition("/")[2], body) for body in answer.json())
        elif name:
            yield name, answer.json()
