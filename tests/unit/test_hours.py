"""When the line is open and when it may ring people: both DST days, midnight, holidays, and what is promised."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline import hours
from helpline.hours import Calendar, Closure, From, Opening, Slot, Span, Status, Window

ROME = ZoneInfo("Europe/Rome")
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)  # Easter Sunday and 23 hours; 25 hours
WEEK = Calendar(
    opening=(
        *(Span(day, 9, 18) for day in range(5)),
        Span(1, 9, 13, "bn"),
        Span(1, 14, 17, "bn"),
        Span(3, 14, 18, "bn"),
    ),
    callback=(*(Span(day, 9, 20) for day in range(6)), Span(3, 9, 13, "bn")),
    closures=(Closure(date(2026, 12, 24), date(2026, 12, 24)), Closure(date(2026, 8, 10), date(2026, 8, 23))),
)
ALWAYS = Calendar(*2 * (tuple(Span(day, 7, 21) for day in range(7)),))


def rome(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


@pytest.mark.parametrize(
    ("language", "moment", "status"),
    [
        ("en", "2026-11-23 08:59:59", Status.CLOSED),
        ("en", "2026-11-23 09:00", Status.OPEN),
        ("en", "2026-11-23 17:59:59", Status.OPEN),
        ("en", "2026-11-23 18:00", Status.CLOSED),
        ("en", "2026-11-22 12:00", Status.CLOSED),
        ("bn", "2026-11-23 12:00", Status.CLOSED),
        ("bn", "2026-11-24 12:00", Status.OPEN),
        ("bn", "2026-11-24 13:30", Status.CLOSED),
        ("bn", "2026-11-24 14:00", Status.OPEN),
        ("en", "2026-12-08 12:00", Status.HOLIDAY),
        ("en", "2026-12-08 00:00", Status.HOLIDAY),
        ("en", "2026-12-07 23:59:59", Status.CLOSED),
        ("en", "2026-12-24 12:00", Status.CLOSED),
        ("en", "2027-10-04 12:00", Status.HOLIDAY),
        ("en", "2024-10-04 12:00", Status.OPEN),
        ("en", "2027-03-29 12:00", Status.HOLIDAY),
    ],
)
def test_status_is_decided_by_the_clock_on_a_roman_wall(language: str, moment: str, status: Status) -> None:
    assert hours.status(WEEK, language, rome(moment)) is status


@pytest.mark.parametrize("language", ["en", "bn"])
def test_the_open_hours_of_a_day_are_those_in_which_the_line_is_open(language: str) -> None:
    calendar = replace(WEEK, open_days=frozenset({date(2026, 12, 8)}))
    for day in (date(2026, 8, 1) + timedelta(days=ahead) for ahead in range(250)):
        opened = [
            hour
            for hour in range(hours.FIRST_HOUR, hours.LAST_HOUR)
            if hours.status(calendar, language, hours.at_hour(day, hour)) is Status.OPEN
        ]
        assert hours.open_hours(calendar, language, day) == opened


@pytest.mark.parametrize("day", ["2026-10-23", "2026-10-26", "2027-03-26", "2027-03-30"])
def test_nine_in_the_morning_is_nine_before_and_after_the_clocks_change(day: str) -> None:
    assert hours.status(WEEK, "en", rome(f"{day} 08:59")) is Status.CLOSED
    assert hours.status(WEEK, "en", rome(f"{day} 09:00")) is Status.OPEN


@pytest.mark.parametrize(
    ("language", "moment", "opening"),
    [
        ("en", "2026-11-23 08:59:59", Opening(date(2026, 11, 23), 9, 18, "today")),
        ("en", "2026-11-23 20:00", Opening(date(2026, 11, 24), 9, 18, "tomorrow")),
        ("en", "2026-11-24 00:00", Opening(date(2026, 11, 24), 9, 18, "today")),
        ("en", "2026-11-27 18:00", Opening(date(2026, 11, 30), 9, 18, "monday")),
        ("bn", "2026-11-24 13:00", Opening(date(2026, 11, 24), 14, 17, "today")),
        ("bn", "2026-11-26 18:00", Opening(date(2026, 12, 1), 9, 13, "tuesday")),
        ("en", "2026-12-23 19:00", Opening(date(2026, 12, 28), 9, 18, "monday")),
        ("en", "2026-08-07 19:00", None),
    ],
)
def test_the_next_opening_skips_nights_holidays_and_closures(
    language: str, moment: str, opening: Opening | None
) -> None:
    found = hours.next_opening(WEEK, language, rome(moment))
    assert found == opening


def test_an_opening_more_than_six_days_away_is_not_said_by_its_weekday() -> None:
    found = hours.next_opening(WEEK, "en", rome("2026-08-14 10:00"))
    assert found == Opening(date(2026, 8, 24), 9, 18, "two_weeks")


@pytest.mark.parametrize(
    ("language", "window", "moment", "day"),
    [
        ("en", "any", "2026-11-23 00:00", date(2026, 11, 24)),
        ("en", "any", "2026-11-23 23:59:59", date(2026, 11, 24)),
        ("en", "evening", "2026-11-28 10:00", date(2026, 11, 30)),
        ("en", "morning", "2026-12-23 10:00", date(2026, 12, 28)),
        ("bn", "morning", "2026-11-26 08:00", date(2026, 12, 3)),
        ("bn", "evening", "2026-11-26 08:00", None),
        ("en", "any", "2026-08-08 10:00", None),
        ("en", "any", "2026-08-10 10:00", date(2026, 8, 24)),
    ],
)
def test_what_is_promised_is_a_day_on_which_somebody_can_ring(
    language: str, window: str, moment: str, day: date | None
) -> None:
    assert hours.promise(WEEK, language, window, rome(moment)) == day


@pytest.mark.parametrize(
    ("ahead", "said"),
    [(-1, "two_weeks"), (0, "today"), (1, "tomorrow"), (2, "wednesday"), (6, "sunday"), (7, "two_weeks"),
     (30, "two_weeks")],
)  # fmt: skip
def test_a_day_is_said_by_its_weekday_only_when_that_is_clear(ahead: int, said: str) -> None:
    monday = date(2026, 11, 23)
    assert hours.say_day(monday + timedelta(days=ahead), monday) == said


def test_a_day_that_is_not_known_is_two_weeks_at_most() -> None:
    assert hours.say_day(None, date(2026, 11, 23)) == "two_weeks"


@pytest.mark.parametrize(("day", "long"), [(AUTUMN, 25), (SPRING, 23), (date(2026, 11, 23), 24)])
def test_the_days_on_which_the_clocks_change_are_as_long_as_they_are(day: date, long: int) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ROME).astimezone(UTC)
    moments = [midnight + timedelta(minutes=m) for m in range(24 * 60 + 120)]
    here = [m for m in moments if hours.today(m) == day]
    assert len(here) == long * 60
    opened = [m for m in here if hours.status(ALWAYS, "en", m) is Status.OPEN]
    ring = [m for m in here if hours.may_ring(ALWAYS, "en", "any", m)]
    if hours.is_holiday(day):
        assert not opened and not ring
    else:
        assert len(opened) == 14 * 60
        assert len(ring) == 12 * 60


def test_slots_are_in_utc_and_follow_the_clocks() -> None:
    assert hours.slots(WEEK, "en", "morning", date(2026, 10, 24)) == [
        Slot(datetime(2026, 10, 24, 7, tzinfo=UTC), datetime(2026, 10, 24, 11, tzinfo=UTC))
    ]
    assert hours.slots(WEEK, "en", "evening", date(2026, 10, 26)) == [
        Slot(datetime(2026, 10, 26, 16, tzinfo=UTC), datetime(2026, 10, 26, 19, tzinfo=UTC))
    ]


def test_the_next_slot_is_the_one_we_are_in_until_it_ends() -> None:
    morning = hours.slots(WEEK, "en", "morning", date(2026, 11, 23))[0]
    assert hours.next_slot(WEEK, "en", "morning", rome("2026-11-23 06:00")) == morning
    assert hours.next_slot(WEEK, "en", "morning", rome("2026-11-23 12:59:59")) == morning
    after = hours.next_slot(WEEK, "en", "morning", rome("2026-11-23 13:00"))
    assert after == hours.slots(WEEK, "en", "morning", date(2026, 11, 24))[0]


moments = st.datetimes(datetime(2025, 1, 1), datetime(2033, 1, 1)).map(lambda m: m.replace(tzinfo=UTC))
windows = st.sampled_from(list(Window))
spans = st.builds(
    lambda weekday, ends, language: Span(weekday, min(ends), max(ends), language),
    st.integers(0, 6),
    st.lists(st.integers(7, 21), min_size=2, max_size=2, unique=True),
    st.sampled_from([None, "bn", "it"]),
)
calendars = st.builds(
    Calendar,
    opening=st.lists(spans, max_size=6).map(tuple),
    callback=st.lists(spans, max_size=6).map(tuple),
    closures=st.lists(st.builds(lambda d, n: Closure(d, d + timedelta(days=n)), st.dates(date(2025, 1, 1), date(2033, 1, 1)), st.integers(0, 20)), max_size=3).map(tuple),
)  # fmt: skip


@given(calendars, st.sampled_from(["bn", "it", "en"]), windows, moments)
def test_nobody_is_ever_rung_at_night_on_a_holiday_or_outside_the_window(
    calendar: Calendar, language: str, window: Window, at: datetime
) -> None:
    local = at.astimezone(ROME)
    if hours.may_ring(calendar, language, window, at):
        first, last = hours.WINDOW_HOURS[window]
        assert 9 <= local.hour < 21 and first <= local.hour < last
        assert not hours.is_holiday(local.date())
        assert not any(c.first <= local.date() <= c.last for c in calendar.closures)


@given(calendars, st.sampled_from(["bn", "it", "en"]), windows, moments)
def test_a_promise_is_after_today_within_two_weeks_and_can_be_kept(
    calendar: Calendar, language: str, window: Window, at: datetime
) -> None:
    here = at.astimezone(ROME).date()
    day = hours.promise(calendar, language, window, at)
    if day is None:
        assert not any(
            hours.slots(calendar, language, window, here + timedelta(days=n)) for n in range(1, 15)
        )
    else:
        assert 1 <= (day - here).days <= 14
        slot = hours.slots(calendar, language, window, day)[0]
        assert hours.may_ring(calendar, language, window, slot.begins)
        assert hours.next_slot(calendar, language, window, slot.begins) == slot


@given(calendars, st.sampled_from(["bn", "it", "en"]), moments)
def test_the_line_is_open_at_the_opening_that_it_names_and_not_a_second_before(
    calendar: Calendar, language: str, at: datetime
) -> None:
    found = hours.next_opening(calendar, language, at)
    if found:
        begins = datetime(
            found.day.year, found.day.month, found.day.day, found.opens, tzinfo=ROME
        ).astimezone(UTC)
        assert begins > at
        assert hours.status(calendar, language, begins) is Status.OPEN
        assert found.said in hours.SAID_DAYS
        if hours.status(calendar, language, at) is not Status.OPEN:
            steps = (begins - at) / 50
            assert all(hours.status(calendar, language, at + steps * n) is not Status.OPEN for n in range(50))


def test_a_holiday_that_is_worked_has_the_hours_of_its_weekday_and_only_it_is_another() -> None:
    saint_francis = date(2027, 10, 4)
    worked = replace(WEEK, open_days=frozenset({saint_francis}))
    for day in (saint_francis + timedelta(days=ahead) for ahead in range(-30, 31)):
        noon = hours.at_hour(day, 10)
        before, after = hours.status(WEEK, "en", noon), hours.status(worked, "en", noon)
        assert after is (Status.OPEN if day == saint_francis else before)
        assert (hours.slots(WEEK, "en", "any", day) == hours.slots(worked, "en", "any", day)) is (
            day != saint_francis
        )


def test_open_until_is_the_end_of_hours_that_touch() -> None:
    spans = (Span(1, 9, 11), Span(1, 11, 13), Span(1, 14, 18))
    calendar = Calendar(opening=spans)
    tuesday = date(2026, 11, 24)
    ends = [hours.open_until(calendar, "it", hours.at_hour(tuesday, hour)) for hour in (8, 9, 12, 13, 17, 18)]
    one, six = hours.at_hour(tuesday, 13), hours.at_hour(tuesday, 18)
    assert ends == [None, one, one, None, six, None]


def test_the_holidays_have_their_names_in_both_languages_of_the_console() -> None:
    assert hours.holiday_names(2026, "it")[date(2026, 12, 25)] == "Natale"
    assert hours.holiday_names(2026, "en")[date(2026, 12, 25)] == "Christmas Day"
    assert list(hours.holiday_names(2027, "it")) == sorted(hours.holiday_names(2027, "en"))
    assert date(2027, 3, 29) in hours.holiday_names(2027, "it")


NEW_YEAR = date(2027, 1, 1)
PLANNED = replace(
    WEEK,
    opening_from=(
        From(date(2026, 12, 1), "bn", (Span(1, 10, 12, "bn"),)),
        From(NEW_YEAR, None, tuple(Span(day, 9, 17) for day in range(5))),
        From(date(2027, 1, 12), "bn", ()),
        From(date(2027, 2, 1), None, ()),
    ),
    callback_from=(From(NEW_YEAR, None, tuple(Span(day, 14, 20) for day in range(5))),),
)
"""Hours that change four times after WEEK: Bangla's own, all, Bangla follows all, nobody answers."""


@pytest.mark.parametrize(
    ("language", "moment", "status"),
    [
        ("en", "2026-12-30 17:59", Status.OPEN),
        ("en", "2026-12-31 17:59", Status.OPEN),
        ("en", "2027-01-04 16:59", Status.OPEN),
        ("en", "2027-01-04 17:00", Status.CLOSED),
        ("bn", "2026-11-24 09:00", Status.OPEN),
        ("bn", "2026-12-01 09:00", Status.CLOSED),
        ("bn", "2026-12-01 10:00", Status.OPEN),
        ("bn", "2027-01-05 10:00", Status.OPEN),  # the hours of all are others now, not those of Bangla
        ("bn", "2027-01-05 12:00", Status.CLOSED),
        ("bn", "2027-01-12 16:00", Status.OPEN),
        ("en", "2027-01-29 16:00", Status.OPEN),
        ("en", "2027-02-01 10:00", Status.CLOSED),
    ],
)
def test_each_day_has_the_hours_that_hold_on_it(language: str, moment: str, status: Status) -> None:
    assert hours.status(PLANNED, language, rome(moment)) is status


def test_what_is_said_and_promised_over_the_day_of_a_change_follows_the_hours_of_each_day() -> None:
    evening = rome("2026-12-31 19:00")
    assert hours.next_opening(PLANNED, "en", evening) == Opening(date(2027, 1, 4), 9, 17, "monday")
    assert hours.next_opening(WEEK, "en", evening) == Opening(date(2027, 1, 4), 9, 18, "monday")
    assert hours.open_until(PLANNED, "en", rome("2026-12-31 10:00")) == rome("2026-12-31 18:00")
    assert hours.open_until(PLANNED, "en", rome("2027-01-04 10:00")) == rome("2027-01-04 17:00")
    assert hours.promise(PLANNED, "en", Window.MORNING, rome("2026-12-29 10:00")) == date(2026, 12, 30)
    assert hours.promise(PLANNED, "en", Window.MORNING, rome("2026-12-31 10:00")) is None
    assert not hours.may_ring(PLANNED, "en", Window.ANY, rome("2027-01-04 10:00"))
    assert hours.next_opening(PLANNED, "en", rome("2027-01-29 18:00")) is None
    assert PLANNED.on(NEW_YEAR).opening_from == () and PLANNED.on(NEW_YEAR).opening_on(
        date(2026, 1, 1)
    ) == PLANNED.opening_on(NEW_YEAR)


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_hours_that_begin_on_a_day_of_23_or_25_hours_begin_at_its_midnight_in_rome(day: date) -> None:
    from_ten = From(day, None, tuple(Span(n, 10, 11) for n in range(7)))
    calendar = replace(ALWAYS, opening_from=(from_ten,), open_days=frozenset({SPRING}))
    before, begins = hours.at_hour(day, 0) - timedelta(seconds=1), hours.at_hour(day, 0)
    assert hours.next_opening(calendar, "en", before) == Opening(day, 10, 11, "tomorrow")
    assert hours.next_opening(calendar, "en", begins) == Opening(day, 10, 11, "today")
    assert hours.open_hours(calendar, "en", day) == [10]
    assert hours.open_hours(calendar, "en", day - timedelta(days=1)) == list(range(7, 21))
