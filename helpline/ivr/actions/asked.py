"""What was asked before: found by its code, told, changed, withdrawn."""

from sqlalchemy.orm import Session

from helpline import phone
from helpline.intake import asks, finding, kept
from helpline.intake.models import Ask
from helpline.ivr.actions import promises
from helpline.ivr.actions.number import CHANGE
from helpline.ivr.actions.promises import iso, promised_day
from helpline.ivr.actions.registry import keeping, saving
from helpline.ivr.caller import Caller
from helpline.routing.network_models import Signal


@saving
def check_code(caller: Caller, session: Session) -> str:
    """Find what was asked with this number and this code; an unknown number and a wrong code sound alike."""
    draft = caller.draft()
    calls_from = caller.judged.number
    this = calls_from if draft.get("code_for") == "this" else None
    number = this or phone.judge(draft.get("code_number") or "").number
    own = number is not None and number == calls_from
    found = finding.find(session, number, draft.get("code_keyed") or "", caller.sid, own=own)
    caller.keep(code_keyed=None, code_number=None, code_for=None, asked=None, asked_signal=None)
    if isinstance(found, finding.Kept):
        signal, still = found.signal, kept.is_open(found.signal)
        promised = iso(kept.promised_on(signal))
        caller.keep(asked_signal=signal.id, asked_state="waiting" if still else "done", promised_on=promised)
        return "right" if still else "closed"
    if isinstance(found, finding.Found):
        promised = iso(found.ask.promised_on)
        caller.keep(asked=found.ask.id, asked_state=_state(session, found.ask), promised_on=promised)
        return "closed" if found.ask.closed_at else "right"
    return "blocked" if isinstance(found, finding.Blocked) else "wrong"


def _state(session: Session, ask: Ask) -> str:
    word = asks.state_of(session, ask)
    if word == "waiting" and ask.waits_without_place:
        return "no_place"
    return "done" if word == "cancelled" else word


@keeping
def change_begins(caller: Caller) -> str:
    """The number keyed next is for the ask that was found, until the caller takes another way."""
    caller.keep(way=CHANGE, number_tries=0)
    return "begun"


@saving
def change_window(caller: Caller, session: Session) -> str:
    """Another part of the day for the ask that was found, of those that can be offered."""
    draft = caller.draft()
    refused = promises.refused_window(caller, draft["new_window"])
    if refused:
        return refused
    found = _found(caller, session)
    if found is None:
        return _gone(caller, session)
    promised = promised_day(caller, found.language, draft["new_window"])
    if isinstance(found, Signal):
        changed = kept.change_window(session, found, draft["new_window"], promised)
    else:
        changed = asks.change_window(session, found, draft["new_window"], promised)
    if not changed:
        return _gone(caller, session)
    caller.keep(promised_on=iso(promised))
    return "changed"


@saving
def change_number(caller: Caller, session: Session) -> str:
    """Another number for the ask that was found; its code stays."""
    draft = caller.draft()
    found, number = _found(caller, session), phone.PhoneNumber(draft["number"])
    proved = bool(draft.get("number_proved"))
    caller.keep(way=None)
    if isinstance(found, Signal):
        moved = kept.change_number(session, found, number, proved=proved) or None
    else:
        moved = asks.change_number(session, found, number, proved=proved) if found else None
    if moved is None:
        return _gone(caller, session)
    return "too_many" if isinstance(moved, asks.TooMany) else "changed"


@saving
def cancel_ask(caller: Caller, session: Session) -> str:
    """Withdraw the ask that was found, everywhere."""
    found = _found(caller, session)
    if isinstance(found, Signal):
        return "cancelled" if kept.cancel(session, found) else _gone(caller, session)
    return "cancelled" if found and asks.cancel(session, found) else _gone(caller, session)


def _found(caller: Caller, session: Session) -> Ask | Signal | None:
    """What the code has found in this call: an ask, or a signal that was kept."""
    draft = caller.draft()
    if draft.get("asked_signal"):
        return kept.by_id(session, draft["asked_signal"])
    return asks.by_id(session, draft["asked"])


def _gone(caller: Caller, session: Session) -> str:
    caller.keep(asked_state="done")
    return "gone"
