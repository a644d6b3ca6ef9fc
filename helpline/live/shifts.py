"""Who is on shift, in which languages; and the rota as it is written down. Knows nothing of who is really there."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.hours import FIRST_HOUR, LAST_HOUR, at_hour, today
from helpline.live import plan
from helpline.live.models import ShiftRow
from helpline.people.models import Person


def now(session: Session) -> dict[int, frozenset[str]]:
    """Who works at this moment, in which of their languages; people whose account is disabled work no more."""
    return at(session, clock.now())


def at(session: Session, moment: datetime) -> dict[int, frozenset[str]]:
    """As `now`, at another moment."""
    day = today(moment)
    of_day = or_(ShiftRow.weekday == day.weekday(), ShiftRow.day == day)
    wanted = (
        select(ShiftRow, Person.languages)
        .join(Person, Person.id == ShiftRow.person_id)
        .where(of_day, Person.disabled_at.is_(None))
    )
    speaks: dict[int, frozenset[str]] = {}
    found = []
    for row, languages in session.execute(wanted):
        speaks[row.person_id] = frozenset(languages)
        found.append(value_of(row))
    working = plan.on_shift(found, moment)
    return {person: languages & speaks[person] for person, languages in working.items()}


QUARTERS = tuple(timedelta(minutes=minutes) for minutes in (0, 15, 30, 45))
ALL = ""
"""In the place of a language: everybody who works, whatever they speak."""


def staffed(session: Session, days: Sequence[date]) -> dict[tuple[date, int], dict[str, float]]:
    """How many people the rota has in each hour of these days, by language and in all (`ALL`); never who.

    On the average of the hour's quarters: who begins at half past nine is half a person from nine to ten. Hours without
    anybody are left out.
    """
    rows = session.execute(
        select(ShiftRow, Person.languages)
        .join(Person, Person.id == ShiftRow.person_id)
        .where(Person.disabled_at.is_(None))
    ).all()
    speaks = {row.person_id: frozenset(languages) for row, languages in rows}
    rota = [value_of(row) for row, _ in rows]
    found: dict[tuple[date, int], dict[str, float]] = {}
    for day in days:
        of_day = [shift for shift in rota if shift.day == day or shift.weekday == day.weekday()]
        for hour in range(FIRST_HOUR, LAST_HOUR) if of_day else ():
            quarters: Counter[str] = Counter()
            for quarter in QUARTERS:
                for person, languages in plan.on_shift(of_day, at_hour(day, hour) + quarter).items():
                    if there := languages & speaks[person]:
                        quarters.update((ALL, *there))
            if quarters:
                found[day, hour] = {code: count / len(QUARTERS) for code, count in quarters.items()}
    return found


def value_of(row: ShiftRow) -> plan.Shift:
    """A row as `plan` knows it."""
    return plan.Shift(
        row.person_id, frozenset(row.languages), row.begins, row.ends, weekday=row.weekday, day=row.day
    )


def listed(session: Session) -> list[plan.Shift]:
    """The whole rota: week by weekday, then single days."""
    order = (ShiftRow.day.asc().nulls_first(), ShiftRow.weekday, ShiftRow.begins, ShiftRow.person_id)
    return [value_of(row) for row in session.scalars(select(ShiftRow).order_by(*order))]


def replace(session: Session, rota: Mapping[int, Collection[plan.Shift]]) -> list[int]:
    """Give each of these people these shifts instead of all they had; the ids of those for whom something changed.

    People who are not named keep theirs.
    """
    changed = []
    for person_id, shifts in rota.items():
        rows = session.scalars(select(ShiftRow).where(ShiftRow.person_id == person_id))
        if {value_of(row) for row in rows} == set(shifts):
            continue
        session.execute(delete(ShiftRow).where(ShiftRow.person_id == person_id))
        session.add_all(
            ShiftRow(
                person_id=person_id,
                weekday=shift.weekday,
                day=shift.day,
                begins=shift.begins,
                ends=shift.ends,
                languages=sorted(shift.languages),
            )
            for shift in shifts
        )
        changed.append(person_id)
    session.flush()
    return changed
