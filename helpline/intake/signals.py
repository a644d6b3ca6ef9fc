"""Signals: somebody of a service gives us the number of a person who agreed to be called. It makes a callback, and only
the person, an adult, can make a request of that, in the talk. Knows no page and no language's words.

Whoever signals is told the same whatever is known of the number (promise 3): where no call can be made, since the
telephone holds what it may or does not want our calls, the signal is kept for a coordinator. So it is when more comes than
all offices together send (`OF_ALL`): the form closes for one address alone, never for everybody.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from helpline import clock, hours, line
from helpline.callbacks import barring, queue
from helpline.db import keyed_hash, outbox
from helpline.intake import asks, slots
from helpline.intake.asks import Saved
from helpline.people import addresses, audit
from helpline.people.accounts import Who
from helpline.phone import PhoneNumber
from helpline.routing.network_models import Signal, SignalTry

OF_ADDRESS = {timedelta(hours=1): 12, timedelta(days=1): 40}
OF_PERSON = {timedelta(hours=1): 60, timedelta(days=1): 300}
"""So many signals from one address (an office shares one), and from one person who is signed in: then `Often`."""

OF_ALL = {timedelta(hours=1): 80, timedelta(days=1): 400}
"""So many from all who are not signed in; what comes above that is kept until a coordinator has looked at it."""

_LETTERS = "ABCDEFGHJKMNPQRTUVWXYZ2346789"  # none that is taken for another
_HALF = 4


@dataclass(frozen=True, repr=False)
class Given:
    """What stood on the form. `nonce`: the form's own, so that sending it twice (with the same answers) is one signal. `contact`: that of
    whoever signals. `by`: who is signed in, if anybody is; `address`: where the form came from."""

    nonce: str
    organisation: str
    contact: str
    number: PhoneNumber
    language: str
    window: str
    region: str | None
    minor: bool
    read_in: str
    by: Who | None = None
    address: str = ""


@dataclass(frozen=True, repr=False)
class Told:
    """What is shown once, after the commit: the person's code, and the reference of whoever signalled."""

    code: str
    reference: str


@dataclass(frozen=True)
class Often:
    """Nothing was saved: too much was sent from this address, or by this person, a moment ago."""


class Settled(LookupError):
    """There is no such signal that still waits for somebody."""


def save(session: Session, given: Given) -> Told | Often:
    """Save a signal, and the callback that it makes where one can be made; the same form twice is told the same."""
    _one_after_the_other(session)
    call_sid = _name(given)
    earlier = session.scalars(select(Signal).where(Signal.call_sid == call_sid)).one_or_none()
    if earlier is not None:
        return _again(session, earlier, given)
    if not _admitted(session, given):
        return Often()
    review = given.by is None and _is_flood(session)
    code = _fresh_code(session, given.number)
    signal = Signal(
        call_sid=call_sid,
        reference=_reference(),
        organisation=given.organisation,
        contact=given.contact,
        person_id=given.by.id if given.by else None,
        verified=given.by is not None,
        code=code,
        read_in=given.read_in,
        language=given.language,
        window=given.window,
        region=None if given.minor else given.region,
        minor=given.minor,
    )
    if review:
        keep(signal, given.number, "review")
    else:
        make(session, signal, given.number)
    session.add(signal)
    session.flush()
    if not review:
        _tell(session, signal)
    if given.by:
        audit.record(session, given.by.in_audit, "signalled", f"signal {signal.id}")
    return Told(code, signal.reference)


def try_again(session: Session, signal_id: int, *, who: str) -> bool:
    """Make the callback of a kept signal, if it can be made by now; whether it was. Raises `Settled`."""
    signal = _kept(session, signal_id)
    if signal.number is None:
        raise Settled(f"the number of signal {signal_id}")
    made = make(session, signal, PhoneNumber(signal.number))
    session.flush()
    if made:
        _tell(session, signal)
        audit.record(session, who, "tried_again", f"signal {signal_id}")
    return made


def close(session: Session, signal_id: int, *, who: str, why: str) -> None:
    """Nobody will be called for a kept signal; its number is forgotten. Raises `Settled`.

    Its code stays, and the hash by which it is found, as long as those of what was asked by telephone and has ended.
    """
    signal = _kept(session, signal_id)
    end(session, signal, why=why)
    audit.record(session, who, "closed", f"signal {signal_id}")


def close_flood(session: Session, upto: int, *, who: str, why: str) -> int:
    """Nobody will be called for the signals that were kept in a flood, up to the one of this id, which whoever closes
    them has seen; how many. Those of children stay, to be looked at one by one."""
    wanted = select(Signal).where(
        Signal.ask_id.is_(None),
        Signal.closed_at.is_(None),
        Signal.kept_because == "review",
        Signal.minor.is_(False),
        Signal.id <= upto,
    )
    found = session.scalars(wanted.order_by(Signal.id).with_for_update()).all()
    for signal in found:
        end(session, signal, why=why)
    if found:
        audit.record(
            session, who, "closed_flood", "signals", count=len(found), first=found[0].id, last=found[-1].id
        )
    return len(found)


def end(session: Session, signal: Signal, *, why: str) -> None:
    """Close a locked signal that was kept."""
    signal.closed_at, signal.closed_why, signal.number = clock.now(), why, None
    session.flush()


def _tell(session: Session, signal: Signal) -> None:
    """The Focal Points of the region hear of it, once; of a child nobody does."""
    if signal.region and not signal.minor:
        outbox.put(session, outbox.NetworkKind.SIGNAL_CAME, signal.id)


def _name(given: Given) -> str:
    """What stands where an ask has its call: the same for the same form with the same answers, and for nothing else."""
    said = (
        given.nonce,
        given.number.e164,
        given.language,
        given.window,
        given.region or "",
        str(given.minor),
    )
    return "signal-" + keyed_hash("signal", "\n".join(said))[:32]


def _again(session: Session, earlier: Signal, given: Given) -> Told:
    """The same once more; where its code was forgotten meanwhile another one, which opens as little as the first."""
    if earlier.code is None:
        earlier.code = _fresh_code(session, given.number)
        session.flush()
    return Told(earlier.code, earlier.reference)


def _fresh_code(session: Session, number: PhoneNumber) -> str:
    """A code that nothing asked with this number has, and no kept signal of it."""
    hashed = queue.hash_of(number)
    kept = select(Signal.code).where(Signal.number_hash == hashed, Signal.ask_id.is_(None))
    taken = set(session.scalars(kept))
    while (code := slots.fresh_code(session, hashed)) in taken:
        pass
    return code


def make(session: Session, signal: Signal, number: PhoneNumber, *, proved: bool = False) -> bool:
    """Make the callback of a signal, or note why there is none; whether it was made."""
    day = hours.promise(line.current().calendar, signal.language, signal.window, clock.now())
    wish = {
        "number": number.e164,
        "number_proved": proved,
        "window": signal.window,
        "minor": signal.minor,
        "region": signal.region,
    }
    saved = asks.save_callback(
        session, signal.call_sid, wish, signal.language, promised_on=day, signalled_with=signal.code
    )
    if isinstance(saved, Saved):
        signal.ask_id, signal.kept_because, signal.number = saved.ask_id, None, None
        signal.number_hash = None
        return True
    keep(signal, number, "barred" if barring.barred(session, queue.hash_of(number)) else "full")
    return False


def keep(signal: Signal, number: PhoneNumber, because: str) -> None:
    """Keep a signal of which no call is made, with the number that it is about."""
    signal.kept_because, signal.number, signal.number_hash = because, number.e164, queue.hash_of(number)


def _kept(session: Session, signal_id: int) -> Signal:
    waits = Signal.ask_id.is_(None), Signal.closed_at.is_(None)
    found = session.scalars(
        select(Signal).where(Signal.id == signal_id, *waits).with_for_update()
    ).one_or_none()
    if found is None:
        raise Settled(f"signal {signal_id}")
    return found


def _one_after_the_other(session: Session) -> None:
    """Signals are counted, and forms that are sent twice found, only when one waits for another."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("signals", 0))))


def _admitted(session: Session, given: Given) -> bool:
    """Whether one more may come from there now; counted when it may. This machine's own address has no limit of its own."""
    network = addresses.network(given.address)
    limits: dict[timedelta, int] = {}
    if given.by:
        hashed, limits = keyed_hash("signals person", str(given.by.id)), OF_PERSON
    else:
        hashed = keyed_hash("signals address", network or "unknown")
        limits = OF_ADDRESS if network else {}
    if _reached(session, limits, SignalTry.address_hash == hashed):
        return False
    session.add(SignalTry(at=clock.now(), address_hash=hashed, signed_in=given.by is not None))
    return True


def _is_flood(session: Session) -> bool:
    """Whether more came than all offices together send, the one that was just counted not among it."""
    session.flush()
    return _reached(
        session, {span: most + 1 for span, most in OF_ALL.items()}, SignalTry.signed_in.is_(False)
    )


def _reached(session: Session, limits: Mapping[timedelta, int], which: ColumnElement[bool]) -> bool:
    now = clock.now()
    counted = select(func.count(SignalTry.id)).where(which)
    return any(
        session.scalars(counted.where(SignalTry.at > now - span)).one() >= most
        for span, most in limits.items()
    )


def _reference() -> str:
    halves = ("".join(secrets.choice(_LETTERS) for _ in range(_HALF)) for _ in range(2))
    return "-".join(halves)
