"""The fairness ledger: what each entity was offered and did with it, against its free places; and how long whom waited.

Figures of entities, and of groups of people by language, region and country: never of anybody who works, and a group of
fewer than five is not told from others (DOMAIN §5): the three tables count the same people, so the sum of one would tell
what another hides; as many are hidden as it takes (`small_cells`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import small_cells, spreadsheet
from helpline.hours import at_hour
from helpline.routing.models import UNPLACED, CaseOutcome, Entity, Offer, OfferState, Request
from helpline.routing.records import FreePlaces

BY = ("language", "region", "country")


CODES = ("declined_for", "by", "value")
"""The fields of a ledger that hold codes, for which pages have words."""


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

    def as_csv(
        self,
        named: Callable[[str], str] = str,
        *,
        words: Callable[[EntityLine | GroupLine, str], str] | None = None,
        yes: str = "yes",
        no: str = "no",
    ) -> str:
        """Two tables, one under the other, with a line of headings each; what is not told is empty.

        `named`: what a heading is called, by the field's name; `yes` and `no` in the same language. `words`: what a field
        of codes (`CODES`) says for people; it stands in a column of its own behind them, `<field>_words`.
        """
        tables = []
        for kind, lines in ((EntityLine, self.entities), (GroupLine, self.groups)):
            columns = [
                (field.name, spoken)
                for field in fields(kind)
                for spoken in ((False, True) if words and field.name in CODES else (False,))
            ]
            headings = [named(f"{name}_words" if spoken else name) for name, spoken in columns]
            rows = [
                [words(line, name) if words and spoken else getattr(line, name) for name, spoken in columns]
                for line in lines
            ]
            tables.append((headings, rows))
        return spreadsheet.written(*tables, yes=yes, no=no)


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
    offers = session.execute(
        select(
            Offer.entity_id, Offer.state, Offer.accepted_at, Offer.declined_for, Offer.begun_at, Offer.outcome,
            Offer.answered_in,
        ).where(Offer.made_at >= begins, Offer.made_at < ends)
    ).all()  # fmt: skip
    of: dict[str, list[Any]] = defaultdict(list)
    for offer in offers:
        of[offer.entity_id].append(offer)
    endless = {id for id, share in free_shares.items() if share is None}
    limited = sum(offer.entity_id not in endless for offer in offers)
    told = any(share is not None for share in free_shares.values())
    for entity in session.scalars(select(Entity).order_by(Entity.id)):
        own, share = of[entity.id], free_shares.get(entity.id, 0.0)
        states = Counter(offer.state for offer in own)
        answers = [offer.answered_in / 3600 for offer in own if offer.answered_in is not None]
        yield EntityLine(
            entity_id=entity.id,
            name=entity.name,
            offered=len(own),
            accepted=sum(offer.accepted_at is not None for offer in own),
            declined=states[OfferState.DECLINED],
            given_back=sum(
                offer.state == OfferState.DECLINED and offer.accepted_at is not None for offer in own
            ),
            expired=states[OfferState.EXPIRED],
            withdrawn=states[OfferState.WITHDRAWN],
            pending=states[OfferState.PENDING],
            declined_for=dict(Counter(offer.declined_for for offer in own if offer.declined_for)),
            begun=sum(offer.begun_at is not None for offer in own),
            returned=sum(offer.outcome == CaseOutcome.RETURNED for offer in own),
            share=round(len(own) / len(offers), 4) if offers else None,
            share_of_limited=round(len(own) / limited, 4) if limited and entity.id not in endless else None,
            free_share=None if share is None or not told else round(share, 4),
            no_limit=entity.id in endless,
            answer_hours=_rank(answers, 0.5),
        )


def _groups(session: Session, begins: datetime, ends: datetime) -> Iterable[GroupLine]:
    first_offer = (
        select(
            Offer.request_id, func.min(Offer.made_at).label("at"), func.min(Offer.accepted_at).label("yes")
        )
        .group_by(Offer.request_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Request.language, Request.region, Request.country, Request.state, Request.waiting_since,
            first_offer.c.at, first_offer.c.yes,
        )
        .outerjoin(first_offer, first_offer.c.request_id == Request.id)
        .where(Request.created_at >= begins, Request.created_at < ends)
    ).all()  # fmt: skip
    for by in BY:
        of: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            of[getattr(row, by) or "unknown"].append(row)
        shown = small_cells.told({value: len(of[value]) for value in of})
        for value in sorted(of):
            hidden = GroupLine(by, value, None, None, None, None, None, None)
            yield hidden if shown[value] is None else _group(by, value, of[value])


def _group(by: str, value: str, rows: Sequence[Any]) -> GroupLine:
    waits = [(row.at - row.waiting_since).total_seconds() / 3600 for row in rows if row.at is not None]
    return GroupLine(
        by=by,
        value=value,
        requests=len(rows),
        placed=len(waits),
        accepted=sum(row.yes is not None for row in rows),
        waiting=sum(row.state in UNPLACED for row in rows),
        wait_median=_rank(waits, 0.5),
        wait_p90=_rank(waits, 0.9),
    )


def _rank(values: Sequence[float], share: float) -> float | None:
    """The value that this share of all lies below or at; None of none."""
    if not values:
        return None
    place = max(0, -int(-share * len(values) // 1) - 1)
    return round(sorted(values)[place], 2)
