"""Shifts that other opening hours would leave outside: when and for which language, never who."""

from datetime import date

from helpline.hours import Calendar, Span
from helpline.live.outside import Outside, outside
from helpline.live.plan import Shift

MONDAY = date(2026, 11, 23)
NINE_TO_SIX = Calendar(opening=tuple(Span(day, 9, 18) for day in range(5)))
NINE_TO_FIVE = Calendar(opening=tuple(Span(day, 9, 17) for day in range(5)))
BANGLA = frozenset({"bn"})


def test_a_weekly_shift_is_told_on_each_of_its_days_in_two_weeks():
    shifts = [Shift(1, BANGLA, 14 * 60, 18 * 60, weekday=1)]
    assert outside(shifts, NINE_TO_SIX, NINE_TO_FIVE, MONDAY, ["it", "bn"]) == [
        Outside(date(2026, 11, day), 17 * 60, 18 * 60, "bn", 1) for day in (24,)
    ] + [Outside(date(2026, 12, 1), 17 * 60, 18 * 60, "bn", 1)]


def test_who_was_outside_before_or_is_away_is_not_told():
    shifts = [
        Shift(1, BANGLA, 18 * 60, 20 * 60, weekday=1),
        Shift(2, BANGLA, 17 * 60, 18 * 60, weekday=2),
        Shift(2, frozenset(), 0, 1440, day=date(2026, 11, 25)),
        Shift(2, frozenset(), 0, 1440, day=date(2026, 12, 2)),
    ]
    assert outside(shifts, NINE_TO_SIX, NINE_TO_FIVE, MONDAY, ["bn"]) == []


def test_two_people_at_once_are_counted():
    shifts = [Shift(person, BANGLA, 16 * 60, 18 * 60, day=MONDAY) for person in (1, 2)]
    assert outside(shifts, NINE_TO_SIX, NINE_TO_FIVE, MONDAY, ["bn"]) == [
        Outside(MONDAY, 17 * 60, 18 * 60, "bn", 2)
    ]
