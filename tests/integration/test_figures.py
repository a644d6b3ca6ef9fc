"""Figures: every call counted once, under its outcome; what changes later is counted anew; and proved by a count from scratch."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update

from helpline import clock, db
from helpline.callbacks.models import Callback
from helpline.calls import journeys
from helpline.calls.models import Call, Step
from helpline.db import migrate
from helpline.figures import counting, keeping, overview, proving, searching, wanted
from helpline.figures.commands import figures
from helpline.figures.models import (
    CallbackDay,
    CallDue,
    CallHour,
    CallSum,
    RequestDay,
    Spread,
    SpreadDay,
    StepDay,
)  # fmt: skip
from helpline.live.models import Hold, HoldState
from helpline.routing import offers
from helpline.routing.models import Offer
from tests.integration import calls_rows, queue_rows, routing_deeds
from tests.integration.queue_rows import later

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2026, 11, 24)
DOES = {
    "info_": "told", "nobod": "find_person=nobody_free", "close": "find_person=closed",
    "holid": "find_person=holiday",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _tuesday(database, at):
    at(queue_rows.TUESDAY)
    queue_rows.always()


def called(number, *way, language="bn", seconds=60, ends=True):
    """A call that walked this way, ten seconds at each step, and ended; its sid."""
    sid = f"CA{number:032}"
    calls_rows.begin(sid=sid)
    before = "language"
    for turn, step in enumerate(("language", *way)):
        with db.transaction() as session:
            session.add(
                Step(
                    call_sid=sid, turn=turn, step=before, heard="key 1" if turn else None, to_step=step,
                    to_language=language if turn else "-", did=DOES.get(step[:5]),
                )
            )  # fmt: skip
        before = step
        later(seconds=10)
    if ends:
        calls_rows.status("completed", seconds=seconds, sid=sid)
        calls_rows.finish(sid=sid)
    return sid


def waited(sid, seconds, state, language="bn"):
    """A call that waited so long for a person, and how that ended."""
    with db.transaction() as session:
        now = clock.now()
        since = now - timedelta(seconds=seconds)
        session.add(
            Hold(
                call_sid=sid,
                language=language,
                state=state,
                queued_since=since,
                joined_at=since,
                ended_at=now,
            )
        )


def rows(table):
    with db.transaction() as session:
        return list(session.scalars(select(table)))


def one_by_language(*columns):
    with db.transaction() as session:
        sums = [func.sum(column) for column in columns]
        return session.execute(select(CallHour.language, *sums).group_by(CallHour.language)).all()


def proved(first=DAY, last=DAY):
    with db.transaction() as session:
        return proving.differences(session, first, last)


def test_calls_are_counted_by_hour_language_and_outcome_and_each_is_counted_once():
    called(1, "main")
    called(2, "main", "about", "info_what")
    called(3, "main", language="ar")
    called(4, ends=False)
    assert keeping.count_changes() >= 3
    counted = {(row.language, row.outcome): row.calls for row in rows(CallHour)}
    assert counted == {("bn", "gave_up"): 1, ("bn", "information"): 1, ("ar", "gave_up"): 1}
    assert sum(counted.values()) == len(rows(CallSum)) == 3
    assert {row.number for row in rows(CallHour)} == {"+39800000000"}
    assert keeping.count_changes() == 0 and rows(CallDue) == []
    assert proved() == []


def test_who_asked_for_a_person_and_never_waited_was_turned_away_and_is_counted_beside_those_who_waited():
    called(1, "main", "nobody_free")
    called(2, "main", "nobody_free", language="ar")
    waited(called(3, "main", "nobody_free"), 30, HoldState.NOBODY)
    called(4, "main")
    called(5, "main", "closed", language="ar")
    called(6, "main", "holiday", language="ar")
    keeping.count_changes()
    counted = {
        language: counts
        for language, *counts in one_by_language(
            CallHour.wanted_person, CallHour.turned_away, CallHour.closed
        )
    }
    assert counted == {"bn": [1, 1, 0], "ar": [0, 3, 2]}
    assert proved() == []


def test_an_upgrade_counts_the_past_of_those_who_were_told_that_the_line_is_closed_or_hung_up_in_it(database):
    called(1, "main", "closed", language="ar")
    called(2, "main", "nobody_free", language="ar")
    waited(called(3, "main", language="ar"), 30, HoldState.LEFT, language="ar")
    waited(called(4, "main", language="ar"), 30, HoldState.KEPT, language="ar")
    keeping.count_changes()
    migrate.downgrade(database.database_url, "0054")
    migrate.upgrade(database.database_url)
    counts = CallHour.turned_away, CallHour.closed, CallHour.wanted_person, CallHour.left_waiting
    assert one_by_language(*counts) == [("ar", 2, 1, 2, 1)]
    assert proved() == []


def test_arrows_of_the_menu_are_as_thick_as_their_traffic_and_say_where_calls_ended():
    called(1, "main", "about", "main")
    called(2, "main")
    keeping.count_changes()
    arrows = {(row.step, row.to_step): row.passed for row in rows(StepDay)}
    assert arrows == {
        ("", "language"): 2, ("language", "main"): 2, ("main", "about"): 1, ("about", "main"): 1, ("main", ""): 2,
    }  # fmt: skip
    seconds = {(row.step, row.to_step): row.seconds for row in rows(StepDay)}
    assert seconds["main", "about"] == pytest.approx(10, abs=2)
    begun = sum(passed for (step, _), passed in arrows.items() if step == "")
    assert begun == sum(passed for (_, to), passed in arrows.items() if to == "") == 2
    with db.transaction() as session:
        assert set(session.scalars(select(CallSum.last_step))) == {"main"}


def test_who_waited_for_a_person_is_counted_by_what_came_of_it():
    for number, (seconds, state) in enumerate(
        [
            (20, HoldState.DONE),
            (90, HoldState.DONE),
            (40, HoldState.LEFT),
            (4, HoldState.LEFT),
            (1, HoldState.NOBODY),
        ]
    ):
        sid = called(number, "main", "person", ends=False)
        waited(sid, seconds, state)
        calls_rows.status("completed", seconds=99, sid=sid)
        calls_rows.finish(sid=sid)
    keeping.count_changes()
    with db.transaction() as session:
        found = session.execute(
            select(*(func.sum(getattr(CallHour, name)) for name in
                     ("wanted_person", "answered", "in_time", "left_waiting", "nobody")))
        ).one()  # fmt: skip
    assert tuple(found) == (5, 2, 1, 1, 1)
    waits = {row.value: row.count for row in rows(SpreadDay) if row.what == "wait_seconds"}
    assert waits == {1: 1, 4: 1, 20: 1, 40: 1, 90: 1}
    assert proved() == []


def test_what_comes_to_light_after_a_call_is_counted_anew():
    sid = called(1, "main")
    keeping.count_changes()
    with db.transaction() as session:
        session.add(
            Step(call_sid=sid, turn=9, step="main", to_step="info_what", did="told", to_language="bn")
        )
        journeys.settle_again(session, sid)
    calls_rows.finish(sid=sid)
    keeping.count_changes()
    assert [(row.outcome, row.calls) for row in rows(CallHour)] == [("information", 1)]
    assert proved() == []


def test_callbacks_are_counted_by_where_they_stand_and_how_soon_they_were_tried():
    done, waits = queue_rows.asked(), queue_rows.asked("ar")
    later(minutes=42)
    amina = queue_rows.person()
    queue_rows.rung(done, amina, "no_answer")
    keeping.count_changes()
    counted = {(row.language, row.state): (row.callbacks, row.attempts) for row in rows(CallbackDay)}
    assert counted == {("bn", "waiting"): (1, 1), ("ar", "waiting"): (1, 0)}, waits
    spread = [
        (row.language, row.value, row.count) for row in rows(SpreadDay) if row.what == "first_try_minutes"
    ]
    assert spread == [("bn", 42, 1)]
    assert proved() == []


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=300))
def test_lengths_of_time_are_counted_in_two_digits_within_a_twentieth(seconds):
    told = counting.TOLD.format("v.value")
    asked = (
        f"SELECT v.value::int, {told} FROM unnest(:all) AS v(value) CROSS JOIN LATERAL ({counting.UNIT}) u"
    )
    with db.transaction() as session:
        found = session.execute(text(asked), {"all": [Decimal(one) for one in seconds]}).all()
    assert len(found) == len(seconds)
    for one, counted in found:
        assert abs(counted - one) <= one / 20 if one >= 100 else counted == one
        assert len(str(counted).rstrip("0")) <= 2


def test_what_is_read_of_whole_months_is_what_their_days_say(at):
    """Waits of every few days, from the end of October until December: told of any period from months and days alike."""
    waits = {}
    for place in range(24):
        at(str(datetime.fromisoformat(queue_rows.TUESDAY) + timedelta(days=2 * place - 26)))
        sid = called(place, "main", ends=False)
        waited(sid, place + 20, HoldState.LEFT)
        calls_rows.status("completed", seconds=90, sid=sid)
        calls_rows.finish(sid=sid)
        waits[clock.in_rome().date()] = place + 20
    keeping.count_changes()
    assert proved(min(waits), max(waits)) == []
    for first, last in (
        (min(waits), max(waits)),
        (date(2026, 11, 1), date(2026, 11, 30)),
        (date(2026, 11, 1), date(2026, 12, 2)),
        (date(2026, 11, 3), date(2026, 11, 29)),
    ):
        values = sorted(seconds for day, seconds in waits.items() if first <= day <= last)
        with db.transaction() as session:
            found = overview.overview(session, first, last, language="bn").spreads[Spread.WAIT_SECONDS]
        assert found.count == len(values) and found.median == values[(len(values) - 1) // 2]


def test_requests_are_counted_by_what_became_of_them():
    routing_deeds.market(ente=1)
    (placed, offer), (waiting, none) = routing_deeds.offered(2)
    assert offer and not none, waiting
    routing_deeds.act(offers.accept, offer, who="person 7")
    keeping.count_changes()
    counted = {(row.entity_id, row.state, row.country): row.requests for row in rows(RequestDay)}
    assert {state for _, state, _ in counted} >= {"accepted"} and sum(counted.values()) == 2
    assert counted["ente", "accepted", "BD"] == 1, placed
    assert {row.what for row in rows(SpreadDay)} == {"offer_minutes", "acceptance_minutes"}
    assert proved() == []


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2027-03-28", 23)])
def test_a_day_of_25_or_23_hours_has_so_many_hours_and_all_its_calls(at, day, hours):
    at(f"{day} 00:30")
    for number in range(hours):
        called(number, "main")
        later(hours=1)
        later(seconds=-20)
    called(99, "main")  # which is the next day's
    keeping.count_changes()
    given = counting.moments(date.fromisoformat(day), date.fromisoformat(day))
    with db.transaction() as session:
        of_day = select(CallHour).where(CallHour.hour >= given["begins"], CallHour.hour < given["ends"])
        found = list(session.scalars(of_day))
        ends = session.scalar(
            select(func.sum(StepDay.passed)).where(StepDay.day == given["first"], StepDay.to_step == "")
        )
    assert len({row.hour for row in found}) == hours == sum(row.calls for row in found) == ends


NUMBERS = count(1)


def _call(which):
    called(next(NUMBERS), *("main", "about", "info_what", "main", "person")[:which])


def _wait(which):
    sid = called(next(NUMBERS), "main", ends=False)
    waited(sid, which * 10, [HoldState.DONE, HoldState.LEFT, HoldState.NOBODY][which % 3])
    calls_rows.status("completed", seconds=9, sid=sid)
    calls_rows.finish(sid=sid)


def _late(which):
    """Something comes to light, and for now the calls are not finished."""
    with db.transaction() as session:
        for sid in session.scalars(select(Call.sid).where(Call.finished).limit(which)):
            session.execute(update(Call).where(Call.sid == sid).values(seconds=which))
            journeys.settle_again(session, sid)


def _try(which):
    waits = select(Callback.id).where(Callback.state == "waiting").order_by(Callback.next_at).limit(1)
    with db.transaction() as session:
        found = session.scalar(waits.where(Callback.next_at <= clock.now()))
    if found:
        queue_rows.rung(found, queue_rows.person(), ["no_answer", "busy", "refused"][which % 3])


def _accept(which):
    with db.transaction() as session:
        for offer in session.scalars(select(Offer.id).where(Offer.state == "pending").limit(which)):
            offers.accept(session, offer, who="person 7")


DEEDS = {
    "call": _call,
    "wait": _wait,
    "late": _late,
    "ask": queue_rows.many,
    "try": _try,
    "request": lambda which: routing_deeds.offered(1),
    "accept": _accept,
    "count": lambda which: keeping.count_changes(),
}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 5)), min_size=3, max_size=12))
def test_whatever_happens_in_whatever_order_the_counts_are_those_from_scratch(deeds):
    routing_deeds.market(**{f"ente{next(NUMBERS)}": 2})
    for deed, which in deeds:
        later(minutes=which)
        DEEDS[deed](which)
    with db.transaction() as session:
        left = list(
            session.scalars(
                select(Call.sid).where(~Call.finished, Call.ended_at.is_not(None)).order_by(Call.id)
            )
        )
    for sid in left:
        calls_rows.finish(sid=sid)
    keeping.count_changes()
    assert proved(DAY, clock.in_rome().date()) == []


def test_a_count_that_is_not_what_the_rows_say_is_told_and_made_anew():
    called(1, "main")
    keeping.count_changes()
    with db.transaction() as session:
        session.execute(update(CallHour).values(calls=7))
        session.execute(update(CallSum).values(last_step="elsewhere", came_to=[]))
        session.execute(update(StepDay).values(passed=StepDay.passed + 1).where(StepDay.step == "main"))
    told = CliRunner().invoke(figures, ["verify"])
    assert told.exit_code == 1
    assert "call_sums: 1 rows differ" in told.output and "last_step, came_to" in told.output
    assert "call_hours: 2 rows differ" in told.output and "step_days: 2 rows differ" in told.output
    made = CliRunner().invoke(figures, ["rebuild"])
    assert made.exit_code == 0 and "1 calls summed up" in made.output
    told = CliRunner().invoke(figures, ["verify"])
    assert told.exit_code == 0 and "every count is what the rows say" in told.output


def test_days_whose_calls_are_forgotten_keep_their_counts(at):
    called(1, "main")
    keeping.count_changes()
    later(days=400)
    with db.transaction() as session:
        session.execute(Call.__table__.delete())
    assert rows(CallSum) == [] and sum(row.calls for row in rows(CallHour)) == 1
    keeping.count_changes()
    assert sum(row.calls for row in rows(CallHour)) == 1
    refused = CliRunner().invoke(figures, ["rebuild", "--from", "2026-11-24"])
    assert refused.exit_code == 1 and "forgotten" in str(refused.exception)


@pytest.mark.parametrize(
    ("chosen", "count"),
    [({"language": "bn", "outcome": "gave_up"}, 1), ({"outcome": "gave_up"}, 2), ({"outcome": "request"}, 0),
     ({"language": "hi", "outcome": "gave_up", "first": DAY, "last": DAY}, 1), ({"outcome": "running"}, 1),
     ({"outcome": "gave_up", "first": DAY + timedelta(days=1)}, 0), ({"longer": 50}, 2), ({"step": "main"}, 2), ({}, 3),
     ({"first": DAY, "last": DAY, "hour": 23, "outcome": "gave_up"}, 0)],
)  # fmt: skip
def test_as_many_calls_are_said_to_fit_as_are_listed(chosen, count):
    called(1, "main")
    called(2, "main", language="hi")
    called(3, "main", ends=False)
    keeping.count_changes()
    which = wanted.Wanted(**chosen)
    with db.transaction() as session:
        assert searching.how_many(session, which) == len(searching.listed(session, which)) == count
