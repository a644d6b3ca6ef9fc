"""A signal for which nobody can be called yet, at the keypad: it answers to its code as one that made a call would.

So whoever signalled does not learn there what the page did not tell them: that the telephone has other asks, or is barred.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import hours, line
from helpline.intake import asks, signals
from helpline.intake.asks import Saved, TooMany
from helpline.intake.models import Ask
from helpline.phone import PhoneNumber
from helpline.routing.network_models import Signal

CANCELLED = "cancelled with the code"
REVIEW = "review"


def of_number(session: Session, number_hash: str) -> list[tuple[int, str]]:
    """The ids and codes of the kept signals of a number, those that were closed too."""
    wanted = select(Signal.id, Signal.code).where(Signal.number_hash == number_hash, Signal.ask_id.is_(None))
    return [(id, code) for id, code in session.execute(wanted.order_by(Signal.id)) if code]


def by_id(session: Session, signal_id: int) -> Signal:
    """The signal that an earlier webhook of the call found by its code, locked."""
    return session.get_one(Signal, signal_id, with_for_update=True, populate_existing=True)


def is_open(signal: Signal) -> bool:
    """Whether it still waits for somebody."""
    return signal.closed_at is None and signal.number is not None


def promised_on(signal: Signal) -> date | None:
    """The day that would have been promised, had a call been made of it."""
    return hours.promise(line.current().calendar, signal.language, signal.window, signal.created_at)


def change_window(session: Session, signal: Signal, window: str, promised_on: date | None = None) -> bool:
    """Another part of the day; False when it was closed meanwhile."""
    if (made := _made(session, signal)) is not None:
        return asks.change_window(session, made, window, promised_on)
    if not is_open(signal):
        return False
    signal.window = window
    session.flush()
    return True


def change_number(
    session: Session, signal: Signal, number: PhoneNumber, *, proved: bool
) -> Saved | TooMany | bool:
    """Ring another number: there a call may be made of it. False when it was closed meanwhile."""
    if (made := _made(session, signal)) is not None:
        return asks.change_number(session, made, number, proved=proved) or False
    if not is_open(signal):
        return False
    before = (signal.number, signal.number_hash, signal.kept_because)
    if signal.kept_because == REVIEW:  # nobody is called before a coordinator has looked at it
        signals.keep(signal, number, REVIEW)
        return True
    if number.e164 == signal.number or signals.make(session, signal, number, proved=proved):
        session.flush()
        return True
    signal.number, signal.number_hash, signal.kept_because = before
    session.flush()
    return TooMany()


def cancel(session: Session, signal: Signal) -> bool:
    """Nobody shall be called; False when it was closed meanwhile."""
    if (made := _made(session, signal)) is not None:
        return asks.cancel(session, made)
    if not is_open(signal):
        return False
    signals.end(session, signal, why=CANCELLED)
    return True


def _made(session: Session, signal: Signal) -> Ask | None:
    """The ask that a coordinator made of it between two webhooks."""
    return asks.by_id(session, signal.ask_id) if signal.ask_id is not None else None
