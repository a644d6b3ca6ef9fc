"""What tests of alerts do: something is wrong, something is over, somebody is told here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from rq import Worker
from sqlalchemy import Integer, select, update

from helpline import clock, db, line
from helpline.alerts import limits, reading, recipients, standing
from helpline.alerts.kinds import Kind, Setting, Severity
from helpline.alerts.models import AlertMessage, AlertRecipient, Probe, Way
from helpline.calls.models import Call
from helpline.db import tallies
from helpline.figures.models import CallHour
from helpline.line.models import WeeklyHours
from helpline.live import plan, shifts
from helpline.live.models import Hold, HoldState
from helpline.people.roles import Role
from helpline.telephony.models import Leg, LegState, Purpose
from tests.integration import people_rows

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Case:
    """How an alert of one kind comes about, and (behind the `yield` of its deeds) how it ends; how it is seen between."""

    subject: str
    about: str
    facts: Mapping[str, int]
    deeds: Callable[[], Iterator[None]]


CASES: dict[Kind, Case] = {}


def case(kind, subject="", about="", **facts):
    """Let the deeds below be how an alert of this kind comes about."""

    def known(deeds):
        CASES[kind] = Case(subject, about, facts, deeds)
        return deeds

    return known


def change(model, values, *which):
    """Change some rows of a table."""
    with db.transaction() as session:
        session.execute(update(model).where(*which).values(**values))


def worker(queue):
    """A worker of one queue: it is born and dies as told, and works never."""
    return Worker([queue], name=f"worker-{queue}", connection=db.redis())


def later(**time):
    """Let time pass."""
    clock.set_offset(clock.offset() + timedelta(**time))


def only(*kinds):
    """All other kinds are off."""
    with db.transaction() as session:
        for kind, setting in limits.now(session).items():
            limits.choose(session, Setting(kind, kind in kinds, setting.limit), who="test", why="this one")


def limit(kind, number):
    """A kind holds from another number on."""
    with db.transaction() as session:
        limits.choose(session, Setting(kind, True, number), who="test", why="this one")


def looked(settings):
    """Look, and give what stands then: each kind and subject once, with what it is about and its figures."""
    standing.work(settings)
    with db.transaction() as session:
        found = reading.standing(session)
    return {(one.kind, one.subject): (one.about, dict(one.facts)) for one in found}


def opened(*languages):
    """The line is open by day, in these languages, or (without any) in all."""
    with db.transaction() as session:
        session.add_all(
            WeeklyHours(kind="opening", weekday=day, opens=8, closes=21, language=language)
            for day in range(7) for language in languages or (None,)
        )  # fmt: skip
    line.forget()


def on_shift(login, language, *, until=1440):
    """Somebody works in this language, every day until this minute of it."""
    someone = people_rows.make(login, roles=[Role.OPERATOR], languages=[language], password=None)
    with db.transaction() as session:
        days = [plan.Shift(someone.id, frozenset({language}), 0, until, weekday=day) for day in range(7)]
        shifts.replace(session, {someone.id: days})
    return someone


def held(number, language="bn", *, minutes=0, state=HoldState.WAITING):
    """Somebody who rang has been on hold for so long."""
    joined = clock.now() - timedelta(minutes=minutes)
    with db.transaction() as session:
        session.add(Hold(call_sid=f"CA{number:032}", language=language, state=state, joined_at=joined))


def leg(number, cause, *, ago=timedelta(0)):
    """A call that we placed ended so."""
    with db.transaction() as session:
        session.add(
            Leg(
                purpose=Purpose.LIVE_OPERATOR, subject_id=number, language="bn", ring_seconds=30, detect_machine=False,
                state=LegState.ENDED, cause=cause, ended_at=clock.now() - ago,
            )
        )  # fmt: skip


def tallied(**times):
    """What processes counted in this minute (`carrier_11200=2`: so often `carrier 11200`)."""
    minute = clock.now().replace(second=0, microsecond=0)
    with db.transaction() as session:
        tallies.write(session, {(what.replace("_", " "), minute): count for what, count in times.items()})


def counted(hour, calls):
    """So many calls began in an hour of UTC."""
    sums = dict.fromkeys(
        (column.name for column in CallHour.__table__.columns if isinstance(column.type, Integer)), 0
    )
    with db.transaction() as session:
        session.add(CallHour(**sums | {"calls": calls}, hour=hour, language="bn", number="", outcome=""))


def rang(ago=timedelta(0)):
    """Somebody rang, so long ago."""
    with db.transaction() as session:
        session.add(Call(sid=f"CA{ago.total_seconds():032.0f}", status="x", started_at=clock.now() - ago))


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
