"""The figures of an import, from the reports of each way; these tests need no Podman."""

from bench import legacy_import


def test_points_are_for_the_same_number_of_rows():
    reports = {
        way: {"rows": legacy_import.ROWS, "seconds": 2, "import": 1.5, "memory": 60} for way in legacy_import.WAYS
    }
    reports["save"] = {"rows": 2500, "seconds": 3}
    reports["select"]["seconds"] = 1
    points = legacy_import.points(reports)
    assert (points["save"], points["changed"], points["unchanged"]) == (300, 2, 0.75)
    assert {*points} | {"memory_many"} == {*legacy_import.all_figures()}
