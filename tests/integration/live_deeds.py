"""Live calls in tests of pages: a call that somebody has taken, and what is known and kept of it."""

from sqlalchemy import select

from helpline import clock, db
from helpline.calls import journeys
from helpline.intake.models import Ask
from helpline.live.models import Hold, HoldState
from helpline.people import audit
from helpline.phone import PhoneNumber
from tests.integration import queue_rows as rows

FROM = "+393330000001"


def in_a_call(who, *, sid="CA1", number=FROM, language="ar", minor=False):
    """A call that somebody has taken; the hold's id."""
    with db.transaction() as session:
        journeys.begin(session, sid, PhoneNumber(number) if number else None, "+39800000000")
        hold = Hold(
            call_sid=sid, language=language, minor=minor, state=HoldState.TALKING, person_id=who.who.id,
            queued_since=clock.now(), room="room",
        )  # fmt: skip
        session.add(hold)
        session.flush()
        return hold.id


def asks():
    """What has been asked, and is kept."""
    with db.transaction() as session:
        return [(ask.kind, ask.window, ask.language) for ask in session.scalars(select(Ask).order_by(Ask.id))]


def code_of(ask_id):
    """The code of an ask."""
    with db.transaction() as session:
        return session.get_one(Ask, ask_id).code


def ask_of(callback):
    """The ask of a callback."""
    return rows.of(callback).ask_id


def lines(*what):
    """Who did what to what, by the audit."""
    with db.transaction() as session:
        found = [(line.who, line.what, line.about) for line in audit.listed(session) if line.what in what]
        return found[::-1]


def over(hold):
    """The call has ended."""
    with db.transaction() as session:
        row = session.get_one(Hold, hold)
        row.state, row.ended_at = HoldState.DONE, clock.now()


def recognised(hold):
    """Of a call: whether it is known who rings."""
    with db.transaction() as session:
        return session.get_one(Hold, hold).recognised


def note_of(hold):
    """What was written down in a call."""
    with db.transaction() as session:
        return session.get_one(Hold, hold).note
