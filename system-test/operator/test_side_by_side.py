"""Another checkout under another name and other ports runs beside the first, and neither sees the other."""


def test_two_projects_have_data_of_their_own(running, copy):
    assert copy.inv("up").code == 0
    assert copy.tweet("only in the second") == 201
    assert running.tweet("only in the first") == 201
    assert "only in the second" not in running.tweets()
    assert "only in the first" not in copy.tweets()


def test_stopping_one_leaves_the_other(running, copy):
    before = running.ids()
    for task in ["up", "down"]:
        assert copy.inv(task).code == 0
    assert running.ids() == before
    assert running.answers()
