"""The report of the network: every signal, call of an office and meeting counted once, few people never told."""

from datetime import date

import pytest
from sqlalchemy import func, select, update

from helpline import clock, db, hours
from helpline.callbacks import queue
from helpline.callbacks.models import Callback
from helpline.intake import network_report
from helpline.intake.network_report import By, Unit
from helpline.people.models import AuditLine, Person
from helpline.people.roles import Role
from helpline.phone import PhoneNumber
from helpline.routing import information
from helpline.routing.information import Given
from helpline.routing.network_models import Signal
from tests.integration import people_rows
from tests.integration.console_visits import Visitor, application, cells_of, words_of
from tests.integration.intake_rows import said, save
from tests.integration.test_signals import send

pytestmark = pytest.mark.usefixtures("database")


def signals(count, start=0, **changes):
    for number in range(start, start + count):
        send(nonce=str(number), number=PhoneNumber(f"+3933300001{number:02}"), address="", **changes)


def office(number, region="lazio"):
    return save(f"CA{number}", said(number=f"+3933300002{number:02}", topic="office", region=region), "it")


def meet(person, day, **changes):
    fields = {"kind": "training", "region": "lazio", "people": 3, "brochures": 4} | changes
    with db.transaction() as session:
        given = Given(day, place="x", audience="others", held_by="y", **fields)
        information.add(session, given, person_id=person, who="person 1")


def lines(unit=Unit.MONTH, year=None):
    with db.transaction() as session:
        found = network_report.report(session, year or clock.in_rome().year, unit)
    return {(line.period, line.by, line.value): dict(line.figures) for line in found}


def test_each_thing_is_counted_once_in_each_part_and_few_people_are_hidden():
    here = clock.in_rome()
    month, quarter = f"{here:%Y-%m}", f"{here.year}-Q{(here.month + 2) // 3}"
    signals(6)
    signals(
        2,
        start=6,
        region="veneto",
        language="hi",
        by=people_rows.make("carla", password=None, roles=("network_member",), organisation="Centro"),
    )
    for number in range(5):
        office(number)
    with db.transaction() as session:
        first = session.scalars(select(func.min(Callback.id)).where(Callback.topic == "office")).one()
        session.execute(
            update(Callback).where(Callback.id == first).values(state="done", closed_at=clock.now())
        )
        session.execute(update(Signal).where(Signal.person_id.is_not(None)).values(person_id=None))
        person = session.scalars(select(Person.id)).first()
    meet(person, here.date(), people=30)
    meet(person, here.date(), region=None, kind="information")
    found = lines()
    assert found[month, By.ALL, ""] == {
        "signals": 8,
        "office_calls": 5,
        "sessions": 2,
        "people": 33,
        "brochures": 8,
    }
    assert found[month, By.SOURCE, "form"] == {"signals": None}, "or the two others would be found"
    assert found[month, By.SOURCE, "account"] == {"signals": None}, (
        "known although whose account it was is forgotten"
    )
    assert found[month, By.OUTCOME, "waiting"] == {"signals": 8, "office_calls": None}
    assert found[month, By.REGION, "lazio"] == {
        "signals": None,
        "office_calls": 5,
        "sessions": 1,
        "people": None,
        "brochures": 4,
    }
    assert found[month, By.REGION, "unknown"]["people"] is None
    assert found[month, By.LANGUAGE, "it"] == {"signals": 0, "office_calls": 5}
    assert found[month, By.KIND, "training"]["sessions"] == 1
    assert lines(Unit.QUARTER)[quarter, By.ALL, ""] == found[month, By.ALL, ""]
    assert lines(year=here.year - 1) == {}
    with db.transaction() as session:
        assert network_report.years(session, here) == [here.year]


def test_an_office_is_counted_once_by_what_its_last_call_came_to_and_one_talk_is_enough():
    here = clock.in_rome()
    for number in range(10):
        office(number)
    with db.transaction() as session:
        calls = list(
            session.scalars(select(Callback).where(Callback.topic == "office").order_by(Callback.id))
        )
        for number, call in enumerate(calls):
            before, after = ("done", "unreachable") if number < 5 else ("unreachable", "cancelled")
            call.state, call.closed_at = before, clock.now()
            session.flush()
            later = queue.again(session, call, on=here.date(), at=clock.now())
            later.state, later.closed_at = after, clock.now()
    found = {value: figures for (_, by, value), figures in lines().items() if by == By.OUTCOME}
    assert {value: figures["office_calls"] for value, figures in found.items()} == {
        "called": 5,
        "cancelled": 5,
    }


def test_a_month_begins_at_midnight_in_rome():
    signals(5)
    with db.transaction() as session:
        session.execute(update(Signal).values(created_at=hours.at_hour(date(2026, 7, 1), 0)))
    assert {period for period, _, _ in lines(year=2026)} == {"2026-07"}


def test_a_coordinator_reads_and_exports_it(settings):
    app = application(settings)
    boss = Visitor(app).sign_in("chiara", roles=(Role.COORDINATOR,), locale="it")
    assert "Nessun" in words_of(boss.get("/network/report"))
    signals(2)
    page = words_of(boss.get("/network/report?by=quarter"))
    assert f"{clock.in_rome().year}-Q" in page and "nascosto" in page
    assert boss.get("/network/report?by=week").status_code == 422
    answer = boss.post("/network/report.csv", {"by": "month", "year": str(clock.in_rome().year)})
    rows = cells_of(answer, ";")
    assert rows[0][:4] == ["Periodo", "Per", "Che cosa", "Segnalazioni"] and "nascosto" in rows[1]
    with db.transaction() as session:
        last = session.scalars(select(AuditLine).order_by(AuditLine.id.desc())).first()
    assert (last.what, last.about) == ("exported", "network report")
    focal = Visitor(app).sign_in("bianca", roles=(Role.FOCAL_POINT,), locale="en")
    assert focal.get("/network/report").status_code == 403
