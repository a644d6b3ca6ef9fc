"""The matrix as values: prompts down, languages across, what is there and what is missing; pure, reads nothing."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from helpline.voice.states import State

FINISHED = frozenset({State.LIVE, State.REVIEW})
"""States in which somebody's voice says today's text, now or as soon as it is published."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One prompt in one language, as it stands with the open draft.

    `seconds`: of the clip that would play, None where none would and the carrier's voice speaks. `draft`: what the draft
    changes here, of `text`, `clip`, `drops`. `behind`: the English text was changed after this one was written.
    `speaker`, `way`, `at`: of that clip, or of the one that would play were it not stale. `clip`: its hash. `now`: the
    state as callers hear it today, whatever the draft changes. `gave_way`: why the newest set's own text is not said
    (`manifest.gives_way`), empty where it is, or has none.
    """

    language: str
    prompt: str
    state: State
    text: str
    seconds: float | None = None
    draft: frozenset[str] = frozenset()
    behind: bool = False
    speaker: str = ""
    way: str = ""
    at: datetime | None = None
    clip: str | None = None
    now: State = State.MISSING
    gave_way: str = ""

    @property
    def mute(self) -> bool:
        """Whether no clip would play: the go-live check refuses that."""
        return self.seconds is None


@dataclass(frozen=True, slots=True)
class Row:
    """One prompt in all languages. `number`: what one keys to record it by telephone; `steps`: where it is heard."""

    prompt: str
    number: int
    section: str
    english: str
    steps: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one language is: cells by state, how many are finished, how many no clip says."""

    language: str
    states: Mapping[State, int]
    mute: int

    @property
    def of(self) -> int:
        """How many there are."""
        return sum(self.states.values())

    @property
    def finished(self) -> int:
        """How many somebody's voice says."""
        return sum(self.states.get(state, 0) for state in FINISHED)


@dataclass(frozen=True, slots=True)
class Matrix:
    """All prompts in all languages."""

    languages: tuple[str, ...]
    rows: tuple[Row, ...]

    def progress(self) -> list[Progress]:
        """How far each language is."""
        found = []
        for place, language in enumerate(self.languages):
            column = [row.cells[place] for row in self.rows]
            states = Counter(cell.state for cell in column)
            found.append(Progress(language, states, sum(cell.mute for cell in column)))
        return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the matrix is to be seen; whatever is empty narrows nothing."""

    state: str = ""
    language: str = ""
    section: str = ""
    step: str = ""
    words: str = ""


def chosen(matrix: Matrix, wanted: Wanted) -> list[Row]:
    """The rows that somebody wants to see: of a section or step, with these words, and with a cell in this state (in
    this language, where one is given; its text is searched too)."""
    places = [n for n, code in enumerate(matrix.languages) if wanted.language in {"", code}]
    words = plain(wanted.words).split()
    found = []
    for row in matrix.rows:
        if wanted.section and row.section != wanted.section:
            continue
        if wanted.step and wanted.step not in row.steps:
            continue
        cells = [row.cells[place] for place in places]
        if wanted.state and not any(_is_in(cell, wanted.state) for cell in cells):
            continue
        if words and not _says(row, cells, words):
            continue
        found.append(row)
    return found


MUTE, DRAFTED, BEHIND, GAVE_WAY = "mute", "draft", "behind", "gave_way"
"""What one can ask for beside the states: no clip at all, changed in the draft, English changed since, a text of ours that
is not said."""


def _is_in(cell: Cell, wanted: str) -> bool:
    if wanted == MUTE:
        return cell.mute
    if wanted == DRAFTED:
        return bool(cell.draft)
    if wanted == GAVE_WAY:
        return bool(cell.gave_way)
    return cell.behind if wanted == BEHIND else cell.state == wanted


def _says(row: Row, cells: Sequence[Cell], words: Iterable[str]) -> bool:
    said = plain(
        " ".join(
            [row.prompt, row.prompt.replace("_", " "), str(row.number), row.english, *(c.text for c in cells)]
        )
    )
    return all(word in said for word in words)


def plain(text: str) -> str:
    """A text for searching: small letters, no accents, no vowel signs, whatever the script."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in split if not unicodedata.category(sign).startswith("M"))


def first_with(rows: Iterable[Row], state: str, languages: Iterable[str]) -> str | None:
    """The first of these languages of which one of the rows has a cell in this state; None when there is none."""
    found = {cell.language for row in rows for cell in row.cells if _is_in(cell, state)}
    return next((code for code in languages if code in found), None)


def narrowed(row: Row, language: str, languages: Sequence[str]) -> Row:
    """A row with one language alone."""
    return replace(row, cells=(row.cells[languages.index(language)],))
