"""What somebody reads aloud in one sitting: the prompts of one language in the order of the menu, which of them are to
be done, and where the sitting goes on. Changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.line import notices as lines
from helpline.voice import dictations, notices, takes
from helpline.voice.catalogue import MASTER, Catalogue, placeholder, stem
from helpline.voice.cells import FINISHED
from helpline.voice.composing import text_hash
from helpline.voice.matrix import matrix
from helpline.voice.states import State
from helpline.voice.takes_models import PromptTake, TakeState

AT_ONCE = timedelta(hours=1)
"""Who recorded a text within this time may still be at it."""


class What(StrEnum):
    """What is to be read: what is missing, stale or rejected; a section; everything; one prompt."""

    TODO = "todo"
    SECTION = "section"
    ALL = "all"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Reading:
    """One prompt to be read aloud. `said`: the words; `follows`: the name of the value that comes after them, and is a
    clip of its own. `taken`: there is a recording of this very text, by `speaker`, on its way or good."""

    prompt: str
    number: int
    section: str
    said: str
    follows: str | None
    text_hash: str
    english: str
    steps: tuple[str, ...]
    state: State
    to_do: bool
    taken: bool = False
    speaker: str = ""


def readings(
    session: Session, repository: Catalogue, places: Mapping[str, Collection[str]], language: str
) -> list[Reading]:
    """All prompts of a language, as they stand with the open draft. `places`: prompt -> the steps that say it.

    Raises `ValueError` for what is no language.
    """
    found, latest = matrix(session, repository, places), takes.latest(session, language)
    at = found.languages.index(language)
    listed = []
    for row in found.rows:
        cell, take = row.cells[at], latest.get(row.prompt)
        read_from = text_hash(cell.text)
        good = take is not None and take.text_hash == read_from and take.state != TakeState.REFUSED
        on_its_way = good and take is not None and take.state == TakeState.RECEIVED
        listed.append(
            Reading(
                row.prompt,
                row.number,
                row.section,
                stem(cell.text),
                placeholder(cell.text),
                read_from,
                row.english,
                row.steps,
                cell.state,
                to_do=cell.state not in FINISHED and not on_its_way,
                taken=good and (on_its_way or cell.state != State.REJECTED),
                speaker=(take.speaker or "") if take is not None and good else "",
            )
        )
    return listed


def of_notice(session: Session, language: str, prompt: str) -> Reading | None:
    """A notice to be read aloud; None when it is over, or has no words in this language."""
    kept, said = lines.named(session, prompt), notices.words(session, prompt, language)
    if kept is None or said is None:
        return None
    newest = takes.of_prompt(session, language, prompt, most=1)
    good = [one for one in newest if one.text == said and one.state != TakeState.REFUSED]
    return Reading(
        prompt,
        dictations.number_of(prompt) or 0,
        "",
        said,
        None,
        text_hash(said),
        kept.texts.get(MASTER, ""),
        (),
        State.LIVE if language in kept.clips and good else State.MISSING,
        to_do=not good,
        taken=bool(good),
        speaker=(good[0].speaker or "") if good else "",
    )


def left(session: Session, repository: Catalogue, places: Mapping[str, Collection[str]]) -> Mapping[str, int]:
    """How many texts of each language nobody's voice says yet."""
    progress = matrix(session, repository, places).progress()
    return {one.language: one.of - one.finished for one in progress}


def chosen(
    all_of_them: Sequence[Reading], what: What, *, section: str = "", prompt: str = ""
) -> list[Reading]:
    """What of it is to be read. What is to be done also holds the prompt that the address names, done or not."""
    if what == What.SECTION:
        return [one for one in all_of_them if one.section == section]
    if what == What.ONE:
        return [one for one in all_of_them if one.prompt == prompt]
    return [one for one in all_of_them if what == What.ALL or one.to_do or one.prompt == prompt]


def begin_at(sitting: Sequence[Reading], what: What, *, prompt: str, speaker: str) -> Reading | None:
    """Where one goes on: at the prompt of the address, else at the first that is not done; None where nothing is to be read.

    Who records everything anew has done what they spoke themselves; what another voice said is to be done again.
    """
    named = next((one for one in sitting if one.prompt == prompt), None)
    open_ones = (one for one in sitting if not is_done(one, what, speaker))
    return named or next(open_ones, None) or next(iter(sitting), None)


def is_done(reading: Reading, what: What, speaker: str) -> bool:
    """Whether a sitting passes over it."""
    if what == What.ALL:
        return reading.taken and reading.speaker == speaker
    return reading.taken or not reading.to_do


def another(session: Session, language: str, prompt: str, *, by_id: int) -> tuple[int, datetime] | None:
    """Who else recorded this prompt within the hour, in whatever way, and when; None where nobody did, or it was refused."""
    row = PromptTake
    wanted = select(row.by_id, row.made_at).where(
        row.language == language, row.prompt == prompt, row.made_at > clock.now() - AT_ONCE,
        row.by_id.is_not(None), row.by_id != by_id, row.state != TakeState.REFUSED,
    )  # fmt: skip
    found = session.execute(wanted.order_by(row.id.desc()).limit(1)).one_or_none()
    return (found[0], found[1]) if found is not None and found[0] is not None else None


def speaker_before(session: Session, by_id: int) -> str:
    """The name under which this person last recorded in the browser; empty where there is none."""
    wanted = (
        select(PromptTake.speaker)
        .where(PromptTake.by_id == by_id, PromptTake.way == "browser")
        .order_by(PromptTake.id.desc())
        .limit(1)
    )
    return session.scalars(wanted).first() or ""
