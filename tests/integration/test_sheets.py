"""The sheet of a callback, on a real database: what is shown, what is masked, what is written down."""

import pytest
from sqlalchemy import select

from helpline import db
from helpline.callbacks.models import Callback
from helpline.calls.models import Clip
from helpline.intake import sheets
from helpline.people.accounts import Who
from helpline.people.models import AuditLine
from tests.integration import queue_rows
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


def lines(*what):
    with db.transaction() as session:
        found = session.scalars(select(AuditLine).order_by(AuditLine.id))
        return [(one.who, one.what, one.about) for one in found if not what or one.what in what]


def test_a_sheet_shows_all_that_is_asked_on_a_shared_telephone_and_masks_the_number():
    first, _ = a_callback("CA1"), a_callback("CA2")
    with db.transaction() as session:
        sheet = sheets.of_callback(session, first, CORA)
    assert [ask.mine for ask in sheet.asks] == [True, False]
    assert sheet.number == f"•••• {NUMBER[-3:]}"
    assert NUMBER not in repr(sheet)
    assert not sheet.earlier
    assert lines() == [], "to open a sheet reveals nothing"


def test_what_was_asked_before_is_for_holder_and_coordinators_and_that_they_saw_it_is_written_down():
    first = a_callback("CA1")
    with db.transaction() as session:
        ask = session.get_one(sheets.Ask, session.get_one(Callback, first).ask_id)
        sheets.asks.cancel(session, ask)
    second = a_callback("CA2")
    amina, omar = queue_rows.person(), queue_rows.person("Omar")

    def sees(who):
        with db.transaction() as session:
            return [line.state for line in sheets.of_callback(session, second, who).earlier]

    assert (sees(amina), sees(CORA), sees(CORA)) == ([], ["cancelled"], ["cancelled"])
    saw = [(CORA.in_audit, "saw_history", f"callback {second}")]
    assert lines("saw_history") == saw, "a reload is the same look"
    queue_rows.later(minutes=31)
    queue_rows.claimed(second, amina)
    assert (sees(CORA), sees(amina), sees(omar)) == (["cancelled"], ["cancelled"], [])
    assert lines("saw_history") == [*saw, *saw, (amina.in_audit, "saw_history", f"callback {second}")]


def test_a_message_is_heard_through_its_own_callback_only_and_each_listening_is_written_down():
    first, other = a_callback("CA1"), a_callback("CA2")
    clip = a_clip("CA1")
    with db.transaction() as session:
        assert [c.can_be_heard for c in sheets.of_callback(session, first, CORA).clips] == [True]
        assert sheets.listen(session, first, clip, CORA) == b"RIFF a voice"
        with pytest.raises(sheets.Unknown):
            sheets.listen(session, other, clip, CORA)
    assert lines() == [("person 7", "listened", f"clip {clip}")]


def test_a_recording_in_which_nobody_speaks_is_no_message():
    first = a_callback("CA1")
    a_clip("CA1", audio=None, state="absent")
    with db.transaction() as session:
        assert sheets.of_callback(session, first, CORA).clips == []


def test_a_number_is_revealed_with_a_reason_that_is_written_down():
    first = a_callback("CA1")
    with db.transaction() as session:
        assert sheets.reveal(session, first, CORA, why="wrong number").e164 == NUMBER
    assert lines() == [("person 7", "revealed", f"callback {first}")]
    with db.transaction() as session, pytest.raises(LookupError):
        sheets.reveal(session, 999, CORA, why="?")
