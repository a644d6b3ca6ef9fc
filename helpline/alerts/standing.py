"""Keeps what stands: looks how the line stands, raises what has held for long enough, ends what is over. Tells nobody itself."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from helpline import clock, db, environment
from helpline.alerts import episodes, gathering, limits, rules
from helpline.alerts.episodes import Episode
from helpline.alerts.kinds import MEANINGS, Kind, Setting
from helpline.alerts.models import AlertMessage, AlertRow, MessageState
from helpline.alerts.rules import Found
from helpline.config import Settings
from helpline.db import tallies
from helpline.people import audit

KEPT = timedelta(days=400)
MESSAGES_KEPT = timedelta(days=90)
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('alerts'))"


class Over(Exception):
    """The alert does not stand any more."""


def work(settings: Settings | None = None) -> int:
    """Look, and keep what was found; how many alerts were raised or ended. For the clock, in a thread of its own.

    Two at once wait for each other.
    """
    settings = settings or environment.settings()
    with db.transaction() as session:
        session.execute(text(_LOCK))
        chosen = limits.now(session)
        facts = gathering.facts(session, chosen, settings)
        return _keep(session, rules.found(facts, chosen), facts.unknown, chosen)


def acknowledge(session: Session, alert_id: int, *, who: str, note: str) -> None:
    """Somebody knows, and says what is being done: nobody is reminded of it any more. Raises `LookupError`, and `Over`."""
    row = session.get(AlertRow, alert_id, with_for_update=True)
    if row is None or row.raised_at is None:
        raise LookupError(f"no alert {alert_id}")
    if row.cleared_at is not None:
        raise Over
    row.acknowledged_at, row.acknowledged_by, row.note = clock.now(), who, note
    audit.record(session, who, "acknowledged", f"alert {alert_id}")


def forget_old() -> int:
    """Forget what was over long ago; how many alerts."""
    now = clock.now()
    with db.transaction() as session:
        tallies.forget_old(session)
        sent = AlertMessage.state != MessageState.DUE
        session.execute(delete(AlertMessage).where(sent, AlertMessage.at < now - MESSAGES_KEPT))
        old = delete(AlertRow).where(AlertRow.cleared_at < now - KEPT).returning(AlertRow.id)
        return len(session.scalars(old).all())


def _keep(
    session: Session, found: list[Found], unknown: frozenset[Kind], chosen: Mapping[Kind, Setting]
) -> int:
    now = clock.now()
    open_ones = select(AlertRow).where(AlertRow.cleared_at.is_(None)).with_for_update()
    rows = {(row.kind, row.subject): row for row in session.scalars(open_ones)}
    holding = {(str(one.kind), one.subject): one for one in found}
    lately = _ended_lately(session)
    changed = 0
    for key in sorted({*rows, *holding}):
        kind, row, one = Kind(key[0]), rows.get(key), holding.get(key)
        if kind in unknown:
            continue
        meaning, before = MEANINGS[kind], _episode(row)
        after = episodes.looked(
            before,
            now,
            held=one is not None,
            since=one.since if one else None,
            holds=meaning.holds,
            clears=episodes.patience(meaning.clears, lately.get(key, 0)) if chosen[kind].on else timedelta(0),
        )
        if after is None:
            if row is not None:
                session.delete(row)
            continue
        _write(session, row, one, after)
        was = before is not None and before.raised_at is not None
        changed += (after.raised_at is not None) - was + (after.cleared_at is not None)
    return changed


def _ended_lately(session: Session) -> dict[tuple[str, str], int]:
    """How many alerts of each kind and subject ended lately."""
    ended = AlertRow.cleared_at > clock.now() - episodes.LATELY
    counted = select(AlertRow.kind, AlertRow.subject, func.count()).where(ended)
    rows = session.execute(counted.group_by(AlertRow.kind, AlertRow.subject))
    return {(kind, subject): count for kind, subject, count in rows}


def _episode(row: AlertRow | None) -> Episode | None:
    return None if row is None else Episode(row.since, row.seen_at, row.raised_at, row.gone_since)


def _write(session: Session, row: AlertRow | None, one: Found | None, after: Episode) -> None:
    if row is None:
        if one is None:
            return
        row = AlertRow(kind=one.kind, subject=one.subject)
        session.add(row)
    if one is not None:
        row.about, row.facts = one.about, dict(one.facts)
        if row.raised_at is None:  # what was told as urgent stays so: who was woken hears the end
            row.severity = one.pressing
    row.since, row.seen_at, row.raised_at = after.since, after.seen_at, after.raised_at
    row.gone_since, row.cleared_at = after.gone_since, after.cleared_at
