"""The tables of a report that tell of calls: the period in brief, what came of calls, their languages, the way through the menu. Pure."""

from collections.abc import Sequence
from datetime import date

from helpline.figures.facts import whole
from helpline.figures.models import Spread
from helpline.figures.overview import Calls
from helpline.figures.report_blocks import OUTCOMES, Block, Rows, Sheet, added
from helpline.figures.report_facts import ACCEPTED, ENDS, USES
from helpline.figures.report_values import ENOUGH, Cell, change, share, single_days, weeks
from helpline.small_cells import FEWEST


def brief(sheet: Sheet) -> list[Block]:
    """The main figures, beside the period before and the same of the year before."""
    now, then, year = sheet.beside.all, sheet.beside.before, sheet.beside.year
    changed = ("change", "change")
    columns = [("now", "count"), ("before", "count"), changed, ("year", "count"), changed]
    rows: Rows = []
    kinds: dict[str, str] = {}
    for name in ("offered", "listened", "wanted_person", "in_time", "left_waiting", "nobody"):
        cells = [_of_calls(name, each.calls) for each in (now, then, year)]
        if name in {"in_time", "left_waiting"}:
            kinds[name] = "share"
            # Hidden where what they are calculated from is.
            if None in (sheet.shown((sheet.days, "person", "end", end)) for end in ENDS):
                cells[0] = None
            rows.append((name, [cells[0], cells[1], "", cells[2], ""]))
        else:
            rows.append((name, _compared(cells)))
    for name, of in (("callbacks", ("callbacks", "", "")), ("requests", ("requests", "", "")),
                     ("accepted", ("offers", "answer", ACCEPTED))):  # fmt: skip
        rows.append((name, _compared([sheet.shown((each.period.days, *of)) for each in (now, then, year)])))
    for each, place in ((then, 1), (year, 3)):
        if not (each.calls.offered or each.callbacks or each.requests):  # there was no line yet
            for _, row in rows:
                row[place] = ""
        if each.period.first < (sheet.beside.began or each.period.first):  # it is known in part
            for _, row in rows:
                row[place + 1] = ""
    return [Block("brief", "indicators", "indicator", columns, rows, kinds=kinds)]


def calls(sheet: Sheet) -> list[Block]:
    """What came of calls, and when they came."""
    counts, total = sheet.counts, sheet.shown(whole(sheet.days, "calls"))
    outcomes: Rows = []
    for word in OUTCOMES:
        count = sheet.shown((sheet.days, "calls", "outcome", word))
        outcomes.append((word, [count, share(count, total)]))
    of_outcomes = Block(
        "calls", "outcomes", "outcome", [("offered", "count"), ("share", "share")], outcomes,
        [total, share(total, total)], "bars",
    )  # fmt: skip
    found, by_week = [of_outcomes], counts.period.months > 1
    if by_week:
        found.append(sheet.pieces("calls", "months", "month", sheet.beside.months))
    columns = [("offered", "count"), ("listened", "count"), ("wanted_person", "count")]
    spans = weeks(counts.period) if by_week else single_days(counts.period)
    rows = []
    for span in spans:
        calls = Calls()
        for day, each in counts.days.items():
            if span.first <= date.fromisoformat(day) <= span.last:
                calls.outcomes.update(each.outcomes)
                calls.sums.update(each.sums)
        rows.append((span.days, _plain(calls)))
    found.append(
        Block("calls", "weeks" if by_week else "days", "days", columns, rows, added(rows), "columns")
    )
    rows = [(hour, _plain(calls)) for hour, calls in counts.hours.items()]
    found.append(Block("calls", "hours", "hour", columns, rows, added(rows), "columns"))
    numbers: Rows = [(number, [count]) for number, count in sorted(counts.numbers.items())]
    if len(numbers) > 1:
        found.append(Block("calls", "numbers", "number", columns[:1], numbers, added(numbers)))
    return found


def languages(sheet: Sheet) -> list[Block]:
    """Calls by language, and whether a person was there for them."""
    counts = sheet.counts
    rows: Rows = []
    served: Rows = []
    for code in sheet.part("calls", "language"):
        uses = [sheet.shown((sheet.days, "calls", "language use", f"{code} {use}")) for use in USES]
        listened = counts.languages[code].sums["listened"]
        rows.append((code, [sheet.shown((sheet.days, "calls", "language", code)), *uses, listened]))
    for code in sheet.part("person", "language"):
        ends = [sheet.shown((sheet.days, "person", "language end", f"{code} {end}")) for end in ENDS]
        served.append((code, [sheet.shown((sheet.days, "person", "language", code)), *ends]))
    uses = [sheet.shown((sheet.days, "calls", "use", use)) for use in USES]
    listened = sum(calls.sums["listened"] for calls in counts.languages.values())
    ends = [sheet.shown((sheet.days, "person", "end", end)) for end in ENDS]
    return [
        Block(
            "languages", "languages", "language",
            [("offered", "count"), *((use, "count") for use in USES), ("listened", "count")], rows,
            [sheet.shown(whole(sheet.days, "calls")), *uses, listened], "bars",
        ),
        Block(
            "languages", "served", "language", [("wanted_person", "count"), *((end, "count") for end in ENDS)],
            served, [sheet.shown(whole(sheet.days, "person")), *ends],
        ),
        sheet.times("languages", "waits", (Spread.WAIT_SECONDS,)),
    ]  # fmt: skip


def menu(sheet: Sheet) -> list[Block]:
    """How far calls came, and what they heard."""
    counts = sheet.counts
    topics: Rows = [(name, [count]) for name, count in counts.topics.items() if count]
    rows: Rows = []
    ended = 0
    for name, stage in counts.stages.items():
        if stage.entered or stage.ended:
            rows.append((name, [stage.entered, stage.ended, share(stage.ended, stage.entered)]))
            ended += stage.ended
    outside = sum(calls.offered for calls in counts.languages.values()) - ended
    if outside > 0:
        rows.append(("outside", ["", outside, ""]))
    total: list[Cell] = ["", ended + max(0, outside), ""]
    columns = [("entered", "count"), ("ended", "count"), ("ended_share", "share")]
    return [
        Block("menu", "stages", "stage", columns, rows, total),
        Block("menu", "topics", "topic", [("heard", "count")], topics, added(topics), "bars"),
        sheet.times("menu", "ways", (Spread.USEFUL_SECONDS, Spread.USEFUL_KEYS)),
    ]


def _of_calls(name: str, calls: Calls) -> Cell:
    match name:
        case "offered":
            return calls.offered
        case "nobody":
            return calls.sums["nobody"] + calls.sums["turned_away"]
        case "wanted_person":
            return calls.sums["wanted_person"] + calls.sums["turned_away"]
        case "in_time" | "left_waiting":
            asked = calls.sums["wanted_person"] - calls.sums["nobody"]
            if 0 < asked < ENOUGH or 0 < calls.sums["answered"] < FEWEST:
                return None
            return share(calls.sums[name], asked)
    return calls.sums[name]


def _compared(cells: Sequence[Cell]) -> list[Cell]:
    now, then, year = cells
    return [now, then, change(now, then), year, change(now, year)]


def _plain(calls: Calls) -> list[Cell]:
    return [calls.offered, calls.sums["listened"], calls.sums["wanted_person"] + calls.sums["turned_away"]]
