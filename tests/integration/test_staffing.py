"""The staffing page: who asks for a person by hour of the week, how many people that needs, who is on the rota; never who they are."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from helpline import clock, db, line
from helpline.console.figures_definitions import DEFINITIONS
from helpline.db.states import move
from helpline.figures import demand
from helpline.figures.models import CallbackDay, CallHour
from helpline.figures.staffing import EVERY, Target
from helpline.hours import at_hour
from helpline.line.models import OpenDay, WeeklyHours
from helpline.live import shifts
from helpline.live.models import Hold, HoldState, ShiftRow
from helpline.people import accounts
from helpline.people.roles import Role
from tests.integration import people_rows, queue_rows
from tests.integration.console_visits import Visitor, application, words_of

pytestmark = pytest.mark.usefixtures("database")
MONDAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _tuesday(database, at):
    at(queue_rows.TUESDAY)
    queue_rows.always()
    hours = {"kind": "opening", "language": None, "opens": 9, "closes": 18}
    with db.transaction() as session:
        session.execute(insert(WeeklyHours), [hours | {"weekday": day} for day in range(7)])
    line.forget()


@pytest.fixture
def cora(settings):
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def asked(day, hour, calls, *, language="bn", away=0):
    """So many calls that waited for a person, and that were turned away, in an hour of a day of Rome."""
    counted = dict.fromkeys(
        ("calls", "seconds", "listened", "useful", "answered", "in_time", "left_waiting", "nobody"), 0
    )
    with db.transaction() as session:
        session.execute(
            insert(CallHour).values(
                hour=at_hour(day, hour), language=language, number="", outcome="gave_up",
                wanted_person=calls, turned_away=away, **counted,
            )
        )  # fmt: skip


def weeks(count, hour, calls, *, weekday=1, away=0, language="bn", until=date(2026, 11, 23)):
    """The same in each of so many weeks, the last of them before `until`."""
    for week in range(1, count + 1):
        asked(until - timedelta(days=7 * week - weekday), hour, calls, away=away, language=language)


def on_shift(login, languages, begins, ends, **when):
    """Somebody who speaks these works from one minute of the day to another."""
    person = people_rows.make(login, languages=tuple(languages), roles=(Role.OPERATOR,))
    with db.transaction() as session:
        row = {"person_id": person.id, "languages": sorted(languages), "begins": begins, "ends": ends}
        session.add(ShiftRow(**row, **when))
    return person


def looked(day=MONDAY, count=8, minutes=None, **target):
    with db.transaction() as session:
        return demand.week(
            session, line.current().calendar, today=clock.in_rome().date(), day=day, weeks=count,
            target=Target(**target), minutes=minutes,
        )  # fmt: skip


def test_who_waited_and_who_was_turned_away_make_the_demand_of_their_hour_of_the_week():
    weeks(8, 14, 2, away=1)
    found = looked().slots["bn"]
    slot = next(slot for slot in found if slot.hour == (1, 14))
    assert slot.asked.mean == 3.0 and slot.need >= 1
    assert sum(each.asked.mean for each in found) == 3.0
    assert looked().slots[EVERY] != [] and looked().languages["bn"].weekly == (3,) * 8


def test_one_person_on_the_rota_is_counted_in_each_language_and_once_in_all_and_half_hours_are_half_a_person():
    on_shift("anna", ("bn", "ar"), 9 * 60, 12 * 60 + 30, weekday=0)
    on_shift("bruno", ("bn",), 9 * 60, 10 * 60, day=MONDAY)
    gone = on_shift("carla", ("bn",), 9 * 60, 12 * 60, weekday=0)
    with db.transaction() as session:
        accounts.disable(session, gone.id, by="test")
        there = shifts.staffed(session, [MONDAY, MONDAY + timedelta(days=1)])
    assert there[MONDAY, 9] == {shifts.ALL: 2.0, "bn": 2.0, "ar": 1.0}
    assert there[MONDAY, 12] == {shifts.ALL: 0.5, "bn": 0.5, "ar": 0.5}
    assert {day for day, _ in there} == {MONDAY}


def test_a_gap_is_told_where_callers_ask_and_nobody_is_on_the_rota_and_is_gone_when_somebody_is():
    for hour in (14, 15, 16, 17):
        weeks(8, hour, 3)
    assert [(gap.language, gap.weekday, gap.begins, gap.ends, gap.staffed) for gap in looked().gaps] == [
        ("bn", 1, 14, 18, 0.0)
    ]
    for login in ("anna", "bruno"):
        on_shift(login, ("bn",), 14 * 60, 18 * 60, weekday=1)
    assert looked().gaps == []
    assert looked(minutes=25).gaps[0].need > 2


def test_where_each_language_has_enough_and_all_together_too_few_the_page_says_so(cora):
    for language in ("bn", "ar"):
        weeks(8, 14, 3, language=language)
    for login in ("anna", "bruno"):
        on_shift(login, ("bn", "ar"), 14 * 60, 15 * 60, weekday=1)
    found = looked()
    assert found.gaps == [] and found.languages[EVERY].short == 1
    page = words_of(cora.get("/staffing"))
    assert "Each language by itself has enough people" in page and "too few in one hour of the week" in page
    assert "Nobody is missing" not in page


def test_days_off_are_in_no_mean_and_the_day_that_turns_the_clock_back_keeps_its_hours():
    weeks(6, 10, 2, weekday=6)  # on 1 November All Saints', a Sunday; on 25 October the clock was turned back
    slot = next(slot for slot in looked().slots["bn"] if slot.hour == (6, 10))
    assert slot.asked.mean == pytest.approx(10 / 6)  # eight Sundays; 4 October is a holiday too


def test_a_holiday_that_is_worked_is_a_day_like_any_other():
    weeks(6, 10, 2, weekday=6)
    with db.transaction() as session:
        session.add(OpenDay(day=date(2026, 11, 1)))
    line.forget()
    slot = next(slot for slot in looked().slots["bn"] if slot.hour == (6, 10))
    assert slot.asked.mean == pytest.approx(12 / 7), "of eight Sundays only 4 October is a day off"


def test_callbacks_are_spread_over_the_hours_in_which_we_ring():
    with db.transaction() as session:
        row = {"day": date(2026, 11, 18), "language": "bn", "topic": "", "source": "call", "state": "done"}
        session.execute(insert(CallbackDay).values(callbacks=84 * 8, attempts=0, late=0, **row))
    found = looked()
    assert found.languages["bn"].callbacks == 84
    ringing = [slot for slot in found.slots["bn"] if slot.callbacks]
    assert sum(slot.callbacks for slot in ringing) == pytest.approx(84)
    assert {slot.callbacks for slot in ringing} == {84 / len(ringing)} and ringing[0].need >= 1
    assert found.gaps == []  # they can wait for the hour in which somebody is there


def test_how_long_a_talk_takes_is_measured_once_enough_are_known():
    with db.transaction() as session:
        assert demand.talks(session) == demand.Talks(demand.ASSUMED, 0)
    for number in range(demand.ENOUGH):
        talked(number, minutes=5)
    with db.transaction() as session:
        assert demand.talks(session) == demand.Talks(5 + demand.WRITING, demand.ENOUGH)


def talked(number, minutes):
    """Somebody who waited talked for so long."""
    with db.transaction() as session:
        hold = Hold(
            call_sid=f"CA{number:032}",
            language="bn",
            state=HoldState.TAKEN,
            person_id=people_rows.make(f"talker{number}").id,
        )
        session.add(hold)
        session.flush()
        move(session, hold, HoldState.TALKING, who="test", why="test")
        hold.ended_at = clock.now() + timedelta(minutes=minutes)
        move(session, hold, HoldState.DONE, who="test", why="test")


def test_the_page_shows_gaps_the_picture_and_a_definition_of_every_figure_and_never_who_works(cora):
    weeks(8, 14, 2, away=1)
    weeks(8, 9, 1, language="ar")
    on_shift("amina", ("ar",), 9 * 60, 13 * 60, weekday=1)
    page = cora.get("/staffing")
    text, words = page.get_data(as_text=True), words_of(page)
    assert page.status_code == 200 and '<svg class="chart heat"' in text
    assert "Tuesday 14–15 , Bangla বাংলা : 3.0 an hour ask for a person" in words
    assert "nobody is on the rota" in words
    assert "amina" not in text.lower()
    asked = set(re.findall(r"/figures/definitions#(\w+)", text))
    assert asked <= DEFINITIONS.keys() and len(asked) >= 10
    heads = re.findall(r'<th scope="col" class="num">(.*?)</th>', text)
    assert len(heads) > 15 and all("/figures/definitions#" in head for head in heads)
    only_arabic = cora.get("/staffing?language=ar")
    assert "Tuesday 14–15 , Bangla" not in words_of(only_arabic)


def test_the_picture_writes_its_numbers_as_the_table_beside_it_does(cora, settings):
    weeks(4, 14, 4)
    weeks(4, 14, 3, until=date(2026, 10, 26))
    weeks(8, 15, 7)
    on_shift("amina", ("bn",), 14 * 60 + 30, 18 * 60, weekday=1)
    reader = Visitor(application(settings)).sign_in("carla", roles=(Role.COORDINATOR,), locale="it")
    for visitor, some, whole, rota in (
        (cora, "3.5", "7.0", "0.5 on the rota"),
        (reader, "3,5", "7,0", "di turno 0,5"),
    ):
        shown = visitor.get("/staffing").get_data(as_text=True)
        drawn = shown[
            shown.index('<svg class="chart heat"') : shown.index("</svg>", shown.index("chart heat"))
        ]
        assert f">{some}</text>" in drawn and f">{whole}</text>" in drawn
        assert f": {some} " in drawn and f": {whole} " in drawn and rota in drawn
        assert f'<td class="num">{some}</td>' in shown and f'<td class="num">{whole}</td>' in shown
        trial = shown[shown.index('id="trial"') :]
        spreads = re.findall(r'<td class="num nowrap">[^<]+</td><td class="num">([^<]+)</td>', trial)
        assert spreads and all(re.fullmatch(r"\d+[.,]\d\d", spread) for spread in spreads)


def test_what_is_aimed_at_is_chosen_in_the_address_and_nonsense_is_named(cora):
    weeks(8, 14, 6)
    assert cora.get("/staffing?share=99&seconds=5&minutes=20&weeks=4&day=2026-12-25").status_code == 200
    for wrong in (
        "share=100",
        "share=x",
        "seconds=-1",
        "minutes=0",
        "weeks=5",
        "language=xx",
        "day=1900-01-01",
        "day=x",
    ):
        assert cora.get(f"/staffing?{wrong}").status_code == 422, wrong
