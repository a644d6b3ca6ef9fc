"""Makes the cells of the matrix out of what was read: which text holds, which clip callers will hear, what is behind; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from helpline.voice.catalogue import MASTER, Catalogue
from helpline.voice.catalogue import text_hash as slow_hash
from helpline.voice.cells import Cell
from helpline.voice.manifest import Key
from helpline.voice.states import Facts, Recording, State, state

text_hash = lru_cache(maxsize=8192)(slow_hash)
"""The texts of a matrix are the same ones at the next look."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A clip that is kept: what it was read from, how long it is, who spoke it, how it came, when."""

    hash: str
    text_hash: str
    seconds: float
    speaker: str | None = None
    way: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A text that somebody wrote: its row, the words, and what English said then, by its hash (None: not known)."""

    id: int
    text: str
    master_hash: str | None


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the draft changes about one prompt, with the newest verdict on each thing."""

    text: Written | None = None
    drops_text: bool = False
    clip: Sound | None = None
    drops_clip: bool = False
    conflict: bool = False
    text_verdict: str | None = None
    clip_verdict: str | None = None

    @property
    def changes(self) -> frozenset[str]:
        """Of `text`, `clip`, `drops` and `conflict`, those that it is about."""
        told = (
            ("text", self.text is not None or self.drops_text),
            ("clip", self.clip is not None),
            ("drops", self.drops_clip),
            ("conflict", self.conflict),
        )
        return frozenset(word for word, is_so in told if is_so)


@dataclass(frozen=True)
class Known:
    """All that cells are made of, by language and prompt; `speech` by the hash of what is said, too.

    `own`: the newest set's texts as far as they hold, `gave_way`: why the others do not; `clips`: its recordings;
    `shipped`: those that come with the code.
    """

    repository: Catalogue
    own: Mapping[Key, Written] = field(default_factory=dict)
    clips: Mapping[Key, Sound] = field(default_factory=dict)
    shipped: Mapping[Key, Sound] = field(default_factory=dict)
    speech: Mapping[tuple[str, str, str], Sound] = field(default_factory=dict)
    draft: Mapping[Key, Drafted] = field(default_factory=dict)
    gave_way: Mapping[Key, str] = field(default_factory=dict)


_NO_CHANGE = Drafted()
_NO_SOUND = Sound("", "", 0.0)
_UNCHANGED: frozenset[str] = frozenset()


def wanted_text(known: Known, language: str, prompt: str) -> str:
    """What holds once the draft is published. Raises `KeyError` where there is no such prompt or language."""
    key = language, prompt
    return _text(known, key, known.draft.get(key, _NO_CHANGE))


def cells(known: Known, prompt: str) -> tuple[Cell, ...]:
    """One prompt in all languages."""
    english = text_hash(wanted_text(known, MASTER, prompt))
    return tuple(cell(known, language, prompt, english) for language in known.repository.languages)


def cell(known: Known, language: str, prompt: str, english: str) -> Cell:
    """One prompt in one language. `english`: the hash of the English text that holds."""
    key = language, prompt
    draft = known.draft.get(key, _NO_CHANGE)
    text, stands, heard, shown = _stands(known, key, draft)
    return Cell(
        language,
        prompt,
        stands,
        text,
        heard.seconds if heard else None,
        draft.changes if draft is not _NO_CHANGE else _UNCHANGED,
        language != MASTER and _is_behind(known, key, english),
        shown.speaker or "",
        shown.way or "",
        shown.at,
        heard.hash if heard else None,
        stands if draft is _NO_CHANGE else _stands(known, key, _NO_CHANGE)[1],
        known.gave_way.get(key, ""),
    )


def heard_now(known: Known, language: str, prompt: str) -> Cell:
    """One prompt in one language as callers hear it today, whatever the draft changes."""
    today = replace(known, draft={})
    return cell(today, language, prompt, text_hash(wanted_text(today, MASTER, prompt)))


def _stands(known: Known, key: Key, draft: Drafted) -> tuple[str, State, Sound | None, Sound]:
    """The text that holds with this draft, its state, the clip that says it, and the one to tell of where none does."""
    text = _text(known, key, draft)
    read_from = text_hash(text)
    live = _live(known, key, draft, read_from)
    speech = known.speech.get((*key, read_from))
    stands = state(
        Facts(
            read_from,
            draft.text_verdict,
            Recording(draft.clip.text_hash, draft.clip_verdict) if draft.clip else None,
            Recording(live.text_hash) if live else None,
            speech is not None,
        )
    )
    heard = _heard(stands, read_from, draft.clip, live, speech)
    return text, stands, heard, heard or draft.clip or live or _NO_SOUND


def _text(known: Known, key: Key, draft: Drafted) -> str:
    found = _chosen(known, key, draft)
    return found.text if found else known.repository.text(*key)


def _chosen(known: Known, key: Key, draft: Drafted) -> Written | None:
    """The text that somebody wrote and that holds with this draft; None where the repository's does."""
    if draft.text is not None or draft.drops_text:
        return draft.text
    return known.own.get(key)


def _live(known: Known, key: Key, draft: Drafted, read_from: str) -> Sound | None:
    """The recording that callers hear, or would hear if it were not stale."""
    published = None if draft.drops_clip else known.clips.get(key)
    shipped = known.shipped.get(key)
    if (
        shipped is not None
        and shipped.text_hash == read_from
        and (published is None or published.text_hash != read_from)
    ):
        return shipped
    return published or shipped


def _heard(
    stands: State, read_from: str, drafted: Sound | None, live: Sound | None, speech: Sound | None
) -> Sound | None:
    """The clip that callers will hear: only one of the very text, and none that somebody said no to."""
    refused = stands == State.REJECTED
    for one in (None if refused else drafted, live, speech):
        if one is not None and one.text_hash == read_from:
            return one
    return None


def _is_behind(known: Known, key: Key, english: str) -> bool:
    """Whether English says something else now than when this text was written."""
    written = _chosen(known, key, known.draft.get(key, _NO_CHANGE))
    if written is None:  # the repository's texts were written for each other
        return english != text_hash(known.repository.text(MASTER, key[1]))
    return written.master_hash not in (english, None)
