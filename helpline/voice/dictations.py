"""Calls on which editors record prompts: their own telephone is rung, from the number for callbacks; nothing of it hangs on the
line's number. Which number stands for which prompt. What is said on such a call, `dictation` knows."""

from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from helpline.line import notices
from helpline.people import accounts, audit
from helpline.people.who import Who
from helpline.telephony import legs
from helpline.telephony.models import LegState, Purpose
from helpline.voice import catalogue, drafts, rights, takes
from helpline.voice.dictation_models import Dictation, Spoken
from helpline.voice.dictation_words import GUIDES
from helpline.voice.measured import Remark, Unusable, remarks
from helpline.voice.takes import Take

MOST_DIGITS = 4
NOTICES_FROM = 9000
"""A notice's number for the telephone: its own behind these."""
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('recording by telephone', :person))")


@dataclass(frozen=True)
class Heard:
    """One recording of such a call: the prompt's number, what became of it, its take once it was kept, and why it could not be."""

    number: int | None
    prompt: str
    state: str
    take: Take | None
    refusals: tuple[Remark, ...]


@dataclass(frozen=True)
class Progress:
    """How far somebody's newest call has got. `state` and `cause` are its leg's; `recordings`, the newest first."""

    id: int
    language: str
    state: str
    cause: str | None
    recordings: tuple[Heard, ...]

    @property
    def under_way(self) -> bool:
        """Whether it goes on."""
        return self.state != LegState.ENDED


class NoTelephone(Exception):
    """The person's account has no telephone number, so nothing can be rung."""


class InACall(Exception):
    """The person's telephone rings or is in a call because of us. `records`: they record there, in this language."""

    def __init__(self, records: str | None = None) -> None:
        super().__init__("the telephone is in a call of ours")
        self.records = records


def number_of(prompt: str) -> int | None:
    """What is keyed for a prompt: its place in the English master; for a notice its own number behind 9000."""
    number = prompt.removeprefix(notices.PROMPT)
    if number != prompt and number.isdecimal():
        return NOTICES_FROM + int(number)
    names = catalogue.repository().names
    return names.index(prompt) + 1 if prompt in names else None


def call(session: Session, who: Who, language: str, prompt: str | None = None) -> int:
    """Ring the person's own telephone to record prompts of a language; the dictation's id.

    Asked for twice it is one call. Raises `LookupError` for a language that is not theirs to record and for what is no
    prompt, `NoTelephone`, `InACall` (a talk with a caller, a callback, a recording of something else).
    """
    if not rights.may_edit(who, language) or (prompt and text_of(session, language, prompt) is None):
        raise LookupError(f"nothing to record: {language}/{prompt}")
    number = accounts.phone_of(session, who.id)
    if number is None:
        raise NoTelephone(f"person {who.id} has no telephone number")
    session.execute(_LOCK, {"person": who.id})
    known = newest(session, who.id)
    if known is not None and legs.alive(session, Purpose.PROMPT_EDITOR, [known.id]):
        if (known.language, known.prompt) != (language, prompt):
            raise InACall(known.language)
        return known.id
    if legs.in_use(session, number):
        raise InACall
    made = Dictation(person_id=who.id, language=language, locale=_locale(who.locale), prompt=prompt)
    session.add(made)
    session.flush()
    legs.place(session, Purpose.PROMPT_EDITOR, made.id, number, language=made.locale, who=who.in_audit)
    audit.record(session, who.in_audit, "recorded_by_telephone", f"dictation {made.id}", language=language)
    return made.id


def newest(session: Session, person_id: int) -> Dictation | None:
    """The person's newest call for recording, or None."""
    wanted = select(Dictation).where(Dictation.person_id == person_id).order_by(Dictation.id.desc()).limit(1)
    return session.scalars(wanted).one_or_none()


def stop(session: Session, who: Who) -> bool:
    """End the person's call for recording; False when there is none."""
    known = newest(session, who.id)
    alive = legs.alive(session, Purpose.PROMPT_EDITOR, [known.id]) if known else []
    stopped = [legs.stop(session, leg.id, who=who.in_audit, why="taken back") for leg in alive]
    return any(stopped)


def progress(session: Session, person_id: int) -> Progress | None:
    """How far the person's newest call has got; None when there never was one."""
    known = newest(session, person_id)
    found = legs.of(session, Purpose.PROMPT_EDITOR, known.id) if known else []
    if known is None or not found:
        return None
    rows = session.scalars(select(Spoken).where(Spoken.dictation_id == known.id).order_by(Spoken.id.desc()))
    heard = [
        Heard(
            number_of(row.prompt),
            row.prompt,
            row.state,
            takes.find(session, row.take_id) if row.take_id else None,
            remarks(row.refusals),
        )
        for row in rows
    ]
    return Progress(known.id, known.language, found[-1].state, found[-1].cause, tuple(heard))


def prompt_of(digits: str) -> str | None:
    """What the number stands for; a notice is looked for later."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS):
        return None
    names, number = catalogue.repository().names, int(digits)
    if number > NOTICES_FROM:
        return f"{notices.PROMPT}{number - NOTICES_FROM}"
    return names[number - 1] if 1 <= number <= len(names) else None


def text_of(session: Session, language: str, prompt: str) -> str | None:
    """What is to be read: what holds once the draft is published, or a notice's words (empty where none are written in this language); None when
    there is nothing."""
    kept = notices.named(session, prompt)
    if kept is not None:
        return kept.texts.get(language, "")
    if prompt not in catalogue.repository().names:
        return None
    return drafts.wanted_text(session, catalogue.repository(), language, prompt)


def text_read(session: Session, language: str, prompt: str, read_from: str) -> str | None:
    """The words of this hash, which were read; None when nobody knows them any more."""
    kept = notices.named(session, prompt)
    if kept is not None:
        words = kept.texts.get(language, "")
        return words if catalogue.text_hash(words) == read_from else None
    try:
        return takes.text_read(session, catalogue.repository(), language, prompt, read_from)
    except (Unusable, LookupError):
        return None


def _locale(locale: str) -> str:
    return locale if locale in GUIDES else "it"
