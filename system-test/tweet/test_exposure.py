"""A forged scheme reaches no link of a tweet, and the text of a tweet reaches no line of the log."""

import pytest

from support.parts import wait_for


@pytest.mark.parametrize("header", ["X-Forwarded-Proto", "X_Forwarded_Proto", "Forwarded"])
def test_forged_scheme_is_not_in_a_link(server, tweet, header):
    answer = server.get("/tweet/", headers={header: "proto=https" if header == "Forwarded" else "https"})
    assert answer.json()[0]["href"].startswith("http://")


def test_text_of_a_tweet_is_not_stored_in_the_log(writer, log, word):
    request_id = writer.post("/tweet/", json={"text": word}).raise_for_status().headers["X-REQUEST-ID"]
    wait_for(lambda: log.lines(request_id), 5, f"no line of {request_id}")
    assert [line for line in log.new() if word.encode() in line] == []
