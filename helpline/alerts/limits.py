"""How each kind of alert works in this installation: on or off, and its limit; each change stays, with who and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.alerts.kinds import MEANINGS, Kind, Setting, usual
from helpline.alerts.models import AlertSetting
from helpline.faults import raise_if_any
from helpline.people import audit


@dataclass(frozen=True)
class Change:
    """One change of how a kind works."""

    at: datetime
    who: str
    kind: Kind
    on: bool
    limit: int
    why: str


def now(session: Session) -> dict[Kind, Setting]:
    """How every kind works now: as was chosen last, else as usual."""
    newest = select(func.max(AlertSetting.id)).group_by(AlertSetting.kind)
    rows = session.scalars(select(AlertSetting).where(AlertSetting.id.in_(newest)))
    chosen = {Kind(row.kind): Setting(Kind(row.kind), row.on, row.limit) for row in rows}
    return {kind: chosen.get(kind, usual(kind)) for kind in Kind}


def choose(session: Session, setting: Setting, *, who: str, why: str) -> bool:
    """Let a kind work so from now on; whether that is a change.

    Raises `Faults` where the limit makes no sense.
    """
    meaning, limit = MEANINGS[setting.kind], setting.limit
    faults = []
    if meaning.limit is not None and not 0 <= limit <= meaning.most:
        faults.append(f"limit: must be a whole number from 0 to {meaning.most}")
    raise_if_any(faults)
    if now(session)[setting.kind] == setting:
        return False
    row = AlertSetting(kind=setting.kind, on=setting.on, limit=limit, who=who, why=why)
    session.add(row)
    session.flush()
    audit.record(
        session, who, "changed", f"alert_setting {row.id}", kind=setting.kind, on=setting.on, limit=limit
    )
    return True


def history(session: Session, *, limit: int = 50) -> Sequence[Change]:
    """What was chosen, the newest first."""
    wanted = select(AlertSetting).order_by(AlertSetting.id.desc()).limit(limit)
    return [
        Change(row.at, row.who, Kind(row.kind), row.on, row.limit, row.why) for row in session.scalars(wanted)
    ]
