"""Made-up counts that organisations returned: of the cases of the line, and of more people who never rang it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from helpline.routing import counts
from helpline.routing.counts_values import KINDS, STEPS, Line, What
from helpline.routing.models import Project

WHO = "seed"
USUAL: Mapping[str, int] = {
    "EC": 17, "PE": 10, "TN": 9, "MA": 8, "BR": 6, "NG": 9, "BD": 9, "SN": 6, "GH": 5, "CO": 5, "GE": 4, "UA": 4, "EG": 3,
    "PK": 3, "IN": 2, "AL": 4,
}  # fmt: skip
"""Where people go back to: first those of DOMAIN §1.1, then where callers of such lines come from today."""
_KIND: Mapping[str, int] = {
    What.BUSINESS: 52, What.EMPLOYMENT: 6, What.TRAINING: 8, What.EDUCATION: 5, What.HOUSING: 15, What.HEALTH: 8, What.OTHER: 6,
}  # fmt: skip
"""Most plans are for a small business of one's own."""
_OTHERS = (8, 30)
"""So many people a month, at least and at most, begin counselling in a project without having rung the line."""
_CASES = text(
    "SELECT o.project_id, date_trunc('month', c.at AT TIME ZONE 'Europe/Rome')::date, coalesce(r.country, ''),"
    " CASE c.outcome WHEN 'counselling_begun' THEN 'counselled' WHEN 'plan_made' THEN 'plans' ELSE 'returned' END, count(*)"
    " FROM case_reports c JOIN offers o ON o.id = c.offer_id JOIN requests r ON r.id = o.request_id"
    " WHERE c.outcome IN ('counselling_begun', 'plan_made', 'returned') GROUP BY 1, 2, 3, 4"
)


def write(session: Session, dice: Random, first: date, last: date) -> int:
    """Return the counts of every project's months that are over by `last`, a year of them or more; how many were returned.

    A month whose counts somebody returned is left as it is; made-up ones take the place of older made-up ones. One project, drawn by the dice, has not returned its last month.
    """
    first = min(first, last - timedelta(days=364))
    known: dict[tuple[str, date], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for project, month, country, what, cases in session.execute(_CASES):
        known[project, month][country][what] += cases
    projects = session.scalars(
        select(Project).where(Project.starts_on <= last, Project.ends_on >= first).order_by(Project.id)
    ).all()
    asked = [one.id for one in projects if counts.owed(one.starts_on, one.ends_on, last)]
    late = dice.choice(asked) if asked else None
    done = 0
    for project in projects:
        of = [
            month
            for month in counts.owed(project.starts_on, project.ends_on, last)
            if month >= first.replace(day=1)
        ]
        waiting: list[Counter[str]] = []
        for month in of[:-1] if project.id == late else of:
            before = waiting[-3:]
            lines = _lines(dice, project.countries, before, known[project.id, month])
            waiting.append(Counter({line.country: line.people.get(What.RETURNED, 0) for line in lines}))
            before_ours = counts.newest(session, project.id, month)
            if before_ours is None or before_ours.who == WHO:
                counts.hand_in(session, project.id, month, lines, who=WHO, empty=True)
                done += 1
    return done


def _lines(
    dice: Random, countries: list[str], before: list[Counter[str]], cases: Mapping[str, Counter[str]]
) -> list[Line]:
    """A month: the line's own cases, others beside them; those who returned in the months before are helped now."""
    people: dict[str, Counter[str]] = defaultdict(Counter)
    for country, own in cases.items():
        people[country].update({str(step): own[step] + dice.randrange(2) for step in STEPS if own[step]})
    may = [code for code in USUAL if "*" in countries or code in countries] or countries
    for country in dice.choices(may, [USUAL.get(code, 3) for code in may], k=dice.randrange(*_OTHERS)):
        people[country][What.COUNSELLED] += 1
        people[country][What.PLANS] += dice.random() < 0.7
        people[country][What.RETURNED] += dice.random() < 0.55
    for returned in before[:1]:
        for country, count in returned.items():
            for kind in dice.choices(KINDS, [_KIND[kind] for kind in KINDS], k=count):
                people[country][kind] += dice.random() < 0.85
    return [
        Line(country, {what: count for what, count in own.items() if count})
        for country, own in people.items()
    ]
