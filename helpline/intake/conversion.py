"""Turns a callback into a request for help to return, in the talk: the keypad's questions, asked by a person, and the
agreement heard by them. Knows no page and rings nobody."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, hours, line
from helpline.callbacks import claims, holding, outcomes, recognising
from helpline.callbacks.concerns import TALK_OVER
from helpline.callbacks.models import Callback, CallbackState, Plan, Priority
from helpline.callbacks.recognising import Talk
from helpline.callbacks.values import Outcome
from helpline.db import keyed_hash
from helpline.faults import raise_if_any
from helpline.intake import asks
from helpline.intake.asks import Saved
from helpline.intake.models import Agreement, Ask
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.places import REGION_CODES, is_country
from helpline.routing import offers, requests
from helpline.routing.policy import GROUPS
from helpline.voice import current
from helpline.voice.catalogue import text_hash

CONSENT = ("consent_offer", "consent_answers")
"""The prompts whose words are read aloud before somebody agrees: those that a caller hears before the key."""

ORAL = "oral "
YES = "1"

Reason = Literal[
    "not_talking", "not_recognised", "minor", "for_somebody_else", "not_agreed", "words_changed", "not_read",
    "asked_already", "no_place",
]  # fmt: skip


@dataclass(frozen=True)
class Consent:
    """What is read aloud, a sentence or two each, and the version of these words as it is kept with the agreement.

    `shown`: proof that these words were before somebody's eyes while they talked with the person; empty where not.
    """

    words: tuple[str, ...]
    version: str
    shown: str = ""


@dataclass(frozen=True)
class Answers:
    """What the person said. `whom`: `self`, `family` or `other`; `region` a code, `country` two letters, None unknown.

    `agreed` after hearing the words of this `consent_version`, which `shown` (of `Consent`) proves to have been there
    in the talk; `waits`: also while no project has a place.
    """

    adult: bool
    whom: str
    agreed: bool
    consent_version: str
    region: str | None = None
    country: str | None = None
    waits: bool = False
    shown: str = ""


@dataclass(frozen=True)
class Refused:
    """Nothing was saved, and all the reasons why.

    `not_talking`: nobody agrees who is not talked to now, or was a moment ago · `not_recognised`: they did not show to
    be the one who asked · `minor`, `for_somebody_else`, `not_agreed`: nobody agrees for a child or for others ·
    `words_changed`: other words are read aloud by now · `not_read`: the talk is over, and the words were not there in
    it · `asked_already`: a request of this very call is there · `no_place`: and they were not asked, or did not want,
    to wait.
    """

    reasons: tuple[Reason, ...]


def consent(language: str) -> Consent:
    """The words to be read aloud in a language. Raises `KeyError` for one that is not among the nine."""
    texts = current.texts()
    words = tuple(texts.text(language, name) for name in CONSENT)
    return Consent(words, ORAL + text_hash("\n".join(words)))


def words_for(session: Session, callback_id: int, who: Who) -> Consent | Refused:
    """The words to be read aloud to the person on the line, who was recognised; the reasons where there is nobody such.

    For the holder alone: raises `Stale`, and `LookupError`.
    """
    callback = holding.held(session, callback_id, who)
    talk = recognising.talk_of(session, callback)
    refused = _against_talking(callback, talk)
    if talk is None or refused:
        return Refused(refused)
    return shown_in(callback.language, _name_of(talk), who, over=talk.over_since is not None)


def may_ask(session: Session, callback_id: int, who: Who) -> bool:
    """Whether this person may put the questions of a request now: they hold it, talk, and know whom they talk with."""
    callback = session.get(Callback, callback_id)
    if callback is None or callback.holder_id != who.id:
        return False
    return not _against_talking(callback, recognising.talk_of(session, callback))


def shown_in(language: str, talk: str, who: Who, *, over: bool) -> Consent:
    """The words in a language, with the proof that `who` had them in this talk, unless it is `over` already."""
    words = consent(language)
    return words if over else replace(words, shown=_proof(words.version, talk, who))


def was_shown(answers: Answers, talk: str, who: Who) -> bool:
    """Whether the words that were agreed to were before the eyes of `who` while this talk went on."""
    return hmac.compare_digest(answers.shown.encode(), _proof(answers.consent_version, talk, who).encode())


def in_time(over_since: datetime | None) -> bool:
    """Whether what was asked in a talk may still be written down: until ten minutes after its end (`TALK_OVER`)."""
    return over_since is None or clock.now() - over_since <= TALK_OVER


def to_request(session: Session, callback_id: int, who: Who, answers: Answers) -> Saved | Refused:
    """Make the ask of a callback that this person holds a request, and the callback done, in the caller's transaction.

    Only of somebody who was recognised in this claim's talk, and only while it goes on, or a moment after.
    The ask keeps its code, which is told again; one that was signalled gets a new code, which only the person knows.
    Raises `Stale` when the person does not hold it, `LookupError`, and `Faults` for a region, a country or a group that
    there is not.
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
    reasons = tuple(_reasons(session, callback, plan, ask, answers, who, place=place))
    if reasons:
        return Refused(reasons)
    if ask.code is None:
        raise LookupError(f"what callback {callback_id} was asked with has been forgotten")
    agreement = keep_agreement(session, ask.call_sid, answers.consent_version, callback.language, who)
    ask.kind, ask.agreement_id, ask.whom = "request", agreement, answers.whom
    ask.waits_without_place = not place
    signalled = ask.source == "signal"
    if signalled:
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
    return Saved(ask.code, ask.promised_on, ask.id, renewed=signalled)


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


def _against_talking(callback: Callback, talk: Talk | None) -> tuple[Reason, ...]:
    if callback.state != CallbackState.TALKING or talk is None or not in_time(talk.over_since):
        return ("not_talking",)
    return () if talk.leg.recognised else ("not_recognised",)


def _name_of(talk: Talk) -> str:
    return f"leg {talk.leg.id}"


def _proof(version: str, talk: str, who: Who) -> str:
    return keyed_hash("words that were read aloud", f"{talk}, person {who.id}: {version}")


def _reasons(
    session: Session, callback: Callback, plan: Plan, ask: Ask, answers: Answers, who: Who, *, place: bool
) -> list[Reason]:
    """Every reason for which no request may be made of this."""
    of_call = (Ask.call_sid == ask.call_sid, Ask.plan_id == plan.id, Ask.kind == "request")
    there = session.scalar(select(Ask.id).where(*of_call, Ask.closed_at.is_(None)))
    talk = recognising.talk_of(session, callback)
    over = talk is not None and talk.over_since is not None
    found: dict[Reason, bool] = {
        "minor": not answers.adult or callback.priority == Priority.MINOR,
        "for_somebody_else": answers.whom == "other",
        "not_agreed": not answers.agreed,
        "words_changed": answers.consent_version != consent(callback.language).version,
        "not_read": talk is not None and over and not was_shown(answers, _name_of(talk), who),
        "asked_already": there is not None,
        "no_place": not place and not answers.waits,
    }
    return [*_against_talking(callback, talk), *(reason for reason, holds in found.items() if holds)]


def keep_agreement(session: Session, call_sid: str, version: str, language: str, who: Who) -> int:
    """Keep which words were read aloud, in which language, who heard the yes and when. Gives the agreement's id."""
    values = {"call_sid": call_sid, "text_version": version, "language": language, "key": YES}
    heard = insert(Agreement).values(at=clock.now(), heard_by=who.id, **values)
    session.execute(heard.on_conflict_do_nothing())
    return session.scalars(select(Agreement.id).filter_by(**values)).one()
