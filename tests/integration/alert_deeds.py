"""What tests of alerts do: something is wrong, something is over, somebody is told here."""

from datetime import timedelta

from sqlalchemy import select

from helpline import clock, db
from helpline.alerts import limits, recipients, standing
from helpline.alerts.kinds import Setting, Severity
from helpline.alerts.models import AlertMessage, AlertRecipient, Probe, Way


def later(**time):
    """Let time pass."""
    clock.set_offset(clock.offset() + timedelta(**time))


def only(*kinds):
    """All other kinds are off."""
    with db.transaction() as session:
        for kind, setting in limits.now(session).items():
            limits.choose(session, Setting(kind, kind in kinds, setting.limit), who="test", why="this one")


def silent(settings, *places, minutes=11):
    """Probes at these places have been silent for so long; the alert is raised."""
    _seen(places, minutes)
    standing.work(settings)


def back(settings, *places):
    """They reach the line again."""
    _seen(places, 0)
    standing.work(settings)


def _seen(places, minutes):
    with db.transaction() as session:
        for place in places:
            at = clock.now() - timedelta(minutes=minutes)
            session.merge(Probe(place=place, good_at=at, took_ms=80))


def mailbox(address="desk@example.org", *, locale="it", least=Severity.WARNING, proved=True):
    """A mailbox where alerts are told."""
    with db.transaction() as session:
        given = {"name": "desk", "address": address, "locale": locale, "least": least, "by": "test"}
        id, _ = recipients.add(session, way=Way.MAIL, **given)
        if proved:
            session.get_one(AlertRecipient, id).proved_at = clock.now()
            for message in session.scalars(select(AlertMessage)):
                session.delete(message)
        return id


def endpoint(port, settings, *, least=Severity.WARNING):
    """A program that runs here, where alerts are told; the recipient's id and its secret."""
    with db.transaction() as session:
        given = {
            "name": "pager",
            "locale": "en",
            "least": least,
            "by": "test",
            "allow": settings.webhook_allow,
        }
        return recipients.add(session, way=Way.WEBHOOK, address=f"http://127.0.0.1:{port}/hooks", **given)


def messages():
    """All messages as they are now, the oldest first."""
    with db.transaction() as session:
        return list(session.scalars(select(AlertMessage).order_by(AlertMessage.id)))
