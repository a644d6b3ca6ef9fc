"""Sessions: when they end, who ends them, how many there are."""

import pytest

from helpline.people import sessions
from tests.integration.people_deeds import do, later, told
from tests.integration.people_rows import begin, make

pytestmark = pytest.mark.usefixtures("database")


def test_a_session_ends_when_idle_and_after_twelve_hours():
    make()
    token = begin().token
    for _ in range(24):
        assert do(sessions.whose, token)
        later(minutes=29, seconds=59)
    assert do(sessions.whose, token)
    later(minutes=1)
    assert do(sessions.whose, token) is None
    idle = begin().token
    later(minutes=31)
    assert do(sessions.whose, idle) is None


def test_what_a_page_asks_by_itself_does_not_keep_a_session_open():
    make()
    token = begin().token
    for _ in range(3):
        later(minutes=10, seconds=10)
        last = do(sessions.whose, token, touch=False)
    assert last is None


def test_sessions_are_listed_and_ended_by_their_owner():
    who, other = make("anna"), make("bea")
    tokens = [begin().token for _ in range(3)]
    theirs = begin("bea").token
    opened = do(sessions.listed, who.id, tokens[0])
    assert [one.current for one in opened] == [False, False, True]
    do(sessions.end_one, other.id, opened[0].id)
    assert do(sessions.whose, tokens[2]), "nobody ends another's"
    do(sessions.end_one, who.id, opened[0].id)
    assert do(sessions.whose, tokens[2]) is None
    assert do(sessions.end_all, who.id, except_=tokens[0]) == 1
    assert [do(sessions.whose, token) is not None for token in (*tokens, theirs)] == [
        True,
        False,
        False,
        True,
    ]
    do(sessions.end, tokens[0])
    do(sessions.end, tokens[0])
    do(sessions.end, "made-up")
    assert do(sessions.listed, who.id) == []
    assert len(told("signed_out")) == 2


def test_tokens_are_long_and_never_the_same():
    make()
    tokens = {begin().token for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 43 for token in tokens)
