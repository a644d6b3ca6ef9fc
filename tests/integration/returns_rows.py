"""Counts that organisations returned, for tests."""

from datetime import date

from helpline import db
from helpline.routing import counts
from helpline.routing.counts_values import Line


def returned(project_id, month, *lines, who="test", **words):
    """Return the counts of a month (`2026-10`); a line is a country and what is counted."""
    given = [Line(country, people) for country, people in lines]
    with db.transaction() as session:
        return counts.hand_in(session, project_id, date.fromisoformat(f"{month}-01"), given, who=who, **words)
