"""The figures of a period as tables for spreadsheets: all that the page shows. Small groups of people are hidden in it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask_babel import gettext

from helpline import small_cells, spreadsheet
from helpline.console import callbacks_words, offers_words
from helpline.console.figures_words import OUTCOMES_OF_CALLS, SOURCES, SPREADS, SUMS, missing_word
from helpline.console.labels import language_name, region_name
from helpline.figures import wanted
from helpline.figures.overview import Calls, Overview


def tables(found: Overview, entities: Mapping[str, str]) -> Iterator[spreadsheet.Table]:
    """All tables, one after the other. `entities`: names of organisations by their ids."""
    yield from _calls(found)
    yield _lengths(found)
    yield from _counts(found, entities)


def _calls(found: Overview) -> Iterator[spreadsheet.Table]:
    columns = [*(str(OUTCOMES_OF_CALLS[word]) for word in wanted.OUTCOMES), gettext("Calls offered")]
    columns += [str(SUMS[name]) for name in SUMS]
    by: list[tuple[str, dict[str, Calls]]] = [
        (gettext("Period"), {moment.name: moment.calls for moment in found.moments}),
        (gettext("Language"), {_language(code): calls for code, calls in found.languages.items()}),
        (
            gettext("Number dialled"),
            {number or gettext("not known"): calls for number, calls in found.numbers.items()},
        ),
    ]
    for name, lines in by:
        rows = [[each, *_of(calls)] for each, calls in lines.items()]
        yield [name, *columns], [*rows, [gettext("All together"), *_of(found.calls)]]


def _of(calls: Calls) -> list[int]:
    return [calls.outcomes[word] for word in wanted.OUTCOMES] + [
        calls.offered,
        *(calls.sums[name] for name in SUMS),
    ]


def _lengths(found: Overview) -> spreadsheet.Table:
    headings = [
        gettext("From when until when"),
        gettext("How many"),
        gettext("Median"),
        gettext("Nine in ten"),
    ]
    rows = [
        [str(text), found.spreads[which].count, found.spreads[which].median, found.spreads[which].ninth]
        for which, (_, text) in SPREADS.items()
    ]
    return headings, rows


def _counts(found: Overview, entities: Mapping[str, str]) -> Iterator[spreadsheet.Table]:
    state, request = callbacks_words.FILTERS["state_word"], offers_words.FILTERS["request_word"]
    region, country = _or_unknown(region_name), _or_unknown(offers_words.country_name)
    some: list[tuple[str, Mapping[str, int | None], Callable[[str], Any]]] = [
        (gettext("Callbacks, where they stand"), found.callbacks["state"], state),
        (
            gettext("Callbacks, where they came from"),
            found.callbacks["source"],
            lambda word: SOURCES.get(word, word),
        ),
        (gettext("Requests, where they stand"), found.requests["state"], request),
        (
            gettext("Requests by organisation"),
            found.requests["entity_id"],
            lambda id_: entities.get(id_, id_),
        ),
        (gettext("Requests by region"), found.requests["region"], region),
        (gettext("Requests by country"), found.requests["country"], country),
        (gettext("Without a place, by reason"), found.unplaced["why"], missing_word),
        (gettext("Without a place, by region"), found.unplaced["region"], region),
        (gettext("Without a place, by country"), found.unplaced["country"], country),
    ]
    for title, counts, named in some:
        told = (
            counts
            if None in counts.values()
            else small_cells.told({word: count or 0 for word, count in counts.items()})
        )
        rows = [
            [str(named(word)), gettext("hidden") if count is None else count] for word, count in told.items()
        ]
        yield [title, gettext("How many")], rows
    yield (
        [gettext("Callbacks"), gettext("How many")],
        [
            [gettext("Attempts"), found.attempts],
            [gettext("First attempt too late"), found.late],
        ],
    )


def _or_unknown(named: Callable[[str], str]) -> Callable[[str], str]:
    return lambda code: named(code) if code else gettext("not known")


def _language(code: str) -> str:
    return language_name(code) if code else gettext("none chosen")
