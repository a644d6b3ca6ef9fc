"""When somebody is tried again: inside window and hours, in different parts of the day, over three working days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline import hours
from helpline.callbacks import plan, tries, windows
from helpline.callbacks.tries import Settled
from helpline.hours import Calendar, Closure, Span, Window

ROME = ZoneInfo("Europe/Rome")
WEEK = Calendar(
    callback=(*(Span(day, 9, 20) for day in range(5)), Span(3, 9, 13, "bn"), Span(4, 14, 18, "uk"))
)
CALLER = ("busy", "no_answer", "machine", "refused", "wrong_moment", "wrong_person")


def rome(text):
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


def again(outcome, attempts, tried, window="any", language="it", calendar=WEEK, first=None, **more):
    first_at = rome(first) if first else None
    at = plan.next_try(
        outcome, attempts, rome(tried), window, language, calendar, rome(tried), first_at=first_at, **more
    )
    return at and at.astimezone(ROME).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("outcome", "window", "expected"),
    [
        ("busy", "any", "2026-11-24 13:00"),
        ("busy", "morning", "2026-11-24 11:00"),
        ("no_answer", "any", "2026-11-25 13:00"),
        ("no_answer", "morning", "2026-11-25 09:00"),
        ("machine", "any", "2026-11-25 13:00"),
        ("refused", "any", "2026-11-25 13:00"),
        ("wrong_moment", "any", "2026-11-24 13:00"),
        ("wrong_moment", "morning", "2026-11-25 09:00"),
        ("wrong_person", "evening", "2026-11-25 17:00"),
        ("network", "any", "2026-11-24 10:10"),
        ("operator_no_key", "any", "2026-11-24 10:00"),
        ("operator_unreached", "morning", "2026-11-24 10:00"),
    ],
)
def test_the_next_try_after_each_outcome_of_a_tuesday_at_ten(outcome, window, expected):
    assert again(outcome, 1, "2026-11-24 10:00", window) == expected


def test_the_last_try_is_in_the_third_part_of_the_third_working_day():
    assert again("no_answer", 2, "2026-11-25 13:00", first="2026-11-24 10:00") == "2026-11-26 17:00"
    assert again("busy", 2, "2026-11-24 13:00", first="2026-11-24 10:00") == "2026-11-26 17:00"
    assert again("no_answer", 2, "2026-11-30 13:00", first="2026-11-27 10:00") == "2026-12-01 17:00"


def test_days_off_are_no_working_days():
    assert again("no_answer", 1, "2026-12-04 10:00") == "2026-12-07 13:00", "over a week-end"
    assert again("no_answer", 1, "2026-12-07 10:00") == "2026-12-09 13:00", "over the 8th of December"
    closed = Calendar(callback=WEEK.callback, closures=(Closure(date(2026, 11, 25), date(2026, 11, 26)),))
    assert again("no_answer", 1, "2026-11-24 10:00", calendar=closed) == "2026-11-27 13:00"


def test_a_language_with_one_morning_a_week_is_tried_once_a_week():
    assert again("no_answer", 1, "2026-11-26 10:00", language="bn") == "2026-12-03 09:00"


def test_a_failing_network_is_tried_after_growing_pauses_and_not_for_ever():
    found = [again("network", 0, "2026-11-24 10:00", failures=count) for count in range(1, 6)]
    assert [at and at[11:] for at in found] == ["10:10", "10:30", "11:30", "14:30", None]


def test_after_three_tries_there_is_no_other():
    assert again("no_answer", 3, "2026-11-26 17:00") is None


def test_without_a_slot_in_sight_there_is_no_next_try():
    assert again("no_answer", 1, "2026-11-24 10:00", language="bn", window="evening") is None


@pytest.mark.parametrize(
    ("cause", "attempts", "more", "settled"),
    [
        ("no_answer", 2, {}, Settled.AGAIN),
        ("no_answer", 3, {}, Settled.UNREACHABLE),
        ("wrong_moment", 1, {"wrong_moments": 1}, Settled.AGAIN),
        ("wrong_moment", 2, {"wrong_moments": 2}, Settled.STOPPED),
        ("wrong_moment", 1, {"wrong_moments": 1, "proved": False}, Settled.BARRED),
        ("wrong_person", 1, {"proved": False}, Settled.BARRED),
        ("wrong_person", 1, {}, Settled.AGAIN),
        ("network", 0, {"failures": 4}, Settled.AGAIN),
        ("network", 0, {"failures": 5}, Settled.UNREACHABLE),
        ("operator_no_key", 2, {}, Settled.AGAIN),
    ],
)
def test_what_becomes_of_it(cause, attempts, more, settled):
    assert tries.settle(cause, attempts, **{"proved": True} | more) is settled


def test_windows_are_offered_when_they_have_a_slot_in_five_working_days():
    tuesday = date(2026, 11, 24)
    assert plan.offered_windows(WEEK, "it", tuesday) == ("morning", "afternoon", "evening", "any")
    assert plan.offered_windows(WEEK, "bn", tuesday) == ("morning", "any")
    assert plan.offered_windows(WEEK, "uk", tuesday) == ("afternoon", "evening", "any")
    assert plan.offered_windows(Calendar(), "it", tuesday) == ()
    for day in range(7):  # whatever the day of the call, one morning a week is one in five working days
        assert plan.offered_windows(WEEK, "bn", tuesday + timedelta(days=day)) == ("morning", "any")


def test_a_window_without_a_slot_in_the_next_five_working_days_is_not_offered():
    away = Calendar(callback=WEEK.callback, closures=(Closure(date(2026, 11, 26), date(2026, 11, 26)),))
    assert plan.offered_windows(away, "bn", date(2026, 11, 24)) == ()
    assert plan.offered_windows(away, "bn", date(2026, 11, 26)) == ("morning", "any")


def test_a_window_is_empty_when_nothing_is_left_of_it():
    pairs = windows.closing_pairs(WEEK, ["it", "bn"], rome("2026-11-24 10:00"))
    assert pairs == {("bn", "afternoon"), ("bn", "evening")}
    today_alone = Calendar(
        callback=(Span(1, 9, 13),), closures=(Closure(date(2026, 12, 1), date(2026, 12, 31)),)
    )
    assert ("it", "morning") not in windows.closing_pairs(today_alone, ["it"], rome("2026-11-24 12:00"))
    assert ("it", "morning") in windows.closing_pairs(today_alone, ["it"], rome("2026-11-24 13:00"))


# ---------------------------------------------------------------------------------------------- for whatever may be

DAYS = st.dates(date(2026, 10, 20), date(2026, 11, 5)) | st.dates(date(2027, 3, 20), date(2027, 4, 5))
spans = st.integers(7, 20).flatmap(
    lambda opens: st.builds(
        Span,
        st.integers(0, 6),
        st.just(opens),
        st.integers(opens + 1, 21),
        st.sampled_from([None, None, "bn"]),
    )
)
calendars = st.builds(Calendar, callback=st.lists(spans, max_size=12).map(tuple))


@st.composite
def moments(draw):
    day = datetime.combine(draw(DAYS), datetime.min.time(), tzinfo=ROME)
    return (day + timedelta(minutes=draw(st.integers(9 * 60, 21 * 60 - 1)))).astimezone(UTC)


@settings(max_examples=80)
@given(
    st.sampled_from([*CALLER, "network", "operator_no_key"]),
    st.integers(0, 2),
    moments(),
    st.sampled_from(tuple(Window)),
    calendars,
)
def test_the_next_try_is_never_outside_window_hours_and_day(outcome, attempts, tried_at, window, calendar):
    at = plan.next_try(outcome, attempts, tried_at, window, "bn", calendar, tried_at)
    if at is None:
        first = tried_at + tries.DELAYS.get(outcome, timedelta(0))
        soon = hours.next_slot(calendar, "bn", window, first)
        assert soon is None or hours.today(soon.begins) - hours.today(first) >= timedelta(0)
        return
    assert at >= tried_at + tries.DELAYS.get(outcome, timedelta(0))
    assert hours.may_ring(calendar, "bn", window, at)
    local = at.astimezone(ROME)
    first_hour, last_hour = hours.WINDOW_HOURS[window]
    assert first_hour <= local.hour < last_hour and 9 <= local.hour < 21


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(CALLER), min_size=2, max_size=2),
    moments(),
    st.sampled_from(tuple(Window)),
    calendars,
)
def test_three_tries_go_over_three_working_days(outcomes, first_at, window, calendar):
    tried = [first_at]
    for count, outcome in enumerate(outcomes, start=1):
        at = plan.next_try(outcome, count, tried[-1], window, "bn", calendar, tried[-1], first_at=first_at)
        if at is None:
            return
        tried.append(at)
    first, last = hours.today(tried[0]), hours.today(tried[-1])
    days = [first + timedelta(days=n + 1) for n in range((last - first).days)]
    assert sum(hours.is_working_day(calendar, day) for day in days) >= 2
    assert len({(hours.today(at), hours.part_of_day(at)) for at in tried}) == 3 or "busy" in outcomes


@settings(max_examples=50)
@given(st.sampled_from(CALLER[1:]), moments())
def test_a_window_of_all_day_is_tried_in_another_part_of_it(outcome, tried_at):
    always = Calendar(callback=tuple(Span(day, 7, 21) for day in range(7)))
    at = plan.next_try(outcome, 1, tried_at, "any", "bn", always, tried_at)
    assert hours.part_of_day(at) != hours.part_of_day(tried_at)


@settings(max_examples=50)
@given(calendars, DAYS, st.sampled_from(["it", "bn"]))
def test_what_is_offered_can_be_kept(calendar, today, language):
    offered = plan.offered_windows(calendar, language, today)
    for window in offered:
        assert hours.promise(calendar, language, window, hours.at_hour(today, 12)) is not None
    closing = windows.closing_pairs(calendar, [language], hours.at_hour(today, 12))
    assert not {(language, window) for window in offered} & closing
