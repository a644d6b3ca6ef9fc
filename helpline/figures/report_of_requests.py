"""The tables of a report that tell of people who asked: callbacks, requests, what organisations answered and returned. Pure."""

from helpline.figures.facts import whole
from helpline.figures.models import Spread
from helpline.figures.report_blocks import Block, Rows, Sheet
from helpline.figures.report_facts import ACCEPTED
from helpline.figures.report_periods import Period
from helpline.figures.report_values import Cell

ANSWERS = (ACCEPTED, "no_place", "not_eligible", "other", "no_answer", "withdrawn", "pending")


def callbacks(sheet: Sheet) -> list[Block]:
    """Callbacks: where they stand, where they came from, how long they took."""
    total = sheet.shown(whole(sheet.days, "callbacks"))
    attempts = None if total is None else sum(row.attempts for row in sheet.counts.callbacks)
    tries: Rows = [] if total == 0 else [("attempts", [attempts])]
    state, *others = (
        sheet.simple("callbacks", "callbacks", by) for by in ("state", "source", "topic", "language", "late")
    )
    found = [state, Block("callbacks", "attempts", "figure", [("count", "count")], tries), *others]
    spreads = (Spread.FIRST_TRY_MINUTES, Spread.CONTACT_MINUTES)
    return [*found, sheet.times("callbacks", "callback_times", spreads)]


def requests(sheet: Sheet) -> list[Block]:
    """Requests: where they stand, of whom, how long they took."""
    found = [sheet.simple("requests", "requests", by) for by in ("state", "group", "language")]
    found.append(sheet.simple("requests", "requests", "region", chart="bars"))
    found.append(sheet.simple("requests", "requests", "country"))
    closed = (sheet.days, "requests", "state", "closed")
    found.append(sheet.simple("requests", "requests", "outcome", of=closed))
    spreads = (Spread.OFFER_MINUTES, Spread.ACCEPTANCE_MINUTES)
    return [*found, sheet.times("requests", "request_times", spreads)]


def entities(sheet: Sheet) -> list[Block]:
    """What organisations answered, and the projects that took somebody."""
    here = [word for word in ANSWERS if word in sheet.part("offers", "answer")]
    rows: Rows = []
    for entity in sheet.part("offers", "entity"):
        answers = [sheet.shown((sheet.days, "offers", "entity answer", f"{entity} {word}")) for word in here]
        rows.append((entity, [*answers, sheet.shown((sheet.days, "offers", "entity", entity))]))
    answers = [sheet.shown((sheet.days, "offers", "answer", word)) for word in here]
    total: list[Cell] = [*answers, sheet.shown(whole(sheet.days, "offers"))]
    columns = [*((word, "count") for word in here), ("all", "count")]
    projects: Rows = []
    for id in sheet.part("offers", "project"):
        of = sheet.counts.projects[id]
        cells: list[Cell] = [of.entity, of.funder, Period(of.first, of.last).days]
        projects.append((id, [*cells, sheet.shown((sheet.days, "offers", "project", id))]))
    accepted = sheet.shown((sheet.days, "offers", "answer", ACCEPTED))
    about = [("entity", "entity"), ("funder", "text"), ("dates", "days"), ("accepted", "count")]
    return [
        Block("entities", "answers", "entity", columns, rows, total),
        Block("entities", "projects", "project", about, projects, ["", "", "", accepted]),
    ]


def returned(sheet: Sheet) -> list[Block]:
    """What organisations returned of their projects."""
    figures = tuple(sheet.counts.returned)
    ids = sorted({id for figure in figures for id in sheet.part(f"returned {figure}", "project")})
    rows: Rows = []
    for id in ids:
        rows.append(
            (id, [sheet.shown((sheet.days, f"returned {figure}", "project", id)) for figure in figures])
        )
    total: list[Cell] = [sheet.shown(whole(sheet.days, f"returned {figure}")) for figure in figures]
    columns = [(figure, "count") for figure in figures]
    return [Block("entities", "returned_counts", "project", columns, rows, total)]


def missing(sheet: Sheet) -> list[Block]:
    """Requests without a place, and what talks came to."""
    return [sheet.simple("missing", "unplaced", by) for by in ("why", "region", "country")] + [
        sheet.simple("missing", "talks", "went")
    ]
