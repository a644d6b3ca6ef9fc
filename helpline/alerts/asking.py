"""How each language and each organisation stands, asked of the rooms that know. Counts and moments, never who."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import hours, line
from helpline.alerts.facts import Organisation, Tongue
from helpline.api import untold
from helpline.callbacks.models import Callback, CallbackState
from helpline.languages import CODES
from helpline.live import presence, shifts
from helpline.live.models import Hold, HoldState
from helpline.routing import deadlines
from helpline.routing.models import Entity, Offer, OfferState
from helpline.voice import catalogue, current, newest


def tongues(session: Session, now: datetime, hours_ahead: int) -> tuple[Tongue, ...]:
    """How each language of the line stands now, and who will be on shift in so many hours."""
    calendar = line.current().calendar
    later = now + timedelta(hours=hours_ahead)
    board = {one.language: one for one in presence.board(session)}
    ahead = shifts.at(session, later).values()
    held: dict[str, list[datetime]] = defaultdict(list)
    waiting = select(Hold.language, Hold.joined_at).where(Hold.state == HoldState.WAITING)
    for language, since in session.execute(waiting):
        held[language].append(since)
    asked = select(Callback.language, func.count(), func.min(Callback.queued_since)).where(
        Callback.state == CallbackState.WAITING
    )
    queued: dict[str, tuple[int, datetime | None]] = {
        language: (n, at) for language, n, at in session.execute(asked.group_by(Callback.language))
    }
    clips = _clips(session)

    def is_open(code: str, at: datetime) -> bool:
        return hours.status(calendar, code, at) is hours.Status.OPEN

    def tongue(code: str) -> Tongue:
        (callbacks, oldest), (recorded, missing) = queued.get(code, (0, None)), clips.get(code, (0, 0))
        return Tongue(
            code,
            is_open=is_open(code, now),
            on_shift=board[code].on_shift,
            there=board[code].there,
            ahead=sum(code in spoken for spoken in ahead) if is_open(code, later) else None,
            held=tuple(held.get(code, ())),
            callbacks=callbacks,
            oldest=oldest,
            recorded=recorded,
            missing=missing,
        )

    return tuple(map(tongue, CODES))


def promises_passed(session: Session, now: datetime) -> int:
    """How many callbacks wait whose promised day is over, and whom nobody has tried to reach."""
    late = select(func.count()).where(
        Callback.state == CallbackState.WAITING,
        Callback.promised_on < hours.today(now),
        Callback.attempts == 0,
    )
    return session.scalar(late) or 0


def organisations(session: Session) -> tuple[Organisation, ...]:
    """The organisations of which there is anything to say."""
    names: dict[str, str] = {}
    expiring: dict[str, list[datetime]] = defaultdict(list)
    pending = select(Entity.id, Entity.name, Offer.expires_at).join(Offer, Offer.entity_id == Entity.id)
    for id, name, at in session.execute(pending.where(Offer.state == OfferState.PENDING)):
        names[id] = name
        expiring[id].append(at)
    silent = select(Entity.id, Entity.name, Entity.unanswered).where(
        Entity.paused_reason.is_not(None), Entity.unanswered >= deadlines.EXPIRIES
    )
    unanswered = {}
    for id, name, count in session.execute(silent):
        names[id], unanswered[id] = name, count
    not_told = {row.id: row.name for row in untold.listed(session)}
    names |= not_told
    return tuple(
        Organisation(id, names[id], tuple(expiring.get(id, ())), unanswered.get(id, 0), id in not_told)
        for id in sorted(names)
    )


def _clips(session: Session) -> dict[str, tuple[int, int]]:
    """Of what callers hear now: in each language so many prompts with a recording of today's text, and so many without.
    Nothing where nothing was published: what a release brings with it is looked at when it is released."""
    if not newest.number(session):
        return {}
    texts, clips = current.texts(), newest.clips(session)
    found = {}
    for language in texts.languages:
        recorded = sum(
            (language, prompt) in clips
            and clips[language, prompt][1] == catalogue.text_hash(texts.text(language, prompt))
            for prompt in texts.names
        )
        found[language] = (recorded, len(texts.names) - recorded)
    return found
