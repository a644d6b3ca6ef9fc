"""A line with hours, days off, a number more and a tuned limit, for the pages on which it is run."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from helpline import clock, db, hours, line
from helpline.hours import Span
from helpline.line import editing


def furnish_line() -> int:
    """Settings as somebody might have them, in three changes; the id of the last, which may be put back."""
    week = [Span(day, 9, 18) for day in range(5)] + [Span(1, 9, 13, "uk"), Span(1, 14, 17, "uk")]
    ringing = [Span(day, 9, 20) for day in range(6)]
    _save(
        {editing.OPENING: editing.of_spans(week), editing.CALLBACK: editing.of_spans(ringing)},
        "the beginning",
    )
    evening = editing.of_spans([Span(day, 14, 19, "uk") for day in (1, 3)])
    _save({editing.later(editing.OPENING, planned(), "uk"): evening}, "from then on she works in the evening")
    closed = {"first": "2026-12-24", "last": "2026-12-31"}
    wanted = {
        "closure end of the year": closed,
        "open day 2026-12-08": dict(editing.WORKED),
        "number +390255500000": {"greeting": "neutral"},
        "limit new_asks_a_day": {"value": 8},
    }
    return _save(wanted, "what was agreed on Monday")


def planned() -> date:
    """The day from which other hours are planned for Ukrainian."""
    return hours.today(clock.now()) + timedelta(days=40)


def _save(wanted: Mapping[str, Any], why: str) -> int:
    with db.transaction() as session:
        seen = editing.mark(editing.state(session), wanted)
        version = editing.save(session, wanted, who="person 1", why=why, seen=seen)
    line.forget()
    assert version is not None
    return version
