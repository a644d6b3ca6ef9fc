"""One call as it went: step by step what was said, pressed and done, how long each took, and what it led to. Shows no number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.models import Callback
from helpline.calls.models import Call, Clip, Step
from helpline.figures.models import CallSum
from helpline.intake.models import Ask
from helpline.live.models import Hold
from helpline.phone import PhoneNumber
from helpline.routing.models import Entity, Offer, Request
from helpline.voice import catalogue
from helpline.voice.models import PromptSetClip, PromptSetText, PromptText

_WHOLE = "!"


@dataclass(frozen=True)
class Said:
    """A prompt that was said: its words (None: it is no more), and the recording by its hash (None: a speech engine spoke).
    `whole`: it was heard whole, before a key counted."""

    prompt: str
    language: str
    text: str | None
    clip: str | None
    whole: bool


@dataclass(frozen=True)
class Stop:
    """A stop on the way: at which step since when, what was said there, for how many seconds somebody stayed (None: not
    known), what was pressed then (`key 1`, `digits 10`, `silence`, `wrong`; None: the call ended), and what was done on arriving."""

    step: str
    at: datetime
    language: str | None
    said: tuple[Said, ...]
    seconds: float | None
    pressed: str | None
    did: tuple[str, ...]


@dataclass(frozen=True)
class LedTo:
    """Something that came of a call: `callback`, `request`, `hold` or `recording`, by id, and where it stands."""

    kind: str
    id: int
    state: str
    outcome: str | None = None
    entity: str | None = None


@dataclass(frozen=True)
class Journey:
    """A call. `number`: masked, None when it was withheld or is forgotten."""

    id: int
    at: datetime
    ended_at: datetime | None
    number: str | None
    to_number: str | None
    language: str | None
    outcome: str | None
    finished: bool
    set_id: int | None
    sum: CallSum | None
    stops: tuple[Stop, ...]
    led_to: tuple[LedTo, ...]


def journey(session: Session, call_id: int) -> Journey | None:
    """The call of this id as it went; None when there is none, or no more."""
    call = session.get(Call, call_id)
    if call is None:
        return None
    rows = list(session.scalars(select(Step).where(Step.call_sid == call.sid).order_by(Step.turn)))
    texts, clips = _set(session, call.set_id or 0, _prompts(rows))
    return Journey(
        call.id,
        call.started_at,
        call.ended_at,
        str(PhoneNumber(call.from_number)) if call.from_number else None,
        call.to_number,
        call.language,
        call.outcome,
        call.finished,
        call.set_id,
        session.get(CallSum, call.id),
        tuple(_stops(rows, call.ended_at, texts, clips)),
        tuple(_led_to(session, call.sid)),
    )


Key = tuple[str, str]


def _stops(
    rows: Sequence[Step], ended_at: datetime | None, texts: Mapping[Key, str], clips: Mapping[Key, str]
) -> list[Stop]:
    stops = []
    for place, row in enumerate(rows):
        after = rows[place + 1] if place + 1 < len(rows) else None
        until = after.at if after else ended_at
        said = []
        for name in row.says or ():
            language, slash, prompt = str(name).removeprefix(_WHOLE).partition("/")
            if slash:
                key = (language, prompt)
                said.append(
                    Said(prompt, language, texts.get(key), clips.get(key), str(name).startswith(_WHOLE))
                )
        stops.append(
            Stop(
                row.to_step or row.step,
                row.at,
                row.to_language if row.to_language and row.to_language.isalpha() else None,
                tuple(said),
                max(0.0, (until - row.at).total_seconds()) if until else None,
                after.heard if after else None,
                tuple((row.did or "").split()),
            )
        )
    return stops


def _prompts(rows: Sequence[Step]) -> set[str]:
    names = (str(name).removeprefix(_WHOLE).partition("/")[2] for row in rows for name in row.says or ())
    return {name for name in names if name}


def _set(session: Session, set_id: int, prompts: set[str]) -> tuple[dict[Key, str], dict[Key, str]]:
    """What a set says and plays for these prompts: its own texts on top of the repository's, and its recordings."""
    words = catalogue.repository().texts
    texts = {
        (language, prompt): words[language][prompt]
        for language in words
        for prompt in prompts & words[language].keys()
    }
    own = (
        select(PromptText.language, PromptText.prompt, PromptText.text)
        .join(PromptSetText, PromptSetText.text_id == PromptText.id)
        .where(PromptSetText.set_id == set_id, PromptSetText.prompt.in_(prompts))
    )
    texts |= {(row.language, row.prompt): row.text for row in session.execute(own)}
    played = select(PromptSetClip.language, PromptSetClip.prompt, PromptSetClip.clip_hash).where(
        PromptSetClip.set_id == set_id, PromptSetClip.prompt.in_(prompts)
    )
    return texts, {(row.language, row.prompt): row.clip_hash for row in session.execute(played)}


def _led_to(session: Session, sid: str) -> list[LedTo]:
    found = [
        LedTo("hold", row.id, row.state, row.outcome)
        for row in session.scalars(select(Hold).where(Hold.call_sid == sid).order_by(Hold.id))
    ]
    asks = select(Ask.id).where(Ask.call_sid == sid)
    found += [
        LedTo("callback", row.id, row.state)
        for row in session.scalars(select(Callback).where(Callback.ask_id.in_(asks)).order_by(Callback.id))
    ]
    requests = session.scalars(select(Request).where(Request.ask_id.in_(asks)).order_by(Request.id)).all()
    found += [LedTo("request", row.id, row.state, row.outcome) for row in requests]
    offers = (
        select(Offer.id, Offer.state, Offer.outcome, Entity.name)
        .join(Entity, Entity.id == Offer.entity_id)
        .where(Offer.request_id.in_([row.id for row in requests]))
        .order_by(Offer.id)
    )
    found += [LedTo("offer", row.id, row.state, row.outcome, row.name) for row in session.execute(offers)]
    found += [
        LedTo("recording", row.id, row.state)
        for row in session.scalars(select(Clip).where(Clip.call_sid == sid).order_by(Clip.id))
    ]
    return found
