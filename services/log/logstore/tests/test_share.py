"""A flood of one class of lines leaves the newest lines of every other class."""

import json

import pytest

from logstore import rotate, share, store


def line(service="server", level="INFO", message="x"):
    fields = {"time": "2026-11-28T22:00:00.000000", "service": service, "process": "p", "level": level}
    return (json.dumps({**fields, "message": message}, separators=(",", ":")) + "\n").encode()


FLOOD = line(level="WARNING", message="/" + "x" * 500)
OTHERS = [line(service, level) for service in ("server", "db", "log", "metrics") for level in ("INFO", "ERROR")]


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A folder whose bounds a few files reach."""
    for name, size in {"FULL_BYTES": 256 << 10, "RESERVED_BYTES": 64 << 10, "NEEDED_BYTES": 64 << 10}.items():
        monkeypatch.setattr(store, name, size)
    monkeypatch.setattr(share, "CLASS_BYTES", 4 << 10)
    monkeypatch.setattr(share, "CONDENSED_BYTES", 8 << 10)
    rotate.make_room(tmp_path)
    return tmp_path


def fill(folder, content):
    with (folder / store.CURRENT).open("ab") as file:
        file.write(content)
    rotate.rotate(folder)
    rotate.make_room(folder)


def stored(folder):
    return b"".join(store.read(folder, number) for number in store.numbers(folder))


def test_flood_leaves_a_share_for_every_class(small):
    fill(small, b"".join(OTHERS))
    for _ in range(60):
        fill(small, FLOOD * 100)
    lines = stored(small).splitlines(keepends=True)
    assert [other for other in OTHERS if other not in lines] == []
    assert store.taken(small) <= store.FULL_BYTES


def test_order_of_the_lines_stays(small):
    numbered = [line(message=str(number)) for number in range(4000)]
    for begin in range(0, 4000, 100):
        fill(small, b"".join(numbered[begin : begin + 100]))
    lines = stored(small).splitlines(keepends=True)
    assert lines == sorted(lines, key=numbered.index)
    assert lines[-1] == numbered[-1]


def test_newest_lines_of_a_class_stay():
    content = b"".join(line(message=f"{number:06}") for number in range(10_000))
    kept = share.condensed(content)
    assert content.endswith(kept)
    assert share.CLASS_BYTES - 200 < len(kept) <= share.CLASS_BYTES


def test_forged_services_have_one_share():
    content = b"".join(line(service=f"s{number}", message="x" * 9000) for number in range(500))
    assert len(share.condensed(content)) <= (share.CLASSES + 1) * share.CLASS_BYTES


def test_forged_services_do_not_take_the_shares_of_others():
    forged = [line(service=f"s{number}", message="x" * 20_000) for number in range(500)]
    kept = share.condensed(b"".join([*OTHERS, *forged])).splitlines(keepends=True)
    assert [other for other in OTHERS if other not in kept] == []


def test_quoted_level_is_not_a_level():
    assert share.class_of(line(message='"level":"ERROR"')) == (b"server", b"")


def test_condensed_file_keeps_its_time(small):
    fill(small, FLOOD)
    before = store.written(small, 1)
    share.make_way(small)
    assert store.written(small, 1) == pytest.approx(before, abs=1e-3)


def test_disk_without_room_for_a_draft_loses_the_oldest(small, monkeypatch):
    def fail(*_, **__):
        raise OSError

    fill(small, FLOOD)
    monkeypatch.setattr(share.zlib, "compress", fail)
    assert share.make_way(small)
    assert store.numbers(small) == []
