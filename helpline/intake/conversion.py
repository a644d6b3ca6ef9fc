"""Turns a callback into a request for help to return, in the talk: the keypad's questions, asked by a person, and the
agreement heard by them. Knows no page and rings nobody."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, hours, line
from helpline.callbacks import claims, outcomes
from helpline.callbacks.models import Callback, CallbackState, Plan, Priority
from helpline.callbacks.values import Outcome
from helpline.faults import raise_if_any
from helpline.intake import asks
from helpline.intake.asks import Saved
from helpline.intake.models import Agreement, Ask
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.places import REGION_CODES, is_country
from helpline.routing import offers, requests
from helpline.routing.policy import GROUPS
from helpline.voice.catalogue import Catalogue, load, text_hash

CONSENT = ("consent_offer", "consent_answers")
"""The prompts whose words are read aloud before somebody agrees: those that a caller hears before the key."""

ORAL = "oral "
YES = "1"

Reason = Literal[
    "not_talking", "minor", "for_somebody_else", "not_agreed", "words_changed", "asked_already", "no_place"
]


@dataclass(frozen=True)
class Consent:
    """What is read aloud, a sentence or two each, and the version of these words as it is kept with the agreement."""

    words: tuple[str, ...]
    version: str


@dataclass(frozen=True)
class Answers:
    """What the person said. `whom`: `self`, `family` or `other`; `region` a code, `country` two letters, None unknown.

    `agreed` after hearing the words of this `consent_version`; `waits`: also while no project has a place.
    """

    adult: bool
    whom: str
    agreed: bool
    consent_version: str
    region: str | None = None
    country: str | None = None
    waits: bool = False


@dataclass(frozen=True)
class Refused:
    """Nothing was saved, and all the reasons why.

    `not_talking`: nobody agrees without having been talked to · `minor`, `for_somebody_else`, `not_agreed`: nobody
    agrees for a child or for others · `words_changed`: other words are read aloud by now · `asked_already`: a request
    of this very call is there · `no_place`: and they were not asked, or did not want, to wait.
    """

    reasons: tuple[Reason, ...]


def consent(language: str) -> Consent:
    """The words to be read aloud in a language. Raises `KeyError` for one that is not among the nine."""
    words = tuple(_catalogue().text(language, name) for name in CONSENT)
    return Consent(words, ORAL + text_hash("\n".join(words)))


def to_request(session: Session, callback_id: int, who: Who, answers: Answers) -> Saved | Refused:
    """Make the ask of a callback that this person holds a request, and the callback done, in the caller's transaction.

    The ask keeps its code, which is told again; one that was signalled gets a new code, which only the person knows. Raises `Stale` when the person does not hold it, `LookupError`, and
    `Faults` for a region, a country or a group that there is not.
    """
    callback, plan = claims.locked(session, callback_id)
    claims.check(callback, who, callback.claim_no)
    judge(answers)
    ask = session.get_one(Ask, callback.ask_id, populate_existing=True)
    place = offers.has_place(
        session,
        region=answers.region,
        country=answers.country,
        group=answers.whom,
        language=callback.language,
    )
    reasons = tuple(_reasons(session, callback, plan, ask, answers, place=place))
    if reasons:
        return Refused(reasons)
    if ask.code is None:
        raise LookupError(f"what callback {callback_id} was asked with has been forgotten")
    agreement = keep_agreement(session, ask.call_sid, answers.consent_version, callback.language, who)
    ask.kind, ask.agreement_id, ask.whom = "request", agreement, answers.whom
    ask.waits_without_place = not place
    if ask.source == "signal":
        asks.renew_code(session, ask)
    calendar = line.current().calendar
    ask.promised_on = hours.promise(calendar, callback.language, callback.window, clock.now())
    session.flush()
    request = requests.new_request(
        session,
        ask_id=ask.id,
        agreement_id=agreement,
        call_sid=ask.call_sid,
        language=callback.language,
        region=answers.region,
        country=answers.country,
        group=answers.whom,
        urgent=callback.priority == Priority.URGENT,
        who=who.in_audit,
    )
    audit.record(session, who.in_audit, "made_request", f"callback {callback_id}", request=request.id)
    outcomes.finish(session, callback_id, who, callback.claim_no, Outcome.REQUEST_MADE)
    return Saved(ask.code, ask.promised_on, ask.id)


def judge(answers: Answers) -> None:
    """Raise `Faults` for a region, a country or a group that there is not."""
    faults = []
    if answers.whom not in (*GROUPS, "other"):
        faults.append(f"whom: {answers.whom}: must be one of {', '.join(GROUPS)}, other")
    if answers.region is not None and answers.region not in REGION_CODES:
        faults.append(f"region: {answers.region}: there is no such region")
    if answers.country is not None and not is_country(answers.country):
        faults.append(f"country: {answers.country}: there is no such country")
    raise_if_any(faults)


def _reasons(
    session: Session, callback: Callback, plan: Plan, ask: Ask, answers: Answers, *, place: bool
) -> list[Reason]:
    """Every reason for which no request may be made of this."""
    of_call = (Ask.call_sid == ask.call_sid, Ask.plan_id == plan.id, Ask.kind == "request")
    there = session.scalar(select(Ask.id).where(*of_call, Ask.closed_at.is_(None)))
    found: dict[Reason, bool] = {
        "not_talking": callback.state != CallbackState.TALKING,
        "minor": not answers.adult or callback.priority == Priority.MINOR,
        "for_somebody_else": answers.whom == "other",
        "not_agreed": not answers.agreed,
        "words_changed": answers.consent_version != consent(callback.language).version,
        "asked_already": there is not None,
        "no_place": not place and not answers.waits,
    }
    return [reason for reason, holds in found.items() if holds]


def keep_agreement(session: Session, call_sid: str, version: str, language: str, who: Who) -> int:
    """Keep which words were read aloud, in which language, who heard the yes and when. Gives the agreement's id."""
    values = {"call_sid": call_sid, "text_version": version, "language": language, "key": YES}
    heard = insert(Agreement).values(at=clock.now(), heard_by=who.id, **values)
    session.execute(heard.on_conflict_do_nothing())
    return session.scalars(select(Agreement.id).filter_by(**values)).one()


@cache
def _catalogue() -> Catalogue:
    return load()
