"""The information sheet: what it says in a language today, from the texts that the line speaks, and the page as PDF.

Pure but for reading fonts and texts; told the line's settings and the day, asks no clock and no database.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, get_day_names

from helpline.console.public_words import spoken, words
from helpline.hours import Calendar, Span
from helpline.languages import Language, by_code
from helpline.line import Line

if TYPE_CHECKING:
    import typst

FONTS = Path(__file__).with_name("fonts")
TEMPLATE = Path(__file__).with_name("leaflet.typ")
FIRST_OF_MONTH = {"it": "1º", "fr": "1er"}
SIZES = tuple(half / 2 for half in range(26, 15, -1))
"""Points, the largest first: the first with which all stands on one page is taken."""

SECTIONS = (
    ("sheet_what", ("info_what",)),
    ("sheet_who", ("info_who_countries", "info_who_not", "info_who_papers", "info_who_children")),
    ("sheet_steps", ("info_steps_before", "info_steps_after")),
    ("sheet_effects", ("info_effects",)),
    ("sheet_data", ("info_data", "quiet")),
)
"""Which prompts stand under which heading."""


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Leaflet:
    """Everything that a sheet says. `number`: as one dials it; `opening`: days and hours, one line each."""

    language: str
    tag: str
    direction: str
    title: str
    welcome: str
    call: str
    number: str
    free: str
    key: str
    always: str
    hours: str
    opening: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    money: str
    danger: str
    projects: str
    dated: str


class TooLong(ValueError):
    """Not even in the smallest letters does it stand on one page."""


def leaflet(language: str, number: str, line: Line, today: date) -> Leaflet:
    """What the sheet of a language says on a day. `number`: the digits of the line. Raises `KeyError` for a tenth one."""
    own, tongue = words(language), by_code(language)
    if tongue is None:
        raise KeyError(language)
    return Leaflet(
        language=language,
        tag=tongue.tag,
        direction=tongue.direction,
        title=own["sheet_title"],
        welcome=spoken(language, "welcome"),
        call=own["sheet_call"],
        number=spaced(number),
        free=spoken(language, "free_call"),
        key=own["sheet_key"].format(key=tongue.key),
        always=own["sheet_always"],
        hours=own["sheet_hours"],
        opening=opening(language, line.calendar.on(today)),
        sections=tuple(
            Section(own[heading], tuple(spoken(language, prompt) for prompt in prompts))
            for heading, prompts in SECTIONS
        ),
        money=own["sheet_money"],
        danger=own["sheet_danger"],
        projects=_projects(language, line, today),
        dated=own["sheet_date"].format(day=day_in(tongue, today)),
    )


def opening(language: str, calendar: Calendar) -> tuple[tuple[str, str], ...]:
    """When somebody answers, as `(days, hours)`; days in a row with the same hours are one line. Nothing when nobody does."""
    own = [span for span in calendar.opening if span.language == language]
    followed = own or [span for span in calendar.opening if span.language is None]
    days = [(day, _hours_of(followed, day)) for day in range(7)]
    runs: list[tuple[int, int, str]] = []
    for day, said in days:
        if said and runs and runs[-1][1] == day - 1 and runs[-1][2] == said:
            runs[-1] = (runs[-1][0], day, said)
        elif said:
            runs.append((day, day, said))
    names = get_day_names("wide", "stand-alone", _locale(language))
    return tuple(
        (names[first] if first == last else f"{names[first]} – {names[last]}", said)
        for first, last, said in runs
    )


def day_in(tongue: Language, day: date) -> str:
    """A day in words of the language, with Latin digits; the first of a month as Italian and French write it."""
    said = str(
        format_date(
            day, "d MMMM y" if tongue.code not in {"es", "ru", "uk"} else "long", _locale(tongue.code)
        )
    )
    first = FIRST_OF_MONTH.get(tongue.code)
    return said.replace("1", first, 1) if first and day.day == 1 else said


def spaced(digits: str) -> str:
    """Digits in groups of three, as one reads a number aloud."""
    return " ".join(digits[at : at + 3] for at in range(0, len(digits), 3))


@lru_cache(maxsize=64)
def pdf(what: Leaflet, today: date) -> bytes:
    """The sheet as PDF (tagged, for screen readers), on one A4 page. Made once for what it says. Raises `TooLong`."""
    import typst  # ten megabytes that a process needs only once somebody asks for a sheet

    data = json.dumps(asdict(what), ensure_ascii=False)
    made = datetime.combine(today, time(), tzinfo=UTC)
    for size in SIZES:
        compiler = typst.Compiler(
            TEMPLATE.read_bytes(), font_paths=fonts(), sys_inputs={"data": data, "size": str(size)}
        )
        pages = compiler.query("<pages>", field="value", one=True)
        if json.loads(pages) == 1:
            made_of = compiler.compile(
                TEMPLATE.read_bytes(), format="pdf", pdf_standards=["ua-1"], timestamp=made
            )
            if isinstance(made_of, bytes):
                return made_of
    raise TooLong(what.language)


def _projects(language: str, line: Line, today: date) -> str:
    """Until when projects run, or that none does; nothing where the settings could not be read."""
    tongue, running = by_code(language), line.running(today)
    if tongue and running:
        last = max(project.ends_on for project in running)
        return words(language)["sheet_until"].format(day=day_in(tongue, last))
    return "" if line.open_project_exists(today) else spoken(language, "no_project")


def _hours_of(spans: Sequence[Span], day: int) -> str:
    found = sorted((span.opens, span.closes) for span in spans if span.weekday == day)
    return ", ".join(f"{opens}:00–{closes}:00" for opens, closes in found)


def _locale(language: str) -> Locale:
    return Locale.parse({"es": "es_419"}.get(language, language))


@cache
def fonts() -> "typst.Fonts":
    """The fonts that papers are printed in: the letters of all nine languages."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
