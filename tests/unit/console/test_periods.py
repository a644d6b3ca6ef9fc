"""Periods of the pages of figures: what a form says, what it means where it says less, and those that are often asked for."""

from datetime import date

import pytest

from helpline.console import periods
from helpline.console.forms import Form

ALL = ("today", "week", "thirty", "month", "last_month", "quarter", "last_quarter", "year", "last_year")


def told(days):
    return "/".join(day.isoformat() for day in days)


def test_a_period_ends_today_and_begins_thirty_days_before_unless_the_form_says_otherwise(at):
    at("2026-03-01 00:30")
    assert told(periods.chosen(Form())) == "2026-01-31/2026-03-01"
    assert told(periods.chosen(Form(), periods.before(7))) == "2026-02-23/2026-03-01"
    form = Form({"last": "2024-02-29"})
    assert told(periods.chosen(form)) == "2024-01-31/2024-02-29" and form
    assert (form.typed("first"), form.typed("last")) == ("2024-01-31", "2024-02-29")


@pytest.mark.parametrize(
    ("given", "years", "field"),
    [
        ({"first": "2026-02-02", "last": "2026-02-01"}, 3, "last"),
        ({"first": "2026-02-02"}, 3, "last"),
        ({"first": "2022-01-01", "last": "2026-01-01"}, 3, "first"),
        ({"first": "2020-01-01", "last": "2026-01-01"}, 5, "first"),
        ({"first": "2026-02-30"}, 3, "first"),
        ({"first": "2022-01-01", "last": "2026-01-01"}, 5, None),
    ],
)
def test_what_is_wrong_with_a_period_is_said_beside_its_field(at, given, years, field):
    at("2026-02-01 12:00")
    form = Form(given)
    periods.chosen(form, years=years)
    assert list(form.errors) == ([field] if field else [])


def test_the_periods_that_are_often_asked_for_are_whole_also_at_the_turn_of_the_year(at):
    at("2026-01-31 23:30")
    found = periods.links(lambda first, last: f"{first}/{last}", (date(2026, 1, 31),) * 2, *ALL)
    assert [address for _, address, _, _ in found] == [
        "2026-01-31/2026-01-31",
        "2026-01-25/2026-01-31",
        "2026-01-02/2026-01-31",
        "2026-01-01/2026-01-31",
        "2025-12-01/2025-12-31",
        "2026-01-01/2026-01-31",
        "2025-10-01/2025-12-31",
        "2026-01-01/2026-01-31",
        "2025-01-01/2025-12-31",
    ]
    assert [text for text, _, now, _ in found if now] == ["Today"]
