"""Signals as pages show them: never with the person's number; the contact of who signalled only when asked, written down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from helpline.callbacks.models import Callback
from helpline.intake import asks
from helpline.people import accounts, audit
from helpline.routing.network_models import Signal

KEPT, CLOSED = "kept", "closed"
_WAITS = (Signal.ask_id.is_(None), Signal.closed_at.is_(None), Signal.number.is_not(None))


@dataclass(frozen=True, repr=False)
class Row:
    """One signal. `state`: a word of `asks.state_of`, or `kept` (nobody can be called yet: `kept_because`), or
    `closed` (a coordinator closed it, or its number is forgotten). `verified`: the name of who was signed in, None for the public form."""

    id: int
    reference: str
    at: datetime
    organisation: str | None
    verified: str | None
    language: str
    window: str
    region: str | None
    minor: bool
    state: str
    kept_because: str | None
    closed_why: str | None
    callback_id: int | None
    has_contact: bool


def listed(
    session: Session,
    *,
    regions: Collection[str] | None = None,
    kept: bool = False,
    reference: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[Row]:
    """The newest signals. `regions`: only adults of these (a Focal Point's), of which none is told to be kept; `kept`: those for which nobody is called
    yet, children first; `reference`: the one with it, as typed; `before`: those that come after the signal of this id."""
    newest = (Signal.minor.desc(), Signal.id.desc()) if kept else (Signal.id.desc(),)
    wanted = select(Signal).order_by(*newest).limit(limit)
    if regions is not None:
        wanted = wanted.where(Signal.region.in_(regions), Signal.minor.is_(False))
    if kept:
        wanted = wanted.where(*_WAITS)
    if before is not None:
        last = select(Signal.minor).where(Signal.id == before).scalar_subquery()
        older = (Signal.minor == last) & (Signal.id < before)
        wanted = wanted.where(or_(Signal.minor < last, older) if kept else Signal.id < before)
    if reference:
        wanted = wanted.where(Signal.reference == plain_reference(reference))
    rows = _rows(session, session.scalars(wanted).all())
    return rows if regions is None else [_as_told(row) for row in rows]


def _as_told(row: Row) -> Row:
    """As a Focal Point sees it, who may have signalled the person: one that is kept waits like others, and one that was
    closed was cancelled (decision 14), or they would learn what else that telephone has asked."""
    plain = {KEPT: "waiting", CLOSED: "cancelled"}.get(row.state, row.state)
    return replace(row, state=plain, kept_because=None, closed_why=None)


def of_ask(session: Session, ask_id: int) -> Row | None:
    """The signal that an ask came from, or None."""
    return next(
        iter(_rows(session, session.scalars(select(Signal).where(Signal.ask_id == ask_id)).all())), None
    )


def newest(session: Session) -> int:
    """The id of the newest signal; 0 where there is none."""
    return session.scalar(select(func.max(Signal.id))) or 0


def waiting(session: Session) -> tuple[int, int]:
    """For how many signals nobody is called yet, and how many of these were kept in a flood; a coordinator sees to them."""
    review = func.count(Signal.id).filter(Signal.kept_because == "review")
    waits, flood = session.execute(select(func.count(Signal.id), review).where(*_WAITS)).one()
    return waits, flood


def reveal(
    session: Session, signal_id: int, *, regions: Collection[str] | None, who: str, why: str
) -> str | None:
    """The contact of who signalled, written down as seen by `who`; None when there is none, or it is not theirs to see."""
    wanted = select(Signal).where(Signal.id == signal_id)
    if regions is not None:
        wanted = wanted.where(Signal.region.in_(regions), Signal.minor.is_(False))
    signal = session.scalars(wanted).one_or_none()
    if signal is None or signal.contact is None:
        return None
    audit.record(session, who, "revealed", f"signal {signal_id}", field="contact", why=why)
    return signal.contact


def plain_reference(reference: str) -> str:
    """A reference as it is kept, however somebody typed it."""
    letters = "".join(sign for sign in reference.upper() if sign.isalnum())
    return f"{letters[:4]}-{letters[4:]}"


def _rows(session: Session, signals: Sequence[Signal]) -> list[Row]:
    names = accounts.names(session, [one.person_id for one in signals if one.person_id])
    callbacks: dict[int, int] = dict(
        session.execute(
            select(Callback.ask_id, func.max(Callback.id))
            .where(Callback.ask_id.in_([one.ask_id for one in signals if one.ask_id]))
            .group_by(Callback.ask_id)
        ).all()
    )
    return [
        Row(
            id=one.id,
            reference=one.reference,
            at=one.created_at,
            organisation=one.organisation,
            verified=names.get(one.person_id) if one.person_id else None,
            language=one.language,
            window=one.window,
            region=one.region,
            minor=one.minor,
            state=_state(session, one),
            kept_because=one.kept_because,
            closed_why=one.closed_why,
            callback_id=callbacks.get(one.ask_id) if one.ask_id else None,
            has_contact=one.contact is not None,
        )
        for one in signals
    ]


def _state(session: Session, signal: Signal) -> str:
    if signal.ask_id is None:
        return CLOSED if signal.closed_at or signal.number is None else KEPT
    ask: Any = asks.by_id(session, signal.ask_id)
    # What becomes of the person's request is nobody's here: for the network it ended with the talk.
    return "done" if ask.kind == "request" else asks.state_of(session, ask)
