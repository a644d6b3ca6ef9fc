"""Which calls there were and what happened in each. Knows nothing of what was asked for: whoever does, says so."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.calls.models import Call, Step
from helpline.db import keyed_hash, ring
from helpline.languages import CODES
from helpline.phone import PhoneNumber

FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_RANK = {"queued": 0, "initiated": 1, "ringing": 2, "in-progress": 3} | dict.fromkeys(FINAL, 4)


@dataclass(frozen=True)
class Facts:
    """What is known of a call that has ended."""

    request: bool = False
    callback: bool = False
    live: bool = False
    message: bool = False
    information: bool = False
    pressed: bool = False
    answered: bool = False


def outcome(facts: Facts) -> str:
    """The first word that applies: `request callback live message information gave_up silent refused`.

    `gave_up`: pressed something, and nothing came of it; `silent`: was answered and pressed nothing; `refused`: was
    never answered.
    """
    for word in ("request", "callback", "live", "message", "information"):
        if getattr(facts, word):
            return word
    if facts.pressed:
        return "gave_up"
    return "silent" if facts.answered else "refused"


def caller_hash(number: PhoneNumber) -> str:
    """The pseudonym of a caller in the log of calls: another every year, and not the one plans are found by."""
    return _pseudonym(number, clock.in_rome().year)


def caller_hashes(number: PhoneNumber) -> list[str]:
    """The pseudonyms under which calls of this number may stand in the log: this year's and last year's."""
    year = clock.in_rome().year
    return [_pseudonym(number, each) for each in (year, year - 1)]


def _pseudonym(number: PhoneNumber, year: int) -> str:
    return keyed_hash(f"caller {year}", number.e164)


def begin(
    session: Session,
    sid: str,
    from_: PhoneNumber | None,
    to: str | None,
    *,
    status: str = "ringing",
    set_id: int | None = None,
) -> Call:
    """The row of this call, made by whichever of several webhooks comes first, and filled by the others.

    `from_` None: withheld. An unknown status counts as ringing; an earlier or final one is never taken back.
    """
    _insert(session, sid, status)
    call = locked(session, sid)
    if from_ is not None and call.from_number is None:
        call.from_number, call.from_hash = from_.e164, caller_hash(from_)
    call.to_number = call.to_number or to or None
    call.set_id = call.set_id if call.set_id is not None else set_id
    session.flush()
    return call


def status(
    session: Session,
    sid: str,
    new: str,
    *,
    sequence: int | None = None,
    seconds: int | None = None,
) -> bool:
    """Take in an event of the carrier; False when it is older than what we know and changes nothing.

    A final status stays. The first one rings `finish_call`. A call nobody told us of (its first webhook was lost)
    gets its row here.
    """
    if new not in _RANK or not sid:
        return False
    _insert(session, sid, new if new not in FINAL else "in-progress")
    call = locked(session, sid)
    if call.status in FINAL or _RANK[new] < _RANK.get(call.status, 0):
        return False
    if (
        new not in FINAL
        and sequence is not None
        and call.last_sequence is not None
        and sequence <= call.last_sequence
    ):
        return False
    call.status = new
    if sequence is not None:
        call.last_sequence = max(sequence, call.last_sequence or 0)
    if new in FINAL:
        call.ended_at = clock.now()
        call.seconds = seconds
        if seconds is not None:
            call.started_at = min(call.started_at, call.ended_at - timedelta(seconds=seconds))
        ring(session, "finish_call", sid)
    session.flush()
    return True


def language_of(session: Session, sid: str) -> str | None:
    """The language that a call is in, or ended in; None when none was chosen."""
    chosen = Step.to_language.in_(CODES)
    last = select(Step.to_language).where(Step.call_sid == sid, chosen).order_by(Step.turn.desc()).limit(1)
    return session.scalars(last).first()


def set_of(session: Session, sid: str) -> int | None:
    """The set of prompts that a call began with; None when nobody knows it."""
    return session.scalar(select(Call.set_id).where(Call.sid == sid))


def settle_again(session: Session, sid: str) -> None:
    """Something came to light after the call was finished: its outcome is computed anew."""
    finished = update(Call).where(Call.sid == sid, Call.finished).values(finished=False).returning(Call.id)
    if session.execute(finished).first() is not None:
        ring(session, "finish_call", sid)


def locked(session: Session, sid: str) -> Call:
    """The call's row, locked until the transaction ends; `NoResultFound` when there is none."""
    wanted = select(Call).where(Call.sid == sid).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def steps_of(session: Session, sid: str) -> list[Step]:
    """The journey of a call, in the order it was walked."""
    return list(session.scalars(select(Step).where(Step.call_sid == sid).order_by(Step.turn)))


def overdue(session: Session, *, grace: timedelta = timedelta(minutes=1)) -> list[str]:
    """Sids of calls that ended a while ago and were not finished: their bell was lost."""
    late = clock.now() - grace
    return list(
        session.scalars(
            select(Call.sid).where(~Call.finished, Call.ended_at < late).order_by(Call.id).limit(200)
        )
    )


def never_ended(session: Session, *, after: timedelta = timedelta(hours=4, minutes=10)) -> list[str]:
    """Sids of calls older than the carrier lets a call last, whose end nobody told us of."""
    late = clock.now() - after
    return list(
        session.scalars(
            select(Call.sid).where(~Call.finished, Call.ended_at.is_(None), Call.started_at < late).limit(200)
        )
    )


def _insert(session: Session, sid: str, status: str) -> None:
    known = status if status in _RANK else "ringing"
    session.execute(
        insert(Call)
        .values(sid=sid, status=known, started_at=clock.now(), finished=False)
        .on_conflict_do_nothing(index_elements=["sid"])
    )
