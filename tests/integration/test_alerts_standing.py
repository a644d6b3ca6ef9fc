"""What is wrong is raised once, stands as long as it holds, and is over when it is: on a real database, by two clocks at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.alerts import limits, reading, standing
from helpline.alerts.kinds import Kind, Setting
from helpline.alerts.models import AlertRow, Probe
from helpline.db import sweepings, tallies
from helpline.live import plan, shifts
from helpline.people.roles import Role
from helpline.processes import beats
from tests.integration import people_rows, queue_rows, routing_rows
from tests.integration.alert_deeds import later, on_shift, only, opened

MINUTES = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _open(at, database):
    at(queue_rows.TUESDAY)
    tallies.taken()  # what other tests of this process counted
    opened()


def look(settings, *, after=0):
    """Let time pass, look, and give what stands: of the kinds that a test is about, not of a line that nobody runs."""
    later(minutes=after)
    standing.work(settings)
    with db.transaction() as session:
        return {(one.kind, one.subject): one for one in reading.standing(session)}


def test_a_language_without_anybody_on_shift_is_told_after_two_minutes_and_over_ten_after_somebody_came(
    settings,
):
    only(Kind.NOBODY_ON_SHIFT)
    on_shift("amina", "ar")
    assert look(settings) == {}, "not at the first look"
    found = look(settings, after=2)
    assert {subject for _, subject in found} == {"it", "en", "fr", "es", "ru", "uk", "bn", "hi"}
    on_shift("fatema", "bn")
    assert (Kind.NOBODY_ON_SHIFT, "bn") in look(settings, after=1), "it may be gone for a moment only"
    after = look(settings, after=10)
    assert (Kind.NOBODY_ON_SHIFT, "bn") not in after
    assert len(after) == 7
    with db.transaction() as session:
        (over,) = reading.past(session)
    assert (over.subject, over.cleared_at is not None) == ("bn", True)


def test_what_comes_and_goes_is_one_alert(settings):
    only(Kind.PROBE_SILENT)
    for minutes in (11, 1, 11, 1):
        with db.transaction() as session:
            session.merge(Probe(place="milan", good_at=clock.now() - minutes * MINUTES, took_ms=80))
        look(settings, after=0)
    with db.transaction() as session:
        rows = session.scalars(select(AlertRow)).all()
    assert [row.cleared_at is not None for row in rows] == [True, True], (
        "a probe that is back ends it at once"
    )
    only(Kind.SWEEP_FAILING)
    with db.transaction() as session:
        sweepings.failed(session, "helpline.figures.keeping.count_changes")
    ids = {one.id for one in look(settings, after=11).values()}
    for _ in range(3):
        with db.transaction() as session:
            sweepings.good(session, "helpline.figures.keeping.count_changes")
        ids |= {one.id for one in look(settings, after=5).values()}
        with db.transaction() as session:
            limits.choose(session, Setting(Kind.SWEEP_FAILING, True, 0), who="test", why="at once")
            sweepings.failed(session, "helpline.figures.keeping.count_changes")
        ids |= {one.id for one in look(settings, after=1).values()}
    assert len(ids) == 1


def test_what_comes_every_quarter_of_an_hour_is_told_twice_and_not_every_time(settings):
    only(Kind.NOBODY_ON_SHIFT)
    for code in ("it", "en", "fr", "es", "ru", "uk", "ar", "hi"):
        on_shift(code, code)
    amina = people_rows.make("amina", roles=[Role.OPERATOR], languages=["bn"])
    always = [plan.Shift(amina.id, frozenset({"bn"}), 0, 1440, weekday=day) for day in range(7)]
    for minute in range(110):
        with db.transaction() as session:
            shifts.replace(session, {amina.id: [] if minute % 14 < 3 else always})
        look(settings, after=1)
    with db.transaction() as session:
        rows = session.scalars(select(AlertRow).order_by(AlertRow.id)).all()
    assert [row.cleared_at is not None for row in rows] == [True, False], "one, and one that is not over yet"
    assert look(settings, after=8), "not after ten minutes as the first"
    assert look(settings, after=12) == {}, "after twenty"


def test_two_clocks_at_once_raise_it_once(settings):
    only(Kind.NOBODY_ON_SHIFT)
    look(settings)
    later(minutes=2)
    with ThreadPoolExecutor(2) as clocks:
        raised = sorted(clocks.map(lambda _: standing.work(settings), range(2)))
    assert raised == [0, 9]
    with db.transaction() as session:
        assert len(session.scalars(select(AlertRow)).all()) == 9


def test_everything_can_be_looked_at_on_an_empty_line(settings, caplog):
    found = look(settings)
    assert "alerts could not look" not in caplog.text
    assert {kind for kind, _ in found} <= {Kind.WORKER_SILENT, Kind.DISK_FULL}


def test_one_part_that_cannot_be_looked_at_hides_no_other_and_ends_nothing(settings, monkeypatch):
    look(settings)
    assert (Kind.NOBODY_ON_SHIFT, "it") in look(settings, after=3)

    def broken(*_):
        raise ValueError("no such table")

    monkeypatch.setattr("helpline.alerts.asking.tongues", broken)
    monkeypatch.setattr("helpline.alerts.gathering._queue", broken)
    after = look(settings, after=30)
    assert (Kind.NOBODY_ON_SHIFT, "it") in after
    assert (Kind.QUEUE_DOWN, "") in look(settings, after=3)


def test_offers_that_expire_soon_are_one_alert_for_each_organisation(settings):
    from helpline.routing import offers

    only(Kind.OFFERS_EXPIRING)
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=5)
        routing_rows.requests(session, count=3)
    offers.sweep_waiting()
    assert look(settings) == {}
    with db.transaction() as session:
        limits.choose(session, Setting(Kind.OFFERS_EXPIRING, True, 200), who="test", why="sooner")
    (one,) = look(settings).values()
    assert (one.subject, one.facts["count"]) == ("ente", 3)


def test_what_web_processes_counted_is_written_down_and_told(settings):
    only(Kind.WEBHOOKS_REFUSED)
    for _ in range(5):
        tallies.count("webhook refused")
    beats.note()
    (one,) = look(settings).values()
    assert one.facts == {"count": 5, "calls": 0}
    assert look(settings, after=12) == {(Kind.WEBHOOKS_REFUSED, ""): one}, "gone for a moment"
    assert look(settings, after=10) == {}


def test_who_knows_is_written_down_and_what_is_over_needs_nobody(settings):
    only(Kind.WEBHOOKS_REFUSED)
    for _ in range(5):
        tallies.count("webhook refused")
    beats.note()
    (one,) = look(settings).values()
    with db.transaction() as session:
        standing.acknowledge(session, one.id, who="person 1", note="the token was changed")
    (known,) = look(settings).values()
    assert (known.acknowledged_by, known.note) == ("person 1", "the token was changed")
    look(settings, after=12)
    look(settings, after=12)
    with db.transaction() as session, pytest.raises(standing.Over):
        standing.acknowledge(session, one.id, who="person 1", note="too late")
    with db.transaction() as session, pytest.raises(LookupError):
        standing.acknowledge(session, 999, who="person 1", note="none such")
