"""What the line's settings and their changes are called: a week of hours, a day off, a limit, in the reader's words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext

from helpline.console import formats, labels, notices, offers_words
from helpline.console.offers_hours import weekday
from helpline.hours import Status
from helpline.languages import CODES
from helpline.line import editing, week
from helpline.line.limits import USUAL

ALL = "*"
"""The hours of every language that has none of its own."""

KINDS: Mapping[str, tuple[str, LazyString, LazyString]] = {
    "opening": (
        editing.OPENING,
        lazy_gettext("Opening hours"),
        lazy_gettext("When people answer callers who ask for a person."),
    ),
    "callback": (
        editing.CALLBACK,
        lazy_gettext("Hours for ringing back"),
        lazy_gettext(
            "When people ring those who asked for it; between 9 and 21 only, whatever is written here."
        ),
    ),
}
STATUSES: Mapping[Status, tuple[LazyString, str]] = {
    Status.OPEN: (lazy_gettext("the line is open"), "good"),
    Status.CLOSED: (lazy_gettext("the line is closed"), "calm"),
    Status.HOLIDAY: (lazy_gettext("holiday"), "busy"),
}
CHANGES: Mapping[str, LazyString] = {
    "hours": lazy_gettext("Hours"),
    "closures": lazy_gettext("Days off"),
    "numbers": lazy_gettext("Numbers"),
    "limits": lazy_gettext("Limits"),
    "notices": lazy_gettext("Notices"),
    "projects": lazy_gettext("Projects"),
}
GREETINGS: Mapping[str, tuple[LazyString, LazyString]] = {
    "welcome": (
        lazy_gettext("the welcome"),
        lazy_gettext("Says at once what the line is for."),
    ),
    "neutral": (
        lazy_gettext("the neutral greeting"),
        lazy_gettext("Says nothing of return: whoever shares a telephone learns nothing."),
    ),
}
LIMITS: Mapping[str, tuple[LazyString, LazyString]] = {
    "new_asks_a_day": (
        lazy_gettext("Asks of one caller in a day"),
        lazy_gettext(
            "So many calls back and requests one telephone may ask for in a day; then callers may leave a message. Keeps somebody from having many numbers rung."
        ),
    ),
    "hidden_asks_a_day": (
        lazy_gettext("Asks of all hidden numbers in a day"),
        lazy_gettext(
            "All callers together who hide their number: nobody can tell one from another. Raise it when many call from shelters or through switchboards that hide numbers."
        ),
    ),
    "hold_minutes": (
        lazy_gettext("Longest time on hold, in minutes"),
        lazy_gettext("Who has waited for so long hears that nobody can come, and is offered a call back."),
    ),
}
SAFE: Sequence[tuple[LazyString, LazyString]] = (
    (lazy_gettext("Nobody is rung before 9 and from 21 on"), lazy_gettext("Callers’ safety and their night (quiet hours).")),
    (lazy_gettext("Three tries of a call back, on three days"), lazy_gettext("What callers and the Ministry are told.")),
    (lazy_gettext("Three asks in one call, three for one telephone"), lazy_gettext("Telephones are shared: each ask has its own code.")),
    (lazy_gettext("Three wrong codes in a call, five a day for one number"), lazy_gettext("Nobody may find a code by trying.")),
    (lazy_gettext("Three tries at a key, a number, a postal code"), lazy_gettext("After that a person or a message helps more than another round.")),
    (lazy_gettext("A part of the day is offered if it can be kept within five working days"), lazy_gettext("No promise that cannot be kept.")),
    (lazy_gettext("Three notices at once, ninety days at most"), lazy_gettext("A caller must reach the menu.")),
)  # fmt: skip
"""The limits that are no settings, and why: to change one is to change the program, with its tests."""


def scope(language: str | None) -> str:
    """Whose hours they are: `All languages`, `Bangla`."""
    return gettext("All languages") if language in {None, ALL} else labels.language_name(language)


def told(one: week.Week) -> str:
    """A week in a line: `Mon–Fri 9–18, Sat 9–13`; a word where there are no hours at all."""
    lines = [
        f"{_days(days)} {week.written(stretches)}" for days, stretches in week.together(one) if stretches
    ]
    return "; ".join(lines) or gettext("no hours at all")


def _days(numbers: Sequence[int]) -> str:
    first, last = (weekday(number, "abbreviated") for number in (numbers[0], numbers[-1]))
    return first if first == last else f"{first}–{last}"


def day(which: date) -> str:
    """A day with its weekday, written out."""
    return formats.long_day(which)


def span_of_days(first: date, last: date) -> str:
    """`Thursday 24 December 2026`, or from one day to another."""
    if first == last:
        return day(first)
    return gettext("%(first)s to %(last)s", first=day(first), last=day(last))


def changed(what: str, before: Any, after: Any) -> list[tuple[str, str, str]]:
    """A change of one thing in words: (what, before, after), a line for each part of it that is another."""
    kind, key = editing.parts(what)
    if kind in editing.HOURS:
        name = next(str(name) for hours, name, _ in KINDS.values() if hours == kind)
        if begun := editing.begins(what):
            return [_later(name, *begun, before, after)]
        return [
            (f"{name}: {scope(code)}", _week(before, code), _week(after, code))
            for code in (None, *CODES)
            if _own(before, code) != _own(after, code)
        ]
    name, one = {
        editing.CLOSURE: (gettext("Closed: %(name)s", name=key), _closure),
        editing.OPEN_DAY: (day(date.fromisoformat(key)) if kind == editing.OPEN_DAY else "", _worked),
        editing.NUMBER: (gettext("Number %(number)s", number=key), _greeting),
        editing.LIMIT: (str(LIMITS[key][0]) if key in LIMITS else key, _limit),
    }[kind]
    return [(name, one(key, before), one(key, after))]


def _later(name: str, first: date, language: str, before: Any, after: Any) -> tuple[str, str, str]:
    """Hours of a language (or of all) from a day on; none: nothing begins on that day."""
    what = gettext(
        "%(hours)s from %(day)s: %(whose)s", hours=name, day=formats.long_day(first), whose=scope(language)
    )
    of = None if language == ALL else language
    was, becomes = (
        gettext("no change on this day") if plain is None else _week(plain, of) for plain in (before, after)
    )
    return (what, was, becomes)


def noted(what: str, change: Any) -> list[tuple[str, str, str]]:
    """A change as a version keeps it, in words; of what is kept in a file alone (an article, say) only which fields were changed."""
    kind = editing.parts(what)[0]
    if kind in editing.HOURS:
        return changed(what, change[0], change[1])
    if kind:
        befores, afters = ({field: pair[side] for field, pair in change.items()} for side in (0, 1))
        if kind == editing.CLOSURE and any(
            len(pairs) < len(("first", "last")) for pairs in (befores, afters)
        ):
            return [_fields(what, change)]
        return changed(what, _none(befores), _none(afters))
    room, _, key = what.partition(" ")
    return _ROOMS[room](key, change) if room in _ROOMS else [_fields(what, change)]


def _fields(what: str, change: Any) -> tuple[str, str, str]:
    """What a file alone changes: what it is called, and the fields that were changed; for people never what they hold."""
    room, _, key = what.partition(" ")
    named = ", ".join(str(_FIELDS.get(field, field)) for field in change)
    return (f"{_KEPT[room]} {key}" if room in _KEPT else what, "", named)


def _project(key: str, change: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """A project: field by field; one that is new in one line."""
    title, known = gettext("Project %(name)s", name=key), list(offers_words.FIELDS)
    change = {field: change[field] for field in [*known, *change] if field in change}
    words = {field: str(offers_words.FIELDS.get(field, field)) for field in change}
    if all(before is None for before, _ in change.values()):
        given = [
            f"{words[field]} {offers_words.plain(field, pair[1])}"
            for field, pair in change.items()
            if pair[1]
        ]
        return [(title, "", ", ".join(given))]
    return [
        (f"{title}: {words[field]}", offers_words.plain(field, before), offers_words.plain(field, after))
        for field, (before, after) in change.items()
    ]


def _notice(key: str, change: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """A notice: its times, and its words in each language in which they were changed."""
    title = gettext("Notice of %(name)s", name=key)
    lines = []
    for field, (before, after) in change.items():
        name = str(notices.FIELDS.get(field, field))
        if field == "texts":
            lines += [
                (
                    f"{title}: {labels.language_name(code)}",
                    (before or {}).get(code, ""),
                    (after or {}).get(code, "—"),
                )
                for code in CODES
                if (before or {}).get(code) != (after or {}).get(code)
            ]
        elif field == "clips":  # how a recording is called tells nobody anything
            lines.append((title, "", name))
        else:
            lines.append((f"{title}: {name}", _moment(before), _moment(after) or "—"))
    return lines


def _moment(plain: str | None) -> str:
    return formats.when(datetime.fromisoformat(plain)) if plain else ""


_KEPT: Mapping[str, LazyString] = {
    "entity": lazy_gettext("Organisation"),
    "person": lazy_gettext("Account"),
    "interpreter": lazy_gettext("Interpreter"),
    "article": lazy_gettext("What may be said:"),
    "funding": lazy_gettext("Funding period"),
    "closure": lazy_gettext("Closure"),
}
"""What a file holds and no room of the console keeps a version of."""
_FIELDS: Mapping[str, LazyString] = {
    **offers_words.FIELDS,
    "organisation": offers_words.FIELDS["entity_id"],
    "roles": lazy_gettext("Roles"),
    "prompt_languages": lazy_gettext("Languages whose prompts they may change"),
    "phone": lazy_gettext("Telephone"),
    "number": lazy_gettext("Telephone"),
    "locale": lazy_gettext("Language of the console"),
    "note": lazy_gettext("Note"),
    "disabled": lazy_gettext("Not asked any more"),
    "title": lazy_gettext("Title"),
    "titles": lazy_gettext("Title"),
    "sources": lazy_gettext("Source"),
    "paragraphs": lazy_gettext("Text"),
    "as_of": lazy_gettext("Holds from"),
    "checked_on": lazy_gettext("Checked on"),
    "check_by": lazy_gettext("To be checked by"),
    "first": lazy_gettext("First day"),
    "last": lazy_gettext("Last day"),
}
_ROOMS: Mapping[str, Callable[[str, Any], list[tuple[str, str, str]]]] = {
    "project": _project,
    "notice": _notice,
}
"""What is edited in another room, by the first word of its name."""


def _none(values: dict[str, Any]) -> dict[str, Any] | None:
    return None if all(value is None for value in values.values()) else values


def _own(plain: Any, language: str | None) -> week.Week:
    return week.of(editing.spans(plain or []), language)


def week_of(own: week.Week, language: str | None) -> str:
    """A week of a language (or of all) in a line; a language without hours of its own follows those of all."""
    if language not in {None, ALL} and own == week.EMPTY:
        return gettext("as all languages")
    return told(own)


def _week(plain: Any, language: str | None) -> str:
    return week_of(_own(plain, language), language)


def _closure(key: str, value: Any) -> str:
    if value is None:
        return gettext("not closed")
    return span_of_days(date.fromisoformat(value["first"]), date.fromisoformat(value["last"]))


def _worked(key: str, value: Any) -> str:
    return gettext("a holiday, closed") if value is None else gettext("a holiday on which the line works")


def _greeting(key: str, value: Any) -> str:
    return gettext("not a number of ours") if value is None else str(GREETINGS[value["greeting"]][0])


def _limit(key: str, value: Any) -> str:
    if value is not None:
        return str(value["value"])
    return gettext("%(value)s, as usual", value=USUAL[key]) if key in USUAL else "–"


def clock(minute: int) -> str:
    """`18:30`"""
    return f"{minute // 60}:{minute % 60:02d}"
