"""Callbacks and people who ring, for tests of the queue: quick to make, in hours in which somebody rings."""

from datetime import timedelta
from itertools import count

from sqlalchemy import insert, select

from helpline import clock, db, line
from helpline.callbacks import desk, queue
from helpline.callbacks.models import Attempt, Callback
from helpline.intake import asks
from helpline.intake.models import Ask
from helpline.line.models import WeeklyHours
from helpline.people.accounts import Who
from helpline.people.models import Person
from helpline.phone import PhoneNumber
from helpline.telephony import rooms
from helpline.telephony.models import Leg, LegState, Purpose

TUESDAY = "2026-11-24 10:00"
"""An ordinary day and hour: everybody may be rung who did not ask for another part of the day."""

_numbers = count(1)


def always(first=9, last=21, days=range(7), language=None):
    """People ring in these hours of these days."""
    spans = [
        {"kind": "callback", "weekday": day, "opens": first, "closes": last, "language": language}
        for day in days
    ]
    with db.transaction() as session:
        session.execute(insert(WeeklyHours), spans)
    line.forget()


def person(name="Amina", languages=("bn",), roles=("operator",)):
    """Somebody who rings people."""
    with db.transaction() as session:
        row = Person(
            login=f"{name.lower()}{next(_numbers)}", name=name, roles=list(roles), languages=list(languages)
        )
        session.add(row)
        session.flush()
        return Who(row.id, name, row.login, tuple(roles), tuple(languages), None, "it")


def asked(language="bn", *, number=None, call=None, proved=True, window="any", promised_on=None, **more):
    """Somebody asked to be called; the callback's id. Without a number, one of their own."""
    one = next(_numbers)
    draft = {"number": number or f"+39333{one:07}", "number_proved": proved, "window": window, **more}
    with db.transaction() as session:
        saved = asks.save_callback(session, call or f"CA{one:032}", draft, language, promised_on=promised_on)
        assert isinstance(saved, asks.Saved), saved
        return queue.of_ask(session, saved.ask_id).id


def many(count):
    """So many callbacks at once, each with a number of its own; their ids. (Calls that hide their number have a daily limit.)"""
    with db.transaction() as session:
        made = []
        for _ in range(count):
            one, at = next(_numbers), clock.now()
            number = PhoneNumber(f"+39333{one:07}")
            plan = queue.open_plan(session, number, proved=True)
            ask = Ask(
                plan_id=plan.id, slot=1, call_sid=f"CA{one:032}", kind="callback", language="bn", window="any"
            )
            session.add(ask)
            session.flush()
            words = {"call_sid": ask.call_sid, "language": "bn", "window": "any", "queued_since": at}
            made.append(queue.add(session, plan, ask_id=ask.id, **words).id)
        return made


def of(callback_id):
    """The callback's row as it is now."""
    with db.transaction() as session:
        return session.get_one(Callback, callback_id)


def do(act, *words, **more):
    """One act of the desk in a transaction of its own."""
    with db.transaction() as session:
        return act(session, *words, **more)


def claimed(callback_id, who):
    """The claim of somebody who has just taken this callback."""
    claim = do(desk.claim, callback_id, who)
    assert isinstance(claim, desk.Claim), claim
    return claim


def rung(callback_id, who, cause):
    """One whole attempt, to its end; what became of the callback."""
    claim = claimed(callback_id, who)
    attempt = do(desk.attempt_began, callback_id, claim.claim_no)
    return do(desk.attempt_ended, attempt, cause)


def on_the_line(callback_id, *, recognised=None):
    """Operator and caller of the newest attempt are in one room, each on a call of their own; the attempt's id."""
    with db.transaction() as session:
        wanted = select(Attempt.id, Callback.language).join(Callback, Callback.id == Attempt.callback_id)
        attempt, language = session.execute(
            wanted.where(Callback.id == callback_id).order_by(Attempt.id.desc()).limit(1)
        ).one()
        room = rooms.open_room(session, language).name
        for purpose in (Purpose.CALLBACK_OPERATOR, Purpose.CALLBACK_CALLER):
            own = {"sid": f"CAleg{next(_numbers)}", "key": "1", "answered_at": clock.now()}
            session.add(
                Leg(
                    purpose=purpose, subject_id=attempt, language=language, room=room, ring_seconds=30,
                    detect_machine=False, state=LegState.ANSWERED, **own,
                    recognised=recognised if purpose == Purpose.CALLBACK_CALLER else None,
                )
            )  # fmt: skip
            rooms.entered(session, room, own["sid"])
        return attempt


def hung_up(attempt_id):
    """Both have hung up just now; the callback waits for its outcome."""
    with db.transaction() as session:
        for leg in session.scalars(select(Leg).where(Leg.subject_id == attempt_id, Leg.key == "1")):
            leg.state, leg.cause, leg.ended_at = LegState.ENDED, "completed", clock.now()
    do(desk.attempt_ended, attempt_id, "connected")


def later(**time):
    """Let time pass."""
    clock.set_offset(clock.offset() + timedelta(**time))


def talked(one, who):
    """Rung, and the two have talked: the claim under which somebody says how it went."""
    claim = claimed(one, who)
    do(desk.attempt_ended, do(desk.attempt_began, one, claim.claim_no), "connected")
    return claim


def go_to(at, moment):
    """Let it be that moment."""
    at(moment.astimezone(clock.ROME).strftime("%Y-%m-%d %H:%M"))
