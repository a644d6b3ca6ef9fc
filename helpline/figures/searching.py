"""The log of calls: which there were, the newest first, by what somebody chose; and searches that are kept. Shows no number."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, select, tuple_
from sqlalchemy.orm import Session

from helpline.calls.models import Call, Step
from helpline.figures import counting
from helpline.figures.models import NONE, CallDay, CallSum
from helpline.hours import at_hour, is_reckoned
from helpline.languages import CODES
from helpline.phone import PhoneNumber

OUTCOMES = ("request", "callback", "live", "message", "information", "gave_up", "silent", "refused")
RUNNING = "running"
"""In the place of an outcome: the call goes on, or nobody has told us of its end."""
UNCHOSEN = "none"
"""In the place of a language: none was chosen."""
Cursor = tuple[datetime, int]


@dataclass(frozen=True)
class Wanted:
    """What is chosen; empty: everything. Days in Rome, both included. `step`: where the call ended; `passed`: a step that it came
    to, which is asked of at most `PASSED` days. `longer`, `shorter`: in seconds. `number`: a number of ours that was dialled. `person`: `asked` (wanted one), `got`, `nobody`, `left`."""

    first: date | None = None
    last: date | None = None
    language: str = ""
    outcome: str = ""
    step: str = ""
    passed: str = ""
    number: str = ""
    person: str = ""
    longer: int | None = None
    shorter: int | None = None

    def as_words(self) -> dict[str, str]:
        """What is chosen, as it stands in a URL or a kept search."""
        words = {
            name: value.isoformat() if isinstance(value, date) else str(value)
            for name, value in asdict(self).items()
            if value not in {None, ""}
        }
        return {
            "from" if name == "first" else "to" if name == "last" else name: word
            for name, word in words.items()
        }


PERSON = ("asked", "got", "nobody", "left")
STEP = re.compile(r"[a-z][a-z0-9_]{0,60}")
OURS = re.compile(r"\+[0-9]{3,18}")
PASSED = 14
"""Of so many days the calls that came to a step are looked for: no count knows them, so their steps are read."""
LONGEST = timedelta(hours=5)
"""No call goes on for so long."""


def wanted(words: Mapping[str, str]) -> tuple[Wanted, dict[str, str]]:
    """What these words choose, and what is wrong with the others: field -> `date`, `order`, `unknown`, `number` or `days`.

    What is wrong is left out: the rest is shown.
    """
    wrong: dict[str, str] = {}

    def day(name: str) -> date | None:
        found = _day(words[name]) if words.get(name) else None
        if words.get(name) and found is None:
            wrong[name] = "date"
        return found

    def one_of(name: str, known: Sequence[str]) -> str:
        word = words.get(name, "")
        if word and word not in known:
            wrong[name] = "unknown"
            return ""
        return word

    def seconds(name: str) -> int | None:
        word = words.get(name, "")
        if word and not (word.isdecimal() and len(word) <= 6):
            wrong[name] = "number"
            return None
        return int(word) if word else None

    def written(name: str, form: re.Pattern[str]) -> str:
        word = words.get(name, "")
        if word and not form.fullmatch(word):
            wrong[name] = "unknown"
            return ""
        return word

    first, last = day("from"), day("to")
    if first and last and last < first:
        wrong["to"], last = "order", None
    found = Wanted(
        first,
        last,
        one_of("language", (*CODES, UNCHOSEN)),
        one_of("outcome", (*OUTCOMES, RUNNING)),
        written("step", STEP),
        _of_few_days(written("passed", STEP), first, last, wrong),
        written("number", OURS),
        one_of("person", PERSON),
        seconds("longer"),
        seconds("shorter"),
    )
    return found, wrong


def _day(word: str) -> date | None:
    """A day that the line may be asked about; None for what is none."""
    try:
        found = date.fromisoformat(word)
    except ValueError:
        return None
    return found if is_reckoned(found) else None


def of_ours(session: Session, which: Wanted, wrong: dict[str, str]) -> Wanted:
    """The same, without a number that is none of ours, which is added to what is `wrong`: a caller's number typed there must
    not be kept, nor stand in an address."""
    if not which.number or session.scalar(
        select(CallDay.number).where(CallDay.number == which.number).limit(1)
    ):
        return which
    wrong["number"] = "unknown"
    return replace(which, number="")


def _of_few_days(step: str, first: date | None, last: date | None, wrong: dict[str, str]) -> str:
    """The step, where the days are few enough to look for who came to it."""
    if step and not (first and last and last - first < timedelta(days=PASSED)):
        wrong["passed"] = "days"
        return ""
    return step


@dataclass(frozen=True)
class Listed:
    """A call in the log. `number`: masked, None when it was withheld or is forgotten. `seconds`: None while it goes on."""

    id: int
    at: datetime
    number: str | None
    language: str | None
    outcome: str | None
    seconds: int | None
    last_step: str | None
    to_number: str | None


def listed(
    session: Session,
    which: Wanted,
    *,
    callers: Sequence[str] = (),
    before: Cursor | None = None,
    limit: int = 50,
) -> list[Listed]:
    """Calls, the newest first; older than `before`, where that is given. `callers`: pseudonyms, of which one must fit."""
    asked = _asked(which, callers)
    if before:
        asked = asked.where(tuple_(Call.started_at, Call.id) < before)
    if _is_of_sums(which):
        # The hour of a call is that of its beginning: the same order, and an index holds it.
        if before:
            asked = asked.where(CallSum.hour <= before[0])
        asked = asked.order_by(CallSum.hour.desc())
    found = session.execute(asked.order_by(Call.started_at.desc(), Call.id.desc()).limit(limit))
    return [
        Listed(
            row.id,
            row.started_at,
            str(PhoneNumber(row.from_number)) if row.from_number else None,
            row.language,
            row.outcome,
            row.lasted,
            row.last_step,
            row.to_number,
        )
        for row in found
    ]


MOST_COUNTED = 10_000


def how_many(session: Session, which: Wanted, *, callers: Sequence[str] = ()) -> int:
    """How many calls fit, counted up to `MOST_COUNTED`."""
    if which.outcome in OUTCOMES and not _is_of_sums(which) and not callers and not which.passed:
        return min(MOST_COUNTED, _counted(session, which))
    if _is_of_sums(which) and not callers and not which.passed:
        some = select(CallSum.call_id).where(*_of_sums(which))
    else:
        some = _asked(which, callers).with_only_columns(Call.id)
    return session.scalar(select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())) or 0


def _counted(session: Session, which: Wanted) -> int:
    """The same by the counts of days, which know each finished call by its outcome."""
    given: list[ColumnElement[bool] | None] = [
        CallDay.day >= which.first if which.first else None,
        CallDay.day <= which.last if which.last else None,
        CallDay.language == (NONE if which.language == UNCHOSEN else which.language)
        if which.language
        else None,
        CallDay.outcome == which.outcome,
        CallDay.number == which.number if which.number else None,
    ]
    asked = select(func.sum(CallDay.calls)).where(*[one for one in given if one is not None])
    return session.scalar(asked) or 0


def _is_of_sums(which: Wanted) -> bool:
    """Whether something is chosen that is known of finished calls alone, from what they came to."""
    return bool(which.step or which.person) or which.longer is not None or which.shorter is not None


def _asked(which: Wanted, callers: Sequence[str]) -> Any:
    if not _is_of_sums(which):
        joined = select(*_COLUMNS).outerjoin(CallSum, CallSum.call_id == Call.id)
        return joined.where(*_conditions(which, callers))
    joined = select(*_COLUMNS).select_from(CallSum).join(Call, CallSum.call_id == Call.id)
    return joined.where(*_of_sums(which), *_came_to(which), *[Call.from_hash.in_(callers)] if callers else ())


_COLUMNS = (
    Call.id, Call.started_at, Call.from_number, Call.language, Call.outcome,
    func.coalesce(Call.seconds, CallSum.seconds).label("lasted"), CallSum.last_step, Call.to_number,
)  # fmt: skip
_OF_PERSON: dict[str, ColumnElement[bool]] = {
    "asked": CallSum.wait_seconds.is_not(None),
    "got": CallSum.answered.is_(True),
    "nobody": CallSum.nobody.is_(True),
    "left": and_(CallSum.wait_seconds > counting.PATIENT, ~CallSum.answered, ~CallSum.nobody),
}


def conditions(which: Wanted) -> list[ColumnElement[bool]]:
    """What a call must be, beside what it came to (where that is known), to be one of those that are listed."""
    return [*_conditions(which, ()), *(_of_sums(which) if _is_of_sums(which) else ())]


def _conditions(which: Wanted, callers: Sequence[str]) -> list[ColumnElement[bool]]:
    """What is chosen, of calls themselves."""
    given: list[ColumnElement[bool] | None] = [
        Call.started_at >= _begins(which.first) if which.first else None,
        Call.started_at < _ends(which.last) if which.last else None,
        Call.language == which.language if which.language not in {"", UNCHOSEN} else None,
        Call.language.is_(None) if which.language == UNCHOSEN else None,
        Call.outcome == which.outcome if which.outcome not in {"", RUNNING} else None,
        ~Call.finished if which.outcome == RUNNING else None,
        Call.to_number == which.number if which.number else None,
        Call.from_hash.in_(callers) if callers else None,
    ]
    return [*(one for one in given if one is not None), *_came_to(which)]


def _came_to(which: Wanted) -> list[ColumnElement[bool]]:
    """That a call came to the chosen step, by the steps of the chosen days."""
    if not (which.passed and which.first and which.last):
        return []
    of_days = Step.at.between(_begins(which.first), _ends(which.last) + LONGEST)
    came = select(Step.id).where(Step.call_sid == Call.sid, Step.to_step == which.passed, of_days)
    return [came.exists()]


def _of_sums(which: Wanted) -> list[ColumnElement[bool]]:
    """What is chosen, of what finished calls came to. Days begin with an hour, so their hour says on which a call began."""
    given: list[ColumnElement[bool] | None] = [
        CallSum.hour >= _begins(which.first) if which.first else None,
        CallSum.hour < _ends(which.last) if which.last else None,
        CallSum.language == which.language if which.language not in {"", UNCHOSEN} else None,
        CallSum.language == NONE if which.language == UNCHOSEN else None,
        CallSum.outcome == which.outcome if which.outcome not in {"", RUNNING} else None,
        false() if which.outcome == RUNNING else None,
        CallSum.last_step == which.step if which.step else None,
        CallSum.number == which.number if which.number else None,
        CallSum.seconds >= which.longer if which.longer is not None else None,
        CallSum.seconds <= which.shorter if which.shorter is not None else None,
        _OF_PERSON.get(which.person),
    ]
    return [one for one in given if one is not None]


def _begins(day: date) -> datetime:
    return at_hour(day, 0)


def _ends(day: date) -> datetime:
    return at_hour(day + timedelta(days=1), 0)


def numbers_of_ours(session: Session) -> list[str]:
    """The numbers of ours that were dialled, as far as they are counted."""
    return [one for one in session.scalars(select(CallDay.number).distinct().order_by(CallDay.number)) if one]
