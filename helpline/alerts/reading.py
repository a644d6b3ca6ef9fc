"""Which alerts stand, for pages and the wallboard: values, the most pressing first. Changes nothing but which probes are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.alerts.kinds import Kind, Severity
from helpline.alerts.models import AlertRow, Probe
from helpline.people import audit

PAGE = 50


@dataclass(frozen=True)
class Standing:
    """One alert. `subject`: a language, an organisation's id, a part of ours, or nothing; `about`: the organisation's name.

    `since`: from when it held; `cleared_at`: over since then. `acknowledged_by` has said in `note` that it is known.
    `wording.title` says it in a sentence.
    """

    id: int
    kind: Kind
    subject: str
    about: str
    severity: Severity
    since: datetime
    facts: Mapping[str, int]
    cleared_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    note: str | None


@dataclass(frozen=True)
class Seen:
    """A probe: when it last reached the line, and how long that took."""

    place: str
    good_at: datetime
    took_ms: int


def standing(session: Session) -> list[Standing]:
    """What stands now: urgent ones first, then by how long."""
    wanted = select(AlertRow).where(AlertRow.cleared_at.is_(None), AlertRow.raised_at.is_not(None))
    found = [_value(row) for row in session.scalars(wanted)]
    return sorted(found, key=lambda one: (one.severity is not Severity.URGENT, one.since, one.id))


def past(session: Session, *, before: int | None = None, limit: int = PAGE) -> Sequence[Standing]:
    """What stood and is over, the newest first; behind the alert `before`, where that is given."""
    wanted = select(AlertRow).where(AlertRow.cleared_at.is_not(None), AlertRow.raised_at.is_not(None))
    if before is not None:
        wanted = wanted.where(AlertRow.id < before)
    return [_value(row) for row in session.scalars(wanted.order_by(AlertRow.id.desc()).limit(limit))]


def one(session: Session, alert_id: int) -> Standing:
    """An alert that was raised, whether it stands or is over. Raises `LookupError`."""
    row = session.get(AlertRow, alert_id)
    if row is None or row.raised_at is None:
        raise LookupError(f"no alert {alert_id}")
    return _value(row)


def probes(session: Session) -> list[Seen]:
    """The places outside from which somebody looks."""
    return [
        Seen(row.place, row.good_at, row.took_ms)
        for row in session.scalars(select(Probe).order_by(Probe.place))
    ]


def forget_probe(session: Session, place: str, *, who: str) -> None:
    """Nobody looks from there any more, on purpose. Raises `LookupError`."""
    row = session.get(Probe, place)
    if row is None:
        raise LookupError("no such probe")
    session.delete(row)
    audit.record(session, who, "removed", "alert_probe", place=place)


def _value(row: AlertRow) -> Standing:
    return Standing(
        row.id,
        Kind(row.kind),
        row.subject,
        row.about,
        Severity(row.severity),
        row.since,
        row.facts,
        row.cleared_at,
        row.acknowledged_at,
        row.acknowledged_by,
        row.note,
    )
