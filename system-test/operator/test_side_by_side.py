"""Another checkout under another name and other ports runs beside the first, and neither sees the other."""


def test_two_projects_have_data_of_their_own(running, copy):
    assert copy.inv("up").code == 0
    copy.add_group("only in the second")
    running.add_group("only in the first")
    assert "only in the second" not in running.groups()
    assert "only in the first" not in copy.groups()


def test_stopping_one_leaves_the_other(running, copy):
    before = running.ids()
    for task in ["up", "down"]:
        assert copy.inv(task).code == 0
    assert running.ids() == before
    assert running.answers()
