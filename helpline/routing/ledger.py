"""The fairness ledger: what each entity was offered and did with it, against its free places; and how long whom waited.

Figures of entities, and of groups of people by language, region and country: never of anybody who works, and a group of
fewer than five is not told from others (DOMAIN §5): the three tables count the same people, so the sum of one would tell
what another hides; as many are hidden as it takes (`small_cells`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from helpline import small_cells, spreadsheet
from helpline.hours import at_hour
from helpline.routing.models import UNPLACED, CaseOutcome, Entity, Offer, OfferState, Request
from helpline.routing.records import FreePlaces

BY = ("language", "region", "country")
NOT_KNOWN = "unknown"
"""In the place of a region, or of a country, of people who have not said theirs."""


CODES = ("declined_for", "by", "value")
"""The fields of a ledger that hold codes, for which pages have words."""

SHARES = ("share", "share_of_limited", "free_share")
"""The fields that are parts of one."""


@dataclass(frozen=True)
class EntityLine:
    """One entity in a period, by the offers made in it. `accepted`: those it accepted, whatever came later; `given_back`:
    those of them that it declined afterwards, when it could see the number (they are among `declined` too).

    `share`: of all offers made. `free_share`: its part of the free places, day by day, of all that had a limit on all of
    these days (None where none was noted, or it had none on some day: then `no_limit`). `share_of_limited`: of the offers
    made to those with a limit, to be held against it. `answer_hours`: the median of its working hours until an answer.
    """

    entity_id: str
    name: str
    offered: int
    accepted: int
    declined: int
    given_back: int
    expired: int
    withdrawn: int
    pending: int
    declined_for: dict[str, int]
    begun: int
    returned: int
    share: float | None
    share_of_limited: float | None
    free_share: float | None
    no_limit: bool
    answer_hours: float | None


@dataclass(frozen=True)
class GroupLine:
    """People of one language, region or country who asked in the period; None in a figure: fewer than five asked, or they
    are hidden so that nobody can count those.

    `placed`: offered at least once; `accepted`: taken by an entity; waits are hours from the asking to the first offer,
    the median and the longest of nine in ten.
    """

    by: str
    value: str
    requests: int | None
    placed: int | None
    accepted: int | None
    waiting: int | None
    wait_median: float | None
    wait_p90: float | None


@dataclass(frozen=True)
class Ledger:
    """A period, both days included, in Rome."""

    first: date
    last: date
    entities: tuple[EntityLine, ...]
    groups: tuple[GroupLine, ...]

    def as_json(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "entities": [asdict(line) for line in self.entities],
            "groups": [asdict(line) for line in self.groups],
        }

    def as_csv(self) -> str:
        """Two tables for programs, one under the other, with a line of headings each; what is not told is empty."""
        return spreadsheet.written(*self.tables())

    def tables(
        self,
        named: Callable[[str], str] = str,
        *,
        words: Callable[[EntityLine | GroupLine, str], str] | None = None,
    ) -> list[spreadsheet.Table]:
        """The same two tables. `named`: what a heading is called, by the field's name.

        `words`: what a field of codes (`CODES`) says for people; it stands in a column of its own behind them,
        `<field>_words`. For people shares are per cent.
        """
        tables: list[spreadsheet.Table] = []
        for kind, lines in ((EntityLine, self.entities), (GroupLine, self.groups)):
            columns = [
                (field.name, spoken)
                for field in fields(kind)
                for spoken in ((False, True) if words and field.name in CODES else (False,))
            ]
            headings = [named(f"{name}_words" if spoken else name) for name, spoken in columns]
            rows = [
                [
                    words(line, name)
                    if words and spoken
                    else _per_cent(line, name)
                    if words and name in SHARES
                    else getattr(line, name)
                    for name, spoken in columns
                ]
                for line in lines
            ]
            tables.append((headings, rows))
        return tables


def _per_cent(line: EntityLine | GroupLine, field: str) -> float | None:
    part: float | None = getattr(line, field)
    return None if part is None else round(part * 100, 2)


def ledger(session: Session, first: date, last: date) -> Ledger:
    """The ledger of a period, both days included. Raises `ValueError` when it ends before it begins."""
    if last < first:
        raise ValueError("the period ends before it begins")
    begins, ends = at_hour(first, 0), at_hour(last + timedelta(days=1), 0)
    return Ledger(
        first,
        last,
        tuple(_entities(session, begins, ends, _free_shares(session, first, last))),
        tuple(_groups(session, begins, ends)),
    )


def _free_shares(session: Session, first: date, last: date) -> dict[str, float | None]:
    """Each entity's part of the free places of the period, day by day; None for one that had no limit on some day."""
    free = func.sum(FreePlaces.free)
    unlimited = func.bool_or(FreePlaces.free.is_(None))
    wanted = select(FreePlaces.entity_id, free, unlimited).where(FreePlaces.day.between(first, last))
    rows = session.execute(wanted.group_by(FreePlaces.entity_id)).all()
    total = sum(places for _, places, endless in rows if not endless)
    return {id: None if endless else places / total for id, places, endless in rows if endless or total}


def _entities(
    session: Session, begins: datetime, ends: datetime, free_shares: dict[str, float | None]
) -> Iterable[EntityLine]:
    made = (Offer.made_at >= begins) & (Offer.made_at < ends)
    of = {row.entity_id: row for row in session.execute(_OF_ENTITIES.where(made))}
    reasons: dict[str, dict[str, int]] = defaultdict(dict)
    declined = select(Offer.entity_id, Offer.declined_for, func.count()).where(
        made, Offer.declined_for.is_not(None)
    )
    for id, reason, count in session.execute(declined.group_by(Offer.entity_id, Offer.declined_for)):
        reasons[id][str(reason)] = count
    endless = {id for id, share in free_shares.items() if share is None}
    offers = sum(row.offered for row in of.values())
    limited = sum(row.offered for id, row in of.items() if id not in endless)
    told = any(share is not None for share in free_shares.values())
    for entity in session.scalars(select(Entity).order_by(Entity.id)):
        own, share = of.get(entity.id), free_shares.get(entity.id, 0.0)
        counted = {name: getattr(own, name) if own else 0 for name in _COUNTED}
        yield EntityLine(
            entity_id=entity.id,
            name=entity.name,
            **counted,
            declined_for=reasons[entity.id],
            share=round(counted["offered"] / offers, 4) if offers else None,
            share_of_limited=(
                round(counted["offered"] / limited, 4) if limited and entity.id not in endless else None
            ),
            free_share=None if share is None or not told else round(share, 4),
            no_limit=entity.id in endless,
            answer_hours=_hours(own.answered if own else None),
        )


def _in_state(state: OfferState) -> Any:
    return func.count().filter(Offer.state == state)


_COUNTED = {
    "offered": func.count(),
    "accepted": func.count(Offer.accepted_at),
    "declined": _in_state(OfferState.DECLINED),
    "given_back": func.count(Offer.accepted_at).filter(Offer.state == OfferState.DECLINED),
    "expired": _in_state(OfferState.EXPIRED),
    "withdrawn": _in_state(OfferState.WITHDRAWN),
    "pending": _in_state(OfferState.PENDING),
    "begun": func.count(Offer.begun_at),
    "returned": func.count().filter(Offer.outcome == CaseOutcome.RETURNED),
}
_OF_ENTITIES = select(
    Offer.entity_id,
    *(counted.label(name) for name, counted in _COUNTED.items()),
    # The value that half of all lie below or at: nulls are left out.
    func.percentile_disc(0.5).within_group(Offer.answered_in).label("answered"),
).group_by(Offer.entity_id)


def _groups(session: Session, begins: datetime, ends: datetime) -> Iterable[GroupLine]:
    first_offer = (
        select(func.min(Offer.made_at).label("at"), func.min(Offer.accepted_at).label("yes"))
        .where(Offer.request_id == Request.id)
        .lateral()
    )
    waited = func.extract("epoch", first_offer.c.at - Request.waiting_since)
    by = [getattr(Request, name) for name in BY]
    rows = session.execute(
        select(
            func.grouping(*by).label("grouped"),
            *by,
            func.count().label("requests"),
            func.count(first_offer.c.at).label("placed"),
            func.count(first_offer.c.yes).label("accepted"),
            func.count().filter(Request.state.in_(UNPLACED)).label("waiting"),
            func.percentile_disc(0.5).within_group(waited).label("median"),
            func.percentile_disc(0.9).within_group(waited).label("ninth"),
        )
        .select_from(Request)
        .join(first_offer, true())
        .where(Request.created_at >= begins, Request.created_at < ends)
        .group_by(func.grouping_sets(*by))
    ).all()
    for place, name in enumerate(BY):
        # A bit for each column, the first the highest; that of the one by which is counted is not set.
        every = (1 << len(BY)) - 1
        own = {
            getattr(row, name) or NOT_KNOWN: row
            for row in rows
            if row.grouped == every ^ (1 << (len(BY) - 1 - place))
        }
        shown = small_cells.told({value: row.requests for value, row in own.items()})
        for value, row in sorted(own.items()):
            if shown[value] is None:
                yield GroupLine(name, value, None, None, None, None, None, None)
            else:
                yield GroupLine(
                    name, value, row.requests, row.placed, row.accepted, row.waiting,
                    _hours(row.median), _hours(row.ninth),
                )  # fmt: skip


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(float(seconds) / 3600, 2)
