"""Mistakes in options, variables, invoke.yaml and pod.yaml: one line each, no traceback, and nothing runs."""

import sys
from pathlib import Path

import pytest
import yaml
from invoke import Program

from tasklib.core import manifest, project, server_variables, settings

ROOT = Path.cwd()
OFFSET = "use a number from 0 to 50000"
NAME = "use lower case letters, digits and dashes, 40 at most"


@pytest.fixture
def inv(monkeypatch, tmp_path, capfd):
    """Type `inv --dry WORDS` where no program is installed; returns the exit code and the lines on standard error."""
    for name in [name for name in settings.os.environ if name.startswith(("INVOKE_", "DJANGO_", "LEGACY_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(ROOT)

    def run(*words, **environment):
        settings.read.cache_clear()
        manifest.read.cache_clear()
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["inv", "--dry", *words])
        with pytest.raises(SystemExit) as end:
            Program(binary_names=["inv"]).run()
        return end.value.code, capfd.readouterr().err.splitlines()

    yield run
    settings.read.cache_clear()
    manifest.read.cache_clear()


@pytest.mark.parametrize(
    ("variable", "value", "end"),
    [
        ("ARCHIVE", "maybe", "is 'maybe' instead of true or false"),
        ("PORT_OFFSET", "abc", "is 'abc' instead of a whole number"),
        ("PORT_OFFSET", "1.5", "is '1.5' instead of a whole number"),
        ("PORT_OFFSET", "", "is '' instead of a whole number"),
        ("PORT_OFFSET", "70000", f"is 70000 - {OFFSET}"),
        ("PORT_OFFSET", "-9000", f"is -9000 - {OFFSET}"),
        ("UP_SECONDS", "2m", "is '2m' instead of a whole number"),
        ("UP_SECONDS", "0", "is 0 - use a number from 1 to 86400"),
        ("UP_SECONDS", "-1", "is -1 - use a number from 1 to 86400"),
        ("NAME", "a b", f"is 'a b' - {NAME}"),
        ("NAME", "../x", f"is '../x' - {NAME}"),
        ("NAME", "A", f"is 'A' - {NAME}"),
        ("NAME", "-a", f"is '-a' - {NAME}"),
        ("NAME", "a" * 200, NAME),
        ("IMAGES", "a/b", f"is 'a/b' - {NAME}"),
        ("BASE", "", "name an image, as invoke.yaml does: git checkout invoke.yaml"),
        ("BASE_FROM", "foo", "is 'foo' - choose one of: auto, registry, archive"),
        ("NODE", "a\nb", "use one line of text"),
        ("SYSLOG_HOST", "logs", "is 'logs' instead of HOST:PORT"),
        ("SYSLOG_CA", "/no/such/file", "cannot be read: No such file or directory"),
        ("PORT_OFSET", "1", "is unknown - did you mean INVOKE_PORT_OFFSET?"),
        ("FOO", "1", "is unknown - the settings are in invoke.yaml"),
        ("RUN_ECHO", "false", "is 'false' - Invoke takes 0 or 1"),
        ("RUN_WATCHERS", "a", "cannot be set by a variable - write it into invoke.yaml"),
        ("TIMEOUTS_COMMAND", "abc", "is 'abc' instead of a whole number"),
        ("RUNTIME_CONFIG", "/etc/passwd", "name a file of YAML that is there"),
    ],
)
def test_wrong_variable(inv, variable, value, end):
    code, lines = inv("down", **{f"INVOKE_{variable}": value})
    assert (code, len(lines)) == (1, 1)
    assert end in lines[0]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("A", "is not NAME=value - quote a value with blanks: NAME='a value'"),
        ("A=b c", "is not NAME=value - quote a value with blanks"),
        ("A='", "has a quote that is left open - close it"),
        ("A=1\nA=2", "sets A again - keep one of the lines"),
        ("DJANGO_ADMN=1", "has DJANGO_ADMN, which is unknown - did you mean DJANGO_ADMIN?"),
        ("POSTGRES_PASSWORT=1", "which is unknown - did you mean POSTGRES_PASSWORD?"),
        ("DJANGO_XY=1", "which is unknown - see docs/configuration.md"),
    ],
)
def test_wrong_line_of_a_pods_variables(inv, monkeypatch, tmp_path, line, fault):
    monkeypatch.setattr(server_variables, "FOLDER", tmp_path)
    (tmp_path / "shop.env").write_text(line)
    code, lines = inv("down", INVOKE_NAME="shop")
    assert (code, len(lines)) == (1, 1)
    assert lines[0].startswith(f"{tmp_path}/shop.env, line {len(line.splitlines())} {fault}"[:60])
    assert fault in lines[0]


def test_all_wrong_variables_are_named_at_once(inv):
    code, lines = inv("down", INVOKE_ARCHIVE="maybe", INVOKE_PORT_OFFSET="abc", INVOKE_NAME="a b", INVOKE_FOO="1")
    assert (code, len(lines)) == (1, 4)


@pytest.mark.parametrize("value", ["false", "no", "False", "off", "0"])
def test_word_for_no_is_no(monkeypatch, value):
    assert settings.from_text(value, bool) is False


@pytest.mark.parametrize("value", ["true", "Yes", "on", "1"])
def test_word_for_yes_is_yes(value):
    assert settings.from_text(value, bool) is True


@pytest.mark.parametrize("variable", ["INVOKE_RUN_ECHO", "INVOKE_RUN_PTY", "INVOKE_TASKS_DEDUPE"])
def test_variable_of_invoke_is_left_to_it(variable):
    assert list(settings.unknown_variables({variable: "1"})) == []


@pytest.mark.parametrize("name", ["DJANGO_ADMIN", "DJANGO_ADMN"])
def test_variable_that_does_not_reach_the_server_is_a_warning(inv, name):
    _, lines = inv("down", **{name: "1"})
    assert (
        lines[0]
        == f"{name} does not reach the server - write it into env/{project.common_name()}.env: DJANGO_ADMIN=..."
    )


@pytest.mark.parametrize("name", ["DJANGO_SETTINGS_MODULE", "POSTGRES_PASSWORD", "DJANGO_OF_ANOTHER_PROJECT"])
def test_variable_of_another_program_is_left_alone(inv, name):
    _, lines = inv("down", **{name: "1"})
    assert not [line for line in lines if name in line]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["db.backup", "--keep", "two"], "--keep is 'two' instead of a whole number"),
        (["db.backup", "--keep"], "Flag --keep needed value"),
        (["db.backup", "--keep", "-1"], "-1 backups cannot be kept"),
        (["db.archive", "--keep", "two"], "--keep is 'two' instead of a whole number"),
        (["db.archive", "--keep", "0"], "0 base backups cannot be kept"),
        (["fuzz", "--cases", "many"], "--cases is 'many' instead of a whole number"),
        (["fuzz", "--cases", "0"], "--cases is 0 - use 1 or more: --cases 1"),
        (["logs", "--lines", "abc"], "--lines is 'abc' instead of a whole number"),
        (["logs", "--lines", "-1"], "--lines is -1 - use 0 or more: --lines 1"),
        (["manage", "--args", "create_user O'Brien"], "whose quote is left open"),
        (["test", "--args", "-k 'a"], "whose quote is left open"),
        (["system-test", "--args", "-k 'a"], "whose quote is left open"),
        (["logs", "sever"], "no service 'sever' - did you mean 'server'? choose one of: server, db, log, metrics"),
        (["logs", "--lines", "3", "sever"], "no service 'sever' - did you mean 'server'?"),
        (["shell", "nonsense"], "no service 'nonsense' - choose one of: server, db, log, metrics"),
        (["restart", "nonsense"], "no service 'nonsense' - choose one of: server, db, log, metrics"),
        (["build", "nonsense"], "no image 'nonsense' - choose one of: base, wheels, runtime, server"),
        (["build", "log", "nonsense"], "No idea what 'nonsense' is!"),
        (["nonsense"], "No idea what 'nonsense' is!"),
        (["up", "--nonsense"], "No idea what '--nonsense' is!"),
        (["up", "--graph=yes"], "No idea what 'yes' is!"),
        (["db.restore"], "'db.restore' did not receive required positional arguments: 'file'"),
    ],
    ids=" ".join,
)
def test_wrong_word(inv, words, message):
    code, lines = inv(*words)
    assert (code, len(lines)) == (1, 1)
    assert message in lines[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read: No such file or directory - get it again: git checkout"),
        (b"\xff\xfe", "cannot be read: not UTF-8"),
        (b"name: [a\n", "is not valid YAML: line 2, column 1"),
        (b"- a\n", "does not hold settings by name"),
        (b"", "does not hold settings by name"),
    ],
    ids=["missing", "binary", "broken", "list", "empty"],
)
def test_wrong_file_of_settings(inv, monkeypatch, tmp_path, text, message):
    monkeypatch.setattr(settings, "FILE", tmp_path / "invoke.yaml")
    if text is not None:
        settings.FILE.write_bytes(text)
    code, lines = inv("down")
    assert (code, len(lines)) == (1, 1)
    assert message in lines[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"port_offset": "x"}, "port_offset in invoke.yaml is 'x' instead of a whole number"),
        ({"port_offset": True}, "port_offset in invoke.yaml is True instead of a whole number"),
        ({"archive": "yes"}, "archive in invoke.yaml is 'yes' instead of true or false"),
        ({"name": 5}, "name in invoke.yaml is 5 instead of a text"),
        ({"node": None}, "node in invoke.yaml is missing - get it again: git checkout invoke.yaml"),
        ({"port_ofset": 1}, "port_ofset in invoke.yaml is unknown - did you mean port_offset?"),
        ({"xyz": 1}, "xyz in invoke.yaml is unknown - remove it"),
        ({"run": 1}, "run in invoke.yaml is 1 instead of a mapping"),
        ({"run": {"echos": True}}, "run.echos in invoke.yaml is unknown - did you mean echo?"),
        ({"run": {"echo": "yes"}}, "run.echo in invoke.yaml is 'yes' instead of true or false"),
        ({"tasks": {}}, "tasks.executor_class in invoke.yaml is not tasklib.executor.Menu"),
    ],
)
def test_wrong_setting(change, message):
    _, found = settings.parsed(yaml.safe_load(settings.FILE.read_text()) | change, {})
    assert [fault for fault in found if message in fault]


@pytest.mark.parametrize("text", [None, b"", b"- a\n", b"a: [b\n", b"kind: Pod\nmetadata: {name: x}\nspec: {}\n"])
@pytest.mark.parametrize("words", [["up"], ["down"], ["build"], ["status"], ["logs"]], ids=" ".join)
def test_wrong_pod_file(inv, monkeypatch, tmp_path, text, words):
    monkeypatch.setattr(project, "POD_FILE", tmp_path / "pod.yaml")
    if text is not None:
        project.POD_FILE.write_bytes(text)
    code, lines = inv(*words)
    assert code == 1
    assert [line for line in lines if not line.startswith(str(project.POD_FILE))] == []
