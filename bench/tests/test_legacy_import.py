"""The figures of an import, from what each way took; none of these needs Podman."""

from bench import legacy_import


def test_points_are_for_as_many_rows():
    took = {way: {"rows": legacy_import.ROWS, "seconds": 2, "import": 1.5, "memory": 60} for way in legacy_import.WAYS}
    took["save"] = {"rows": 2500, "seconds": 3}
    took["select"]["seconds"] = 1
    points = legacy_import.points(took)
    assert (points["save"], points["changed"], points["unchanged"]) == (300, 2, 0.75)
    assert {*points} | {"memory_many"} == {*legacy_import.wanted()}
