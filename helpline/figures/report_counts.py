"""What a report counts, read from the counts of days: calls, callbacks, requests, answers, prompts. Decides nothing of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Integer, func, literal, select
from sqlalchemy.orm import Session

from helpline.figures import counting, lengths, overview, returns
from helpline.figures.models import CallbackDay, CallDay, CallHour, RequestDay, Spread, SpreadDay, StepDay
from helpline.figures.overview import SUMS, Calls, Told
from helpline.figures.report_counted import Brief, Counts, Fund, ProjectFacts, Row, Stage
from helpline.figures.report_periods import Period
from helpline.figures.stages import STAGES, stage
from helpline.ivr import formerly
from helpline.languages import CODES
from helpline.line.models import FundingPeriod
from helpline.live.models import Hold
from helpline.routing.models import Entity, Offer, OfferState, Project, Request
from helpline.voice import catalogue
from helpline.voice.models import PromptSet, PromptSetClip

ANSWERS: Mapping[str, str] = {
    "accepted": "accepted",
    "no_place_now": "no_place",
    "not_our_territory": "not_eligible",
    "not_eligible_here": "not_eligible",
    "cannot_reach": "other",
    "other": "other",
    "expired": "no_answer",
    "withdrawn": "withdrawn",
    "pending": "pending",
}
"""What an organisation answered, by the state of its offer, or why it declined."""
_REQUESTS = ("language", "region", "country", "group", "state", "outcome", "why")


def brief(session: Session, period: Period) -> Brief:
    """The totals of some days."""
    calls = Calls()
    for each in _calls(session, period, CallDay.language).values():
        calls.outcomes.update(each.outcomes)
        calls.sums.update(each.sums)
    return Brief(
        period,
        calls,
        _sum(session, CallbackDay.callbacks, CallbackDay.day, period),
        _sum(session, RequestDay.requests, RequestDay.day, period),
        sum(row.count for row in _offers(session, period) if row.of["answer"] == "accepted"),
    )


def began(session: Session) -> date | None:
    """The first day on which anybody called, if anybody has."""
    return session.scalar(select(func.min(CallDay.day)))


def counts(session: Session, period: Period) -> Counts:
    """All that a report counts of a period."""
    stages, topics = _menu(session, period)
    sets, recorded = _sets(session, period)
    projects = {
        row.id: ProjectFacts(row.name, row.entity_id, row.funder, row.starts_on, row.ends_on)
        for row in session.scalars(select(Project).order_by(Project.id))
    }
    talks = select(Hold.outcome, func.count()).where(
        Hold.outcome.is_not(None), *_within(Hold.queued_since, period)
    )
    texts = catalogue.repository().texts
    return Counts(
        period=period,
        languages=_calls(session, period, CallDay.language),
        days=_calls(session, period, CallDay.day),
        hours=_hours(session, period),
        numbers={name: calls.offered for name, calls in _calls(session, period, CallDay.number).items()},
        stages=stages,
        topics=topics,
        spreads=_spreads(session, period),
        callbacks=_callbacks(session, period),
        requests=_rows(session, period),
        offers=_offers(session, period),
        talks=_pairs(session, talks.group_by(Hold.outcome)),
        sets=sets,
        prompts={code: len(texts[code]) for code in CODES},
        recorded=recorded,
        entities=_pairs(session, select(Entity.id, Entity.name)),
        projects=projects,
        returned=returns.people(session, period.first, period.last),
    )  # fmt: skip


def funds(session: Session, period: Period) -> list[Fund]:
    """The funds and projects of the line's own settings that touch a period, the longest first."""
    touching = select(FundingPeriod).where(
        FundingPeriod.first <= period.last, FundingPeriod.last >= period.first
    )
    found = [Fund(row.title, Period(row.first, row.last)) for row in session.scalars(touching)]
    return sorted(found, key=lambda fund: (fund.period.first, fund.period.last, fund.name))


def _calls(session: Session, period: Period, by: Any) -> dict[str, Calls]:
    sums = [func.sum(getattr(CallDay, name)).label(name) for name in SUMS]
    wanted = select(by.label("by"), CallDay.outcome, *sums).where(
        CallDay.day.between(period.first, period.last)
    )
    return _added(session.execute(wanted.group_by("by", CallDay.outcome).order_by("by")))


def _hours(session: Session, period: Period) -> dict[str, Calls]:
    """By the hour of the day. On a day of 25 hours two hours have the same name."""
    sums = [func.sum(getattr(CallHour, name)).label(name) for name in SUMS]
    at = func.timezone(literal("Europe/Rome"), CallHour.hour)
    hour = func.extract("hour", at).cast(Integer).label("by")
    wanted = select(hour, CallHour.outcome, *sums).where(*_within(CallHour.hour, period))
    found = _added(session.execute(wanted.group_by("by", CallHour.outcome)))
    return {str(hour): found.get(str(hour), Calls()) for hour in range(24)}


def _added(rows: Any) -> dict[str, Calls]:
    found: dict[str, Calls] = defaultdict(Calls)
    for row in rows:
        # "none" of all outcomes is that of a call nobody could tell us more of, as in the overview
        found[str(row.by)].add(row.outcome or "refused", {name: int(getattr(row, name)) for name in SUMS})
    return dict(found)


def _menu(session: Session, period: Period) -> tuple[dict[str, Stage], dict[str, int]]:
    wanted = select(StepDay.step, StepDay.to_step, func.sum(StepDay.passed)).where(
        StepDay.day.between(period.first, period.last)
    )
    found = {name: Stage() for name in STAGES}
    topics = dict.fromkeys(lengths.messages(), 0)
    for *names, passed in session.execute(wanted.group_by(StepDay.step, StepDay.to_step)):
        step, to_step = (formerly.now(name) for name in names)
        if not to_step:
            found[stage(step)].ended += int(passed)
        elif not step or stage(step) != stage(to_step):
            found[stage(to_step)].entered += int(passed)
        if to_step in topics and step != to_step:
            topics[to_step] += int(passed)
    return found, topics


def _spreads(session: Session, period: Period) -> dict[Spread, Told]:
    wanted = select(SpreadDay.what, SpreadDay.value, func.sum(SpreadDay.count)).where(
        SpreadDay.day.between(period.first, period.last)
    )
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for what, value, count in session.execute(
        wanted.group_by(SpreadDay.what, SpreadDay.value).order_by(SpreadDay.value)
    ):
        found[what].append((value, int(count)))
    return {what: overview.told(found.get(what, ())) for what in Spread}


def _callbacks(session: Session, period: Period) -> list[Row]:
    names = ("language", "topic", "source", "state")
    columns = [getattr(CallbackDay, name) for name in names]
    sums = [func.sum(each) for each in (CallbackDay.callbacks, CallbackDay.attempts, CallbackDay.late)]
    wanted = (
        select(*columns, *sums).where(CallbackDay.day.between(period.first, period.last)).group_by(*columns)
    )
    return [
        Row(dict(zip(names, values, strict=True)), int(count), int(attempts), int(late))
        for *values, count, attempts, late in session.execute(wanted)
    ]


def _rows(session: Session, period: Period) -> list[Row]:
    columns = [getattr(RequestDay, name) for name in _REQUESTS]
    wanted = select(*columns, func.sum(RequestDay.requests)).where(
        RequestDay.day.between(period.first, period.last)
    )
    return [
        Row(dict(zip(_REQUESTS, values, strict=True)), int(count))
        for *values, count in session.execute(wanted.group_by(*columns))
    ]


def _offers(session: Session, period: Period) -> list[Row]:
    """What organisations answered to offers of requests that were made in the period."""
    columns = (Offer.entity_id, Offer.project_id, Offer.state, Offer.declined_for)
    wanted = (
        select(*columns, func.count())
        .join(Request, Request.id == Offer.request_id)
        .where(*_within(Request.created_at, period))
        .group_by(*columns)
    )
    found: Counter[tuple[str, str, str]] = Counter()
    for entity, project, state, why, count in session.execute(wanted):
        word = (why or "other") if state == OfferState.DECLINED else str(state)
        found[entity, project, ANSWERS[word]] += count
    return [
        Row({"entity": entity, "project": project, "answer": answer}, count)
        for (entity, project, answer), count in sorted(found.items())
    ]


def _sets(session: Session, period: Period) -> tuple[dict[str, int], dict[str, int]]:
    """The set of prompts that changed each language last before the end, and how many recordings were live then."""
    ends = counting.moments(period.first, period.last)["ends"]
    sets: dict[str, int] = {}
    newest = 0
    for number, languages in session.execute(
        select(PromptSet.id, PromptSet.languages).where(PromptSet.published_at < ends).order_by(PromptSet.id)
    ):
        newest = number
        sets |= dict.fromkeys(languages, number)
    counted = select(PromptSetClip.language, func.count()).where(PromptSetClip.set_id == newest)
    return sets, _pairs(session, counted.group_by(PromptSetClip.language))


def _pairs(session: Session, wanted: Any) -> dict[Any, Any]:
    return {row[0]: row[1] for row in session.execute(wanted)}


def _sum(session: Session, column: Any, day: Any, period: Period) -> int:
    return int(session.scalar(select(func.sum(column)).where(day.between(period.first, period.last))) or 0)


def _within(column: Any, period: Period) -> tuple[Any, Any]:
    given = counting.moments(period.first, period.last)
    return column >= given["begins"], column < given["ends"]
