"""What somebody chose of the log of calls: read from words of an address or a form, with what is wrong with them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from helpline.hours import at_hour, is_reckoned
from helpline.ivr import formerly
from helpline.languages import CODES

WORDS = (
    "from",
    "to",
    "hour",
    "language",
    "outcome",
    "step",
    "passed",
    "number",
    "person",
    "longer",
    "shorter",
)
"""What can be chosen, as it is called in an address, in the order of the form."""
OUTCOMES = ("request", "callback", "live", "message", "information", "gave_up", "silent", "refused")
RUNNING = "running"
"""In the place of an outcome: the call goes on, or nobody has told us of its end."""
UNCHOSEN = "none"
"""In the place of a language: none was chosen."""
PERSON = ("asked", "got", "nobody", "left")
HOURS = tuple(str(hour) for hour in range(24))
STEP = re.compile(r"[a-z][a-z0-9_]{0,60}")
OURS = re.compile(r"\+[0-9]{3,18}")
PASSED = 14
"""Of so many days the calls that came to a step are looked for: no index knows them, so each is looked at."""


@dataclass(frozen=True)
class Wanted:
    """What is chosen; empty: everything. Days in Rome, both included. `hour`: of the one day, by its clock (on the day of 25 hours
    two are called 2). `step`: where the call ended, as it is called now; `passed`: a step that it came to, which is asked of at most `PASSED` days.
    `longer`, `shorter`: in seconds. `number`: a number of ours that was dialled. `person`: `asked` (wanted one), `got`, `nobody`,
    `left`."""

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
    hour: int | None = None

    @property
    def begins(self) -> datetime | None:
        """The moment from which on calls began that are wanted."""
        return at_hour(self.first, self.hour or 0) if self.first else None

    @property
    def ends(self) -> datetime | None:
        """The moment before which they began."""
        if self.last is None:
            return None
        hours = 24 if self.hour is None else self.hour + 1
        return at_hour(self.last + timedelta(days=hours // 24), hours % 24)

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


def read(words: Mapping[str, str]) -> tuple[Wanted, dict[str, str]]:
    """What these words choose, and what is wrong with the others: field -> `date`, `order`, `unknown`, `number`, `days` or
    `one_day`.

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
        formerly.now(written("step", STEP)),
        _of_few_days(formerly.now(written("passed", STEP)), first, last, wrong),
        written("number", OURS),
        one_of("person", PERSON),
        seconds("longer"),
        seconds("shorter"),
        _of_one_day(one_of("hour", HOURS), first, last, wrong),
    )
    return found, wrong


def _day(word: str) -> date | None:
    """A day that the line may be asked about; None for what is none."""
    try:
        found = date.fromisoformat(word)
    except ValueError:
        return None
    return found if is_reckoned(found) else None


def _of_one_day(hour: str, first: date | None, last: date | None, wrong: dict[str, str]) -> int | None:
    """The hour, where one day is chosen."""
    if hour and not (first and first == last):
        wrong["hour"] = "one_day"
        return None
    return int(hour) if hour else None


def _of_few_days(step: str, first: date | None, last: date | None, wrong: dict[str, str]) -> str:
    """The step, where the days are few enough to look for who came to it."""
    if step and not (first and last and last - first < timedelta(days=PASSED)):
        wrong["passed"] = "days"
        return ""
    return step
