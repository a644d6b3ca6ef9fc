"""Counts of a month: every fault at once with its place, what looks wrong, and rows out of a spreadsheet."""

from datetime import date

import pytest

from helpline.routing.counts_values import (
    KINDS,
    MOST,
    REINTEGRATED,
    STEPS,
    Doubt,
    Line,
    What,
    Why,
    Wrong,
    doubts,
    judged,
    months,
    pasted,
)

PROJECT = {"starts_on": date(2026, 3, 17), "ends_on": date(2027, 1, 10), "today": date(2026, 11, 24)}
OCTOBER = date(2026, 10, 1)


def test_everything_that_is_wrong_is_said_at_once_with_its_place():
    lines = [
        Line("BD", {What.RETURNED: 3}),
        Line("XX", {What.PLANS: -1}),
        Line("BD", {What.BUSINESS: MOST + 1}),
    ]
    assert judged(lines, month=date(2026, 2, 1), **PROJECT) == [
        Wrong("month", Why.NOT_BEGUN),
        Wrong("country", Why.COUNTRY, 1),
        Wrong("plans", Why.NUMBER, 1),
        Wrong("country", Why.TWICE, 2),
        Wrong("business", Why.NUMBER, 2),
    ]


@pytest.mark.parametrize(
    ("month", "why"),
    [("2026-02", Why.NOT_BEGUN), ("2026-03", None), ("2026-11", None), ("2026-12", Why.FUTURE), ("2027-02", Why.OVER)],
)  # fmt: skip
def test_a_month_lies_within_the_projects_dates_and_has_begun(month, why):
    found = judged([Line("MA", {"plans": 1})], month=date.fromisoformat(f"{month}-01"), **PROJECT)
    assert found == ([Wrong("month", why)] if why else [])


def test_nothing_is_only_taken_when_it_is_said():
    assert judged([], month=OCTOBER, **PROJECT) == [Wrong("lines", Why.NOTHING)]
    assert judged([Line("MA", {"plans": 0})], month=OCTOBER, **PROJECT) == [Wrong("lines", Why.NOTHING)]
    assert judged([], month=OCTOBER, empty=True, **PROJECT) == []


def test_more_returned_than_planned_is_doubted_over_all_months_and_by_country():
    before = [Line("MA", {"counselled": 9, "plans": 5, "returned": 4}), Line("SN", {"returned": 9})]
    assert doubts([Line("MA", {"returned": 1})], before) == []
    assert doubts([Line("MA", {"returned": 2})], before) == [Doubt("MA", "returned", "plans", 6, 5)]
    helped = Line("MA", {"business": 3, "health": 2})
    assert helped.reintegrated == 5
    assert doubts([helped], before) == [Doubt("MA", REINTEGRATED, "returned", 5, 4)]


def test_months_follow_one_another_over_the_year():
    assert months(date(2026, 11, 30), date(2027, 2, 1)) == [
        date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("sign", ["\t", ";", ","])
def test_rows_of_a_spreadsheet_are_read_with_or_without_headings_by_name_or_code(sign):
    text = "\n".join(
        sign.join(cells)
        for cells in (
            ("Paese", "Colloqui", "Piani"),
            ("Marocco", "12", "", "3"),
            (),
            ("bd", "4"),
            ("Qui", "x"),
        )
    )
    assert pasted(text, {"marocco": "MA"}) == [
        {"country": "MA", "counselled": "12", "plans": "0", "returned": "3"},
        {"country": "BD", "counselled": "4"},
        {"country": "Qui", "counselled": "x"},
    ]


def test_kinds_and_steps_are_all_that_is_counted():
    assert {*STEPS, *KINDS} == set(What) and len(KINDS) == 7
