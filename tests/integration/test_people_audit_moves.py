"""What somebody moves from one state to another is in the audit, whatever room it belongs to; what processes move is not."""

import pytest

from helpline import db
from helpline.callbacks import desk
from helpline.callbacks.desk import Outcome
from helpline.people import audit
from tests.integration import queue_rows as rows
from tests.integration.queue_rows import asked, claimed, do, person
from tests.moves import untold

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _open(database, at):
    at(rows.TUESDAY)
    rows.always()


def moves():
    """Who moved what from where to where, as the audit tells it, oldest first; it must be whole."""
    with db.transaction() as session:
        assert audit.check(session) == []
        lines = audit.listed(session, what="moved")[::-1]
    assert untold() == []
    return [(line.who, line.about, line.details["from"], line.details["into"]) for line in lines]


def test_a_callback_from_claim_to_close():
    callback, amina = asked(), person()
    claim = claimed(callback, amina)
    attempt = do(desk.attempt_began, callback, claim.claim_no)
    do(desk.attempt_answered, attempt)
    do(desk.attempt_ended, attempt, "connected")
    do(desk.finish, callback, amina, claim.claim_no, Outcome.HELPED)
    by, it = amina.in_audit, f"callback {callback}"
    told = moves()
    assert told[0] == (by, it, "waiting", "claimed")
    assert told[-1] == (by, it, "talking", "done")
    assert [move for move in told if move[0] != by] == [("caller", it, "ringing", "talking")]
    assert [into for _, _, _, into in told] == ["claimed", "ringing", "talking", "done"]


def claim_in_vain(callback, who):
    with db.transaction() as session:
        desk.claim(session, callback, who)
        raise ZeroDivisionError


def test_what_was_taken_back_did_not_happen():
    callback, amina = asked(), person()
    with db.transaction() as session:
        saved = session.begin_nested()
        desk.claim(session, callback, amina)
        saved.rollback()
    with pytest.raises(ZeroDivisionError):
        claim_in_vain(callback, amina)
    assert moves() == []
    claimed(callback, amina)
    assert len(moves()) == 1


def test_a_move_that_is_written_only_by_the_commit_is_told_too():
    callback, amina = asked(), person()
    claimed(callback, amina)
    with db.transaction() as session, session.no_autoflush:
        desk.release(session, callback, amina, 1)
    assert moves()[-1] == (amina.in_audit, f"callback {callback}", "claimed", "waiting")
