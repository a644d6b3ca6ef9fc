"""What is saved: a call back, a request, a message; nothing is said to be saved before the commit."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.calls.models import Clip, ClipState
from helpline.intake import asks
from helpline.intake.wishes import agreed, complete, waited_since, wish_of
from helpline.ivr.actions.help_to_return import has_place
from helpline.ivr.actions.promises import iso, promised_day
from helpline.ivr.actions.registry import saving
from helpline.ivr.caller import Caller
from helpline.ivr.outcomes import UNAVAILABLE


@saving
def save_callback(caller: Caller, session: Session) -> str:
    """Save that somebody wants to be called; the code is said only after the commit."""
    if not complete(caller.draft()):
        return UNAVAILABLE  # the call was over, and what it had said is settled
    wish = wish_of(caller.draft())
    promised = promised_day(caller, caller.language, wish["window"])
    saved = asks.save_callback(
        session,
        caller.sid,
        wish,
        caller.language,
        promised_on=promised,
        queued_since=waited_since(caller.draft()),
    )
    return _told(caller, session, saved)


@saving
def save_request(caller: Caller, session: Session) -> str:
    """Save that somebody asks for help to return, unless the place is gone and they did not agree to wait."""
    draft = caller.draft()
    if not agreed(draft) or not complete(draft):
        return UNAVAILABLE
    place, waits = has_place(caller, session), draft.get("waits") == "yes"
    if not place and not waits:
        return "no_place"
    wish = wish_of(draft)
    saved = asks.save_request(
        session,
        caller.sid,
        wish,
        caller.language,
        agreement_id=draft["agreement_id"],
        waits_without_place=not place,
        promised_on=promised_day(caller, caller.language, wish["window"]),
    )
    return _told(caller, session, saved)


def _told(caller: Caller, session: Session, saved: asks.Saved | asks.TooMany) -> str:
    if isinstance(saved, asks.TooMany):
        return "too_many"
    caller.keep(code=saved.code, promised_on=iso(saved.promised_on), saved=True, queued_since=None)
    return "saved"


@saving
def save_message(caller: Caller, session: Session) -> str:
    """Whether something was recorded: its row is written by the webhook that announced it."""
    heard = (Clip.call_sid == caller.sid) & (Clip.kind == "message") & (Clip.state != ClipState.ABSENT)
    return "saved" if session.scalars(select(Clip.id).where(heard).limit(1)).first() else "nothing"
