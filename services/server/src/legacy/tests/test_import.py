"""The example is imported from both kinds of database, and each rejected row has a reason."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from comics.models import NewAlias, NewAppearance, NewCharacter, NewPublisher, OldCharacter
from legacy.models import Progress, RejectedRow
from legacy.transfer import source, target

APPEARANCES = [(1, 1), (1, 2), (2, 1)]
REJECTED = [
    ("aliases", "duplicate", "the same as 1: character_id, name"),
    ("appearances", "orphan", "character_id 8 is not in comics_newcharacter"),
    ("appearances", "orphan", "character_id 99 is not in comics_newcharacter"),
    ("characters", "invalid", "no name"),
    ("characters", "nullified", "publisher_id 9 is not in comics_newpublisher"),
]
pytestmark = pytest.mark.django_db(databases=["default", "legacy"])
MANY = "INSERT INTO characters SELECT n, 'Name ' || n, 1, '2001-02-03' FROM generate_series(100, 2099) AS n"


@pytest.fixture
def run(tmp_path, capsys):
    """Return a function that runs the import and returns its output."""

    def run(*words):
        call_command("legacyimport", *words, folder=tmp_path)
        return capsys.readouterr().out

    return run


@pytest.fixture(params=["postgresql", "sqlite"])
def change_any(request):
    """Return a function that runs statements on the legacy database, for both kinds."""
    return request.getfixturevalue({"postgresql": "change", "sqlite": "change_sqlite"}[request.param])


def rejected(table):
    return [*RejectedRow.objects.filter(table=table).order_by("pk").values_list("key", "kind", "reason")]


def definitions(table):
    """All constraints and indexes of a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass"
            " UNION SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s ORDER BY 1, 2",
            [table, table],
        )
        return cursor.fetchall()


def test_rows_are_copied_or_transformed(change_any, run):
    run()
    publishers = [(1, "DC Comics", "Burbank"), (2, "Marvel", None), (5, "Tab\tand \\ and ♥", "Köln")]
    assert [*NewPublisher.objects.order_by("pk").values_list()] == publishers
    moment = datetime(2001, 2, 3, 4, 5, 6, 789_000, tzinfo=UTC)
    assert NewCharacter.objects.values_list().get(pk=2) == (2, "Hulk", "Bruce Banner", 2, moment)
    # The target generates their keys.
    assert [*NewAppearance.objects.values_list("character", "issue").order_by("character", "issue")] == APPEARANCES


def test_every_rejected_row_is_reported(change_any, run, tmp_path):
    assert "characters: 6 source rows, 5 target rows, 1 invalid, 1 nullified; 6 sampled rows compared" in run()
    rows = [json.loads(line) for line in (tmp_path / "rejected.jsonl").read_text().splitlines()]
    assert sorted((row["table"], row["kind"], row["reason"]) for row in rows) == REJECTED
    assert [comparison["faults"] for comparison in json.loads((tmp_path / "report.json").read_text())] == [[]] * 4


def test_new_row_gets_the_next_key(change, run):
    run()
    assert NewCharacter.objects.create(nickname="New", created=datetime.now(UTC)).pk == 8


def test_constraints_and_indexes_are_restored(change, run):
    tables = ["comics_newpublisher", "comics_newcharacter", "comics_newappearance", "comics_newalias"]
    before = [definitions(table) for table in tables]
    run()
    assert [definitions(table) for table in tables] == before
    with pytest.raises(IntegrityError):
        NewAlias.objects.create(character_id=1, name="Kal-El")


@pytest.mark.parametrize(("value", "name"), [(b"Caf\xe9", "Café"), (b"N\0UL", "NUL")], ids=["encoding", "nul"])
def test_text_is_repaired_by_the_function(change_sqlite, run, value, name):
    change_sqlite("INSERT INTO characters VALUES (20, CAST(? AS text), 1, '2001-02-03 04:05:06')", values=[value])
    run("--table", "publishers", "--table", "characters")
    assert NewCharacter.objects.get(pk=20).nickname == name


@pytest.mark.parametrize("value", [b"Caf\xe9", b"N\0UL"], ids=["encoding", "nul"])
def test_unrepaired_text_is_invalid(change_sqlite, run, value):
    change_sqlite("INSERT INTO publishers VALUES (4, CAST(? AS text), NULL)", values=[value])
    run("--table", "publishers")
    assert [(key, kind) for key, kind, _ in rejected("publishers")] == [("4", "invalid")]
    assert "invalid byte sequence" in rejected("publishers")[0][2]
    assert NewPublisher.objects.count() == 3


def test_database_without_encoding_is_read(bytes_database, run):
    run("--table", "publishers", "--table", "characters")
    assert NewPublisher.objects.get(pk=5).city == "Köln"
    assert NewCharacter.objects.get(pk=20).nickname == "Café"


def test_too_long_value_rejects_only_its_row(change, run):
    change("ALTER TABLE publishers ALTER name TYPE text", "INSERT INTO publishers VALUES (4, repeat('a', 256), NULL)")
    run("--table", "publishers")
    assert rejected("publishers") == [("4", "invalid", "value too long for type character varying(255)")]
    assert NewPublisher.objects.count() == 3


def test_error_of_a_function_rejects_only_its_row(change, run, monkeypatch):
    monkeypatch.setattr("comics.mappings.aware", lambda moment: moment.replace(hour=moment.second * 5, tzinfo=UTC))
    change("UPDATE characters SET created_at = '2001-01-01 00:00:04' WHERE id <> 3")
    run("--table", "publishers", "--table", "characters")
    assert rejected("characters")[0] == ("3", "invalid", "ValueError: hour must be in 0..23")


def test_value_of_wrong_type_rejects_only_its_row(change, run, monkeypatch):
    monkeypatch.setattr("comics.mappings.text", lambda name: name if name != "Odin" else 5j)
    run("--table", "publishers", "--table", "characters")
    assert ("4", "invalid") in [(key, kind) for key, kind, _ in rejected("characters")]


def test_several_values_of_wrong_type_are_invalid(change, run, monkeypatch):
    monkeypatch.setattr("comics.mappings.aware", lambda moment: {} if moment.month == 7 else moment.replace(tzinfo=UTC))
    run("--table", "publishers", "--table", "characters")
    assert {key for key, kind, _ in rejected("characters") if kind == "invalid"} == {"3", "4", "7", "8"}


def test_dry_run_is_rolled_back(change, run):
    assert "characters: 6 source rows, 5 target rows" in run("--dry-run")
    assert (NewCharacter.objects.count(), Progress.objects.count(), RejectedRow.objects.count()) == (0, 0, 0)


def test_limit_imports_the_first_rows(change_any, run):
    run("--limit", "2")
    assert [*NewCharacter.objects.order_by("pk").values_list("pk", flat=True)] == [1, 2]


def test_import_resumes_after_the_last_key(change, run, monkeypatch):
    change(MANY)
    monkeypatch.setattr(source, "CHUNK", 100)
    monkeypatch.setattr(source, "WINDOW", 500)
    run("--table", "publishers")
    write, turns = target.write, iter(range(7))

    def interrupted_write(*words):
        if next(turns, None) is None:
            raise KeyboardInterrupt
        return write(*words)

    monkeypatch.setattr(target, "write", interrupted_write)
    with pytest.raises(KeyboardInterrupt):
        run("--table", "characters")
    assert NewCharacter.objects.count() == 699
    monkeypatch.setattr(target, "write", write)
    assert "characters: 2006 source rows, 2005 target rows" in run("--table", "characters")


def test_many_rows_stream_in_several_transactions(change, run, monkeypatch):
    change("INSERT INTO publishers SELECT n, 'Name ' || n, NULL FROM generate_series(100, 2099) AS n")
    monkeypatch.setattr(target, "STREAM", 300)
    assert "publishers: 2003 source rows, 2003 target rows" in run("--table", "publishers")


def test_finished_table_is_only_verified(change, run):
    run()
    assert "characters: 6 source rows, 5 target rows" in run()


def test_changed_target_row_is_not_explained(change, run):
    run()
    NewCharacter.objects.filter(pk=1).update(nickname="Batman!!")
    with pytest.raises(CommandError, match="1 differences are not explained"):
        run()


def test_different_sum_is_not_explained(change, run, capsys):
    run()
    NewPublisher.objects.filter(pk=1).update(name="DC")
    with pytest.raises(CommandError, match="2 differences"):
        run("--table", "publishers")
    assert "NOT EXPLAINED: count and total of name: [3, 30] and [3, 23]" in capsys.readouterr().out


def test_deleted_target_row_is_not_explained(change, run):
    run()
    NewAlias.objects.filter(pk=2).delete()
    with pytest.raises(CommandError, match="are not explained"):
        run("--table", "aliases")


def test_fresh_starts_again(change, run):
    run()
    change("UPDATE publishers SET name = 'DC' WHERE id = 1")
    run("--fresh")
    assert NewPublisher.objects.get(pk=1).name == "DC"


def test_table_with_other_rows_is_not_touched(change, run):
    NewPublisher.objects.create(name="Mine")
    with pytest.raises(CommandError, match="'comics_newpublisher' has rows that no import wrote - empty the table"):
        run("--fresh")
    assert NewPublisher.objects.get().name == "Mine"


def test_unknown_table_lists_the_known_ones(change, run):
    with pytest.raises(CommandError, match="no mapping for table 'heroes' - choose from: publishers, characters"):
        run("--table", "heroes")


def test_parent_must_be_imported_first(change, run):
    with pytest.raises(CommandError, match="characters refers to publishers - import that first: --table publishers"):
        run("--table", "characters")


def test_legacy_database_refuses_writes(change):
    with pytest.raises(Exception, match=r"permission denied|read-only"):
        OldCharacter.objects.create(name="Mine", publisher_id=1, created_at=datetime.now(UTC))


def test_legacy_file_refuses_writes(change_sqlite):
    with pytest.raises(Exception, match="readonly database"):
        OldCharacter.objects.create(name="Mine", publisher_id=1, created_at=datetime.now(UTC))
