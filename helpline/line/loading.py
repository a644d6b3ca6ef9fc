"""The line's own part of a settings file: hours, closures, notices; knows nothing of entities and projects."""

import dataclasses
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from helpline.hours import FIRST_HOUR, LAST_HOUR, QUIET_FROM, QUIET_UNTIL, WEEKDAYS
from helpline.languages import CODES
from helpline.line import weekly
from helpline.line.articles import fields_of
from helpline.line.models import (
    ArticleRow,
    ClosedDays,
    FundingPeriod,
    HoursKind,
    LineVersion,
    NoticeRow,
)
from helpline.line.reading import Table, tables, twice
from helpline.line.weekly import Hours

TABLES = {"hours": HoursKind.OPENING, "callback_hours": HoursKind.CALLBACK}
LONGEST_NOTICE = 300


@dataclass(frozen=True)
class Plan:
    """The line's part of a file, read and judged. `hours` holds only the kinds that the file speaks of."""

    hours: dict[HoursKind, list[Hours]]
    closures: dict[str, dict[str, date]]
    notices: dict[str, dict[str, Any]]
    articles: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    funding: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)


def read(document: dict[str, Any], *, source: str, today: date, faults: list[str]) -> Plan:
    """Read hours, closures, notices, articles and the dates of funds; what is wrong with them is added to `faults`."""
    hours = {
        kind: _hours(document, name, kind, source=source, today=today, faults=faults)
        for name, kind in TABLES.items()
        if name in document
    }
    closures = _named(document, "closures", "closure", _closure, source=source, today=today, faults=faults)
    notices = _named(document, "notices", "notice", _notice, source=source, today=today, faults=faults)
    articles = _named(document, "articles", "article", fields_of, source=source, today=today, faults=faults)
    funding = _named(document, "funding", "funding", _funding, source=source, today=today, faults=faults)
    return Plan(hours, closures, notices, articles, funding)


def _hours(
    document: dict[str, Any], name: str, kind: HoursKind, *, source: str, today: date, faults: list[str]
) -> list[Hours]:
    found: list[Hours] = []
    least, most = (QUIET_UNTIL, QUIET_FROM) if kind is HoursKind.CALLBACK else (FIRST_HOUR, LAST_HOUR)
    for number, values in enumerate(tables(document, name, source=source, faults=faults), start=1):
        table = Table(values, where=f"{source}: {name} {number}", faults=faults, today=today)
        days = table.words("days", WEEKDAYS, "days of the week")
        languages = table.words("languages", CODES, "nine languages")
        opens, closes = table.whole("from", least, most), table.whole("to", least, most)
        if table.sound("from", "to") and opens >= closes:
            table.fault("to", "must be after from")
        table.done()
        for day in WEEKDAYS if days == ["*"] else days:
            for language in languages:
                if day in WEEKDAYS:
                    span = Hours(WEEKDAYS.index(day), opens, closes, language)
                    if any(_overlap(span, other) for other in found):
                        said = "all languages" if language == "*" else language
                        table.fault("from", f"overlaps other hours of {day} for {said}")
                    found.append(span)
    return sorted(found)


def _overlap(one: Hours, other: Hours) -> bool:
    same = (one.weekday, one.language) == (other.weekday, other.language)
    return same and one.opens < other.closes and other.opens < one.closes


def _named(
    document: dict[str, Any], tables_name: str, kind: str, reader: Any, **common: Any
) -> dict[str, Any]:
    """Tables that are known by their `name`, in which they are found again at the next load."""
    source, faults, today = common["source"], common["faults"], common["today"]
    named = []
    for number, values in enumerate(tables(document, tables_name, source=source, faults=faults), start=1):
        name = values.get("name") if isinstance(values, dict) else None
        called = f'{kind} "{name}"' if isinstance(name, str) else f"{kind} {number}"
        table = Table(values, where=f"{source}: {called}", faults=faults, today=today)
        named.append((table.slug("name"), reader(table)))
        table.done()
    twice(named, source=source, kind=kind, faults=faults)
    return dict(named)


def _closure(table: Table) -> dict[str, date]:
    first = table.day("from")
    return _in_order(table, first, table.day("to", default=first))


def _funding(table: Table) -> dict[str, str | date]:
    return {"title": table.text("title"), **_in_order(table, table.day("from"), table.day("to"))}


def _in_order(table: Table, first: date, last: date) -> dict[str, date]:
    if table.sound("from", "to") and last < first:
        table.fault("to", "must not be before from")
    return {"first": first, "last": last}


def _notice(table: Table) -> dict[str, datetime | dict[str, str]]:
    starts_at, ends_at = table.moment("from"), table.moment("until")
    if table.sound("from", "until") and starts_at >= ends_at:
        table.fault("until", "must be after from")
    texts = table.take("texts")
    if texts is not None:
        inner = Table(texts, where=f"{table.where}: texts", faults=table.faults, today=table.today)
        texts = {code: inner.text(code) for code in CODES}
        inner.done()
        for code, words in texts.items():
            if len(words) > LONGEST_NOTICE:
                inner.fault(code, f"must have at most {LONGEST_NOTICE} characters")
    return {"starts_at": starts_at, "ends_at": ends_at, "texts": texts or {}}


def lock(session: Session) -> None:
    """Let one change of the settings follow another, so that versions follow the order of commits."""
    session.execute(text(f"LOCK TABLE {LineVersion.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def apply(session: Session, plan: Plan, *, today: date) -> dict[str, Any]:
    """Write a plan that has no faults; returns what changed, before and after. Hours are replaced as a whole, as of today."""
    changes: dict[str, Any] = {}
    for kind, hours in plan.hours.items():
        before = weekly.holding(session, kind, today)
        if before != hours:
            weekly.hold(session, kind, hours, today)
            changes[f"{kind} hours"] = [[asdict(span) for span in before], [asdict(span) for span in hours]]
    for name, fields in plan.closures.items():
        upsert(session, ClosedDays, {"name": name}, fields, changes, f"closure {name}")
    for name, fields in plan.notices.items():
        upsert(session, NoticeRow, {"name": name}, fields, changes, f"notice {name}")
        _renew(session.get(NoticeRow, name), changes.get(f"notice {name}", {}))
    for name, fields in plan.funding.items():
        upsert(session, FundingPeriod, {"name": name}, fields, changes, f"funding {name}")
    for name, fields in plan.articles.items():
        upsert(session, ArticleRow, {"name": name}, fields, changes, f"article {name}")
    return changes


def _renew(row: NoticeRow | None, changed: dict[str, Any]) -> None:
    """A file changed a notice: it is heard at its times although somebody had ended it, without recordings of other words."""
    if row is None or not changed:
        return
    before, after = changed.get("texts", (row.texts, row.texts))
    clips = {
        code: clip for code, clip in (row.clips or {}).items() if (before or {}).get(code) == after.get(code)
    }
    row.ended_at, row.revision, row.clips = None, (row.revision or 0) + 1, clips


def upsert(
    session: Session,
    model: Any,
    key: dict[str, Any],
    fields: dict[str, Any],
    changes: dict[str, Any],
    what: str,
) -> None:
    """Add a row, or change the fields that differ; each change is noted as `[before, after]`."""
    row = session.get(model, next(iter(key.values())))
    if row is None:
        session.add(model(**key, **fields))
        changes[what] = {field: [None, _plain(value)] for field, value in fields.items()}
        return
    differ = {field: [_plain(getattr(row, field)), _plain(value)] for field, value in fields.items()}
    differ = {field: pair for field, pair in differ.items() if pair[0] != pair[1]}
    for field in differ:
        setattr(row, field, fields[field])
    if differ:
        changes[what] = differ


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def new_version(
    session: Session, changes: dict[str, Any], *, who: str, source: str, why: str | None = None
) -> int | None:
    """Note a change of the settings, after which every web process reads them anew; None when nothing changed."""
    if not changes:
        return None
    version = LineVersion(who=who, source=source, changes=changes, why=why)
    session.add(version)
    session.flush()
    return version.id
