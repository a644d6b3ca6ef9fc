"""Callbacks and people who ring, for tests of the queue: quick to make, in hours in which somebody rings."""

from datetime import timedelta
from itertools import count

from sqlalchemy import insert

from helpline import clock, db, line
from helpline.callbacks import desk, queue
from helpline.callbacks.models import Callback
from helpline.intake import asks
from helpline.intake.models import Ask
from helpline.line.models import WeeklyHours
from helpline.people.accounts import Who
from helpline.people.models import Person
from helpline.phone import PhoneNumber

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


def person(name="Amina", languages=("bn",)):
    """Somebody who rings people."""
    with db.transaction() as session:
        row = Person(
            login=f"{name.lower()}{next(_numbers)}", name=name, roles=["operator"], languages=list(languages)
        )
        session.add(row)
        session.flush()
        return Who(row.id, name, row.login, ("operator",), tuple(languages), None, "it")


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


def later(**time):
    """Let time pass."""
    clock.set_offset(clock.offset() + timedelta(**time))
