"""Alerts for pages that are looked at in a browser."""

from datetime import timedelta

from helpline import clock, db
from helpline.alerts import limits, recipients, standing
from helpline.alerts.kinds import Kind, Setting, Severity
from helpline.alerts.models import AlertRow, Probe, Way


def furnish_alerts() -> int:
    """Two alerts that stand, one that somebody knows of, one that is over; a mailbox that is told; the first one's id."""
    now = clock.now()
    facts: tuple[tuple[Kind, str, Severity, dict[str, int]], ...] = (
        (Kind.NOBODY_ON_SHIFT, "bn", Severity.URGENT, {}),
        (Kind.CALLBACKS_OLD, "ar", Severity.WARNING, {"hours": 81}),
        (Kind.LEGS_FAILING, "", Severity.URGENT, {"percent": 40, "count": 4, "all": 10}),
    )
    with db.transaction() as session:
        rows = [
            AlertRow(
                kind=kind, subject=subject, about="", severity=severity, facts=numbers, seen_at=now, raised_at=now,
                since=now - timedelta(minutes=50),
            )
            for kind, subject, severity, numbers in facts
        ]  # fmt: skip
        rows[2].cleared_at = now
        session.add_all(rows)
        session.add(Probe(place="milano", good_at=now, took_ms=120))
        session.flush()
        standing.acknowledge(session, rows[1].id, who="test", note="Fatema ne chiama dieci oggi.")
        limits.choose(session, Setting(Kind.CALLBACKS_OLD, True, 80), who="test", why="feste")
        recipients.add(
            session, way=Way.MAIL, name="coordinamento", address="desk@example.org", locale="it",
            least=Severity.WARNING, by="test",
        )  # fmt: skip
        return rows[0].id
