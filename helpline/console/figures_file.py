"""The figures of a period as tables for spreadsheets: what of the page may leave, small groups of people hidden (ADR 33)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask_babel import gettext

from helpline import small_cells, spreadsheet
from helpline.console import callbacks_words, offers_words
from helpline.console.figures_words import OUTCOMES_OF_CALLS, SOURCES, SPREADS, SUMS
from helpline.console.labels import language_name
from helpline.figures import folded, wanted
from helpline.figures.overview import Calls, Overview, Told
from helpline.figures.report_values import ENOUGH
from helpline.figures.standing import standing


def tables(found: Overview, *, every: bool) -> Iterator[spreadsheet.Table]:
    """All tables, one after the other. `every`: they are of all languages and all numbers."""
    parts = folded.folded(
        [{moment.name: moment.calls for moment in found.moments}, found.languages, found.numbers], found.calls
    )
    apart = every and not parts.whole and folded.as_they_came(found, parts.rows[1])
    yield from _calls(found, parts, apart=apart)
    yield _lengths(found)
    yield from _counts(found, apart=apart)
    yield (
        [gettext("Requests by region, country and organisation leave in reports only: a report heeds what was told before it.")],
        [],
    )  # fmt: skip


def _calls(found: Overview, parts: folded.Folded, *, apart: bool) -> Iterator[spreadsheet.Table]:
    """Calls by time, language and number. `apart`: by time the kinds of asks are told apart."""
    by: list[tuple[str, dict[str, tuple[str, Calls]]]] = [
        (gettext("Period"), {moment.name: (moment.name, moment.calls) for moment in found.moments}),
        (
            gettext("Language"),
            {code: (_language(code), calls) for code, calls in found.languages.items()},
        ),
        (
            gettext("Number dialled"),
            {number: (number or gettext("not known"), calls) for number, calls in found.numbers.items()},
        ),
    ]
    for at, (name, lines) in enumerate(by):
        whole = apart and not at
        rows = [
            [title, *_row(calls, apart=whole, in_part=each in parts.rows[at])]
            for each, (title, calls) in lines.items()
        ]
        total = [gettext("All together"), *_row(found.calls, apart=whole, in_part=parts.whole)]
        yield [name, *_headings(apart=whole)], [*rows, total]


def _headings(*, apart: bool) -> list[str]:
    names = {word: str(text) for word, text in OUTCOMES_OF_CALLS.items()}
    names |= {"asked": gettext("asked for something"), "offered": gettext("Calls offered")}
    words = (*wanted.OUTCOMES, "offered") if apart else folded.COLUMNS
    return [*(names[word] for word in words), *(str(text) for text in SUMS.values())]


def _row(calls: Calls, *, apart: bool, in_part: bool) -> list[Any]:
    if apart:
        return [calls.outcomes[word] for word in wanted.OUTCOMES] + [
            calls.offered,
            *(calls.sums[name] for name in SUMS),
        ]
    told = folded.cells(calls, in_part=in_part)
    return [_cell(told[name]) for name in (*folded.COLUMNS, *SUMS)]


def _lengths(found: Overview) -> spreadsheet.Table:
    headings = [
        gettext("From when until when"),
        gettext("How many"),
        gettext("Median"),
        gettext("Nine in ten"),
    ]
    return headings, [[str(text), *_length(found.spreads[which])] for which, (_, text) in SPREADS.items()]


def _length(told: Told) -> list[Any]:
    if told.count >= ENOUGH or not told.count:
        return [told.count, told.median, told.ninth]
    return [_cell(None if told.count < small_cells.FEWEST else told.count), _cell(None), _cell(None)]


def _counts(found: Overview, *, apart: bool) -> Iterator[spreadsheet.Table]:
    # What the table of calls tells already, where it is the same number.
    known = found.calls.outcomes if apart else {}
    callbacks = standing({by: found.callbacks[by] for by in ("state", "source")}, told=known.get("callback"))
    requests = standing({"state": found.requests["state"]}, told=known.get("request"))
    state, request = callbacks_words.FILTERS["state_word"], offers_words.FILTERS["request_word"]
    some: list[tuple[str, Mapping[str, int | None], Callable[[str], Any]]] = [
        (gettext("Callbacks, where they stand"), callbacks["state"], state),
        (
            gettext("Callbacks, where they came from"),
            callbacks["source"],
            lambda word: SOURCES.get(word, word),
        ),
        (gettext("Requests, where they stand"), requests["state"], request),
    ]
    for title, counts, named in some:
        yield [title, gettext("How many")], _named(counts, named)
    attempts = None if small_cells.ALL_FEW in callbacks["state"] else found.attempts
    late = None if 0 < found.late < small_cells.FEWEST else found.late
    yield (
        [gettext("Callbacks"), gettext("How many")],
        [
            [gettext("Attempts"), _cell(attempts)],
            [gettext("First attempt too late"), _cell(late)],
        ],
    )


def _named(counts: Mapping[str, int | None], named: Callable[[str], Any]) -> list[list[Any]]:
    """The rows of a table: what is told, the largest first; then what is hidden, by name."""
    if small_cells.ALL_FEW in counts:
        return [[gettext("too few people, all together"), _cell(None)]]
    told = [[str(named(word)), count] for word, count in counts.items() if count is not None]
    hidden = sorted(str(named(word)) for word, count in counts.items() if count is None)
    return [*told, *([name, _cell(None)] for name in hidden)]


def _cell(count: int | None) -> Any:
    return gettext("hidden") if count is None else count


def _language(code: str) -> str:
    return language_name(code) if code else gettext("none chosen")
