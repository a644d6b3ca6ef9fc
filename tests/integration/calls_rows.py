"""One call as the carrier tells of it, for tests of what becomes of calls: begun, reported, walked through, finished."""

from sqlalchemy import select

from helpline import db
from helpline.calls import journeys
from helpline.calls.models import Call, Step
from helpline.intake import drafts
from helpline.intake.endings import finish_call
from helpline.phone import PhoneNumber

NUMBER = PhoneNumber("+393330000001")
SID = "CA" + "0" * 31 + "1"


def begin(sid=SID, number=NUMBER):
    with db.transaction() as session:
        return journeys.begin(session, sid, number, "+39800000000")


def status(word, sequence=None, seconds=None, sid=SID):
    with db.transaction() as session:
        return journeys.status(session, sid, word, sequence=sequence, seconds=seconds)


def call(sid=SID):
    with db.transaction() as session:
        return session.scalars(select(Call).where(Call.sid == sid)).one()


def walk(*steps, sid=SID):
    with db.transaction() as session:
        for turn, (step, heard, to_step) in enumerate(steps):
            did = "told" if to_step.startswith("info_") else None
            session.add(Step(call_sid=sid, turn=turn, step=step, heard=heard, did=did, to_step=to_step))


def keep(session, sid=SID, **fields):
    """Add to what was said in this call so far; gives all of it."""
    fields = {**drafts.opened(session, sid).fields, **fields}
    drafts.write(session, sid, fields)
    return fields


def draft_of(sid=SID):
    return drafts.peek(sid).fields


def finish(sid=SID):
    with db.transaction() as session:
        return finish_call(session, sid)


def rung(valkey):
    return valkey.llen("rq:queue:ring")
