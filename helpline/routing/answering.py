"""How long an entity has to answer an offer, on its own working clock; pure: told the times, never asks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from helpline.hours import Closure, Span, at_hour, is_holiday, today

SHORTEST, LONGEST = timedelta(hours=4), timedelta(hours=48)
NEVER_ANSWERED = timedelta(hours=24)
"""Working hours. A shorter time for urgent ones made them wait longer (ROUTING §3.3): they get a telephone call instead."""

FURTHEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When an entity works: whole hours of weekdays in Rome, never on an Italian holiday or in its own closures."""

    spans: tuple[Span, ...] = tuple(Span(weekday, 9, 17) for weekday in range(5))
    closures: tuple[Closure, ...] = ()

    def __post_init__(self) -> None:
        """Refuses a clock that would never run: ValueError."""
        if not any(span.opens < span.closes for span in self.spans):
            raise ValueError("working hours: no hour of the week is one")

    def stretches(self, begins: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of work from a moment on, each as it begins and ends in UTC; a year and a month of them."""
        first = today(begins)
        for ahead in range(FURTHEST_DAYS):
            day = first + timedelta(days=ahead)
            if is_holiday(day) or any(closure.holds(day) for closure in self.closures):
                continue
            for span in sorted(self.spans, key=lambda span: (span.opens, span.closes)):
                if span.weekday == day.weekday():
                    starts, ends = max(begins, _at(day, span.opens)), _at(day, span.closes)
                    if starts < ends:
                        yield starts, ends
                        begins = ends


def _at(day: date, hour: int) -> datetime:
    """An hour of a Roman day; 24 is the next day's midnight, so that a day may have 23 or 25 hours."""
    return at_hour(day + timedelta(days=1), 0) if hour == 24 else at_hour(day, hour)


def after(hours: WorkingHours, at: datetime, work: timedelta) -> datetime:
    """The moment, in UTC, at which so much working time has passed since `at`.

    A clock stopped by closures for more than a year ends where one stopped looking.
    """
    reached = at
    for begins, ends in hours.stretches(at):
        if begins + work <= ends:
            return begins + work
        work -= ends - begins
        reached = ends
    return max(reached, at + timedelta(days=FURTHEST_DAYS))


def worked(hours: WorkingHours, begins: datetime, ends: datetime) -> timedelta:
    """How much working time lies between two moments: what an answer took, as `answer_by` wants it."""
    passed = timedelta()
    for starts, stops in hours.stretches(begins):
        if starts >= ends:
            break
        passed += min(stops, ends) - starts
    return passed


def time_to_answer(answers: Sequence[timedelta]) -> timedelta:
    """The working time in which nine of ten of an entity's answers came, 4 to 48 hours; 24 when it never answered."""
    if not answers:
        return NEVER_ANSWERED
    ninth_of_ten = sorted(answers)[-(-9 * len(answers) // 10) - 1]
    return min(max(ninth_of_ten, SHORTEST), LONGEST)


def answer_by(
    made_at: datetime, hours: WorkingHours, answers: Sequence[timedelta]
) -> tuple[datetime, datetime]:
    """When to remind an entity of an offer (at half its time), and when the offer expires; both in UTC.

    `answers`: the working time that each of its earlier answers took (`worked`), in any order.
    """
    given = time_to_answer(answers)
    return after(hours, made_at, given / 2), after(hours, made_at, given)
