"""The sheet of a callback, on a real database: what is shown, what is masked, what is written down."""

import pytest
from sqlalchemy import select

from helpline import db
from helpline.callbacks.models import Callback
from helpline.calls.models import Clip
from helpline.intake import sheets
from helpline.people.accounts import Who
from helpline.people.models import AuditLine
from tests.integration.intake_rows import NUMBER, save

CORA = Who(7, "Cora", "cora", ("coordinator",), (), None, "it")
pytestmark = pytest.mark.usefixtures("database")


def a_callback(sid="CA1"):
    save(sid)
    with db.transaction() as session:
        return session.scalars(select(Callback.id).where(Callback.call_sid == sid)).one()


def a_clip(sid="CA1", audio=b"RIFF a voice", state="held"):
    with db.transaction() as session:
        clip = Clip(call_sid=sid, recording_sid=f"RE{sid}{state}", state=state, audio=audio, seconds=4)
        session.add(clip)
        session.flush()
        return clip.id


def lines():
    with db.transaction() as session:
        return [(line.who, line.what, line.about) for line in session.scalars(select(AuditLine))]


def test_a_sheet_shows_all_that_is_asked_on_a_shared_telephone_and_masks_the_number():
    first, _ = a_callback("CA1"), a_callback("CA2")
    with db.transaction() as session:
        sheet = sheets.of_callback(session, first)
    assert [ask.mine for ask in sheet.asks] == [True, False]
    assert sheet.number == f"•••• {NUMBER[-3:]}"
    assert NUMBER not in repr(sheet)
    assert sheet.earlier == ()
    assert lines() == [], "to open a sheet reveals nothing"


def test_what_was_asked_before_from_this_number_is_shown_to_those_who_may():
    first = a_callback("CA1")
    with db.transaction() as session:
        ask = session.get_one(sheets.Ask, session.get_one(Callback, first).ask_id)
        sheets.asks.cancel(session, ask)
    second = a_callback("CA2")
    with db.transaction() as session:
        assert [line.state for line in sheets.of_callback(session, second, history=True).earlier] == [
            "cancelled"
        ]


def test_a_message_is_heard_through_its_own_callback_only_and_each_listening_is_written_down():
    first, other = a_callback("CA1"), a_callback("CA2")
    clip = a_clip("CA1")
    with db.transaction() as session:
        assert [c.can_be_heard for c in sheets.of_callback(session, first).clips] == [True]
        assert sheets.listen(session, first, clip, CORA) == b"RIFF a voice"
        with pytest.raises(sheets.Unknown):
            sheets.listen(session, other, clip, CORA)
    assert lines() == [("person 7", "listened", f"clip {clip}")]


def test_a_recording_in_which_nobody_speaks_is_no_message():
    first = a_callback("CA1")
    a_clip("CA1", audio=None, state="absent")
    with db.transaction() as session:
        assert sheets.of_callback(session, first).clips == []


def test_a_number_is_revealed_with_a_reason_that_is_written_down():
    first = a_callback("CA1")
    with db.transaction() as session:
        assert sheets.reveal(session, first, CORA, why="wrong number").e164 == NUMBER
    assert lines() == [("person 7", "revealed", f"callback {first}")]
    with db.transaction() as session, pytest.raises(LookupError):
        sheets.reveal(session, 999, CORA, why="?")
