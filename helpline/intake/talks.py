"""What is asked in a live talk: a call back, or help to return, saved for the person on the line. Knows no page."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, hours, line, phone
from helpline.calls.models import Call
from helpline.intake import asks, conversion
from helpline.intake.asks import Saved, TooMany
from helpline.intake.conversion import Answers, Consent, Reason, Refused
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.phone import PhoneNumber
from helpline.routing import offers


@dataclass(frozen=True, repr=False)
class Talk:
    """A live call that `who` is in: the carrier's sid of the caller's call, its language, whether it is a child's, and
    whether it is over by now."""

    call_sid: str
    language: str
    minor: bool
    who: Who
    over: bool = False


@dataclass(frozen=True, repr=False)
class Reach:
    """How the person may be reached: `number` None for the telephone they call from, and the part of the day."""

    number: PhoneNumber | None
    window: str


@dataclass(frozen=True)
class NoNumber:
    """They call from a number that we may not ring, and gave no other."""


Answer = Saved | TooMany | NoNumber


def own_number(session: Session, call_sid: str) -> PhoneNumber | None:
    """The number they call from, if it may be called back; whoever shows it to a person writes that down."""
    dialled_from = session.scalars(select(Call.from_number).where(Call.sid == call_sid)).one_or_none()
    return phone.judge(dialled_from).number if dialled_from else None


def words_for(talk: Talk) -> Consent:
    """The words to be read aloud in this talk."""
    return conversion.shown_in(talk.language, _name_of(talk), talk.who, over=talk.over)


def save_callback(session: Session, talk: Talk, reach: Reach) -> Answer:
    """Save that the person on the line wants to be called; the code is theirs, and is told to them once."""
    draft = _draft(session, talk, reach)
    if draft is None:
        return NoNumber()
    day = _promised(talk, reach)
    saved = asks.save_callback(session, talk.call_sid, draft, talk.language, promised_on=day)
    _write_down(session, talk, saved, "callback")
    return saved


def save_request(session: Session, talk: Talk, reach: Reach, answers: Answers) -> Answer | Refused:
    """Save that the person on the line asks for help to return, with the agreement that `talk.who` has heard.

    Raises `Faults` for a region, a country or a group that there is not.
    """
    conversion.judge(answers)
    draft = _draft(session, talk, reach)
    if draft is None:
        return NoNumber()
    place = offers.has_place(
        session, region=answers.region, country=answers.country, group=answers.whom, language=talk.language
    )
    against: dict[Reason, bool] = {
        "minor": talk.minor or not answers.adult,
        "for_somebody_else": answers.whom == "other",
        "not_agreed": not answers.agreed,
        "words_changed": answers.consent_version != conversion.consent(talk.language).version,
        "not_read": talk.over and not conversion.was_shown(answers, _name_of(talk), talk.who),
        "no_place": not place and not answers.waits,
    }
    reasons = tuple(reason for reason, holds in against.items() if holds)
    if reasons:
        return Refused(reasons)
    agreement = conversion.keep_agreement(
        session, talk.call_sid, answers.consent_version, talk.language, talk.who
    )
    saved = asks.save_request(
        session,
        talk.call_sid,
        draft | {"whom": answers.whom, "region": answers.region, "country": answers.country},
        talk.language,
        agreement_id=agreement,
        waits_without_place=not place,
        promised_on=_promised(talk, reach),
        explained=True,
    )
    _write_down(session, talk, saved, "request")
    return saved


def _name_of(talk: Talk) -> str:
    return f"call {talk.call_sid}"


def _draft(session: Session, talk: Talk, reach: Reach) -> dict[str, object] | None:
    own = own_number(session, talk.call_sid)
    number = reach.number or own
    if number is None:
        return None
    return {
        "number": number.e164,
        "number_proved": number == own,
        "window": reach.window,
        "minor": talk.minor,
    }


def _promised(talk: Talk, reach: Reach) -> date | None:
    return hours.promise(line.current().calendar, talk.language, reach.window, clock.now())


def _write_down(
    session: Session, talk: Talk, saved: Saved | TooMany, kind: Literal["callback", "request"]
) -> None:
    if isinstance(saved, Saved):
        audit.record(session, talk.who.in_audit, f"made_{kind}", f"ask {saved.ask_id}")
