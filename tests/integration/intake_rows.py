"""People who ask, for tests of what becomes of it: somebody saves a callback or a request, one or many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import func, select

from helpline import db
from helpline.callbacks.models import Plan
from helpline.intake import agreements, asks
from helpline.intake.models import Ask

NUMBER = "+393330000001"
OTHER = "+393330000002"
FRIDAY = date(2026, 12, 4)


def said(number=NUMBER, **more):
    return {"number": number, "number_proved": True, "window": "morning"} | more


def save(call, draft=None, language="bn"):
    with db.transaction() as session:
        return asks.save_callback(session, call, draft or said(), language, promised_on=FRIDAY)


def number_of(session, ask_id):
    """The number behind an ask; None once it is forgotten."""
    return session.get_one(Plan, session.get_one(Ask, ask_id).plan_id).number


def agree(call, key="1"):
    with db.transaction() as session:
        return agreements.record(session, call, "v1", "bn", key)


def save_request(call, draft=None, agreement=None):
    agreement = agreement or agree(call)
    with db.transaction() as session:
        return asks.save_request(
            session,
            call,
            draft or said(whom="self", region="lombardia", country="BD"),
            "bn",
            agreement_id=agreement,
            waits_without_place=False,
        )


def count(model):
    with db.transaction() as session:
        return session.scalars(select(func.count()).select_from(model)).one()


def at_once(work, items):
    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(work, items))


def state_of(saved):
    with db.transaction() as session:
        return asks.state_of(session, asks.by_id(session, saved.ask_id))
