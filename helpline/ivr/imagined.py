"""A caller who is not there: the same menu, actions, words and settings as in a call, at a moment that one chooses. Nothing
is asked of the database and nothing is written; what only a real call could know is said by whoever imagines it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from helpline import hours
from helpline.config import Settings
from helpline.hours import Status, Window
from helpline.intake import drafts
from helpline.ivr import actions, preview, values
from helpline.ivr.actions import person, promises
from helpline.ivr.caller import Caller
from helpline.ivr.engine import NO_LANGUAGE, Heard, Position, Turn, answer
from helpline.ivr.flow import Flow
from helpline.ivr.samples import KEYED
from helpline.languages import LANGUAGES
from helpline.line import Line
from helpline.live.plan import Standing
from helpline.voice.catalogue import Catalogue
from helpline.voice.manifest import Manifest

CALLS_FROM = "+393330000123"
"""An Italian mobile that is not withheld: whoever calls from elsewhere keys a number, and hears the same otherwise."""

GLOSS = "it"
LONGEST_CHAIN = 20
PERSON, CALLBACK, HELP = "0", "2", "3"
_TO_WINDOWS = (CALLBACK, "1", "1")  # a new call, and this telephone is safe
_NO_MESSAGE = "2"
_STEPS = {"welcome": "welcome", "redial": "redial", "windows": "window", "saved": "callback_saved"}


class Imagined(Caller):
    """Somebody who calls one of our numbers in a language at a moment, under these settings.

    `standing`: whether a person who speaks the language would be free then, busy, or not there.
    """

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        *,
        line: Line,
        at: datetime,
        to: str,
        language: str,
        standing: Standing,
    ) -> None:
        super().__init__(settings, catalogue, "", CALLS_FROM, to, language)
        self.chosen, self.standing = language, standing
        self._line, self._at, self._held = line, at, drafts.Held()

    def now(self) -> datetime:
        """The moment of the imagined call."""
        return self._at

    def line(self) -> Line:
        """The settings that are imagined to hold."""
        return self._line

    def again(self) -> "Imagined":
        """The same person, who has said nothing yet."""
        return Imagined(
            self.settings, self.catalogue, line=self._line, at=self._at, to=self.to,
            language=self.chosen, standing=self.standing,
        )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What is heard at one place of the call: the step, its lines, and each line's Italian."""

    step: str
    lines: tuple[preview.Line, ...]
    glosses: tuple[str, ...]


@dataclass(frozen=True)
class Promise:
    """A part of the day that the caller may choose, the key for it, the day promised (None: two weeks) and how that is said."""

    key: str
    window: str
    day: date | None
    said: Told


@dataclass(frozen=True)
class Hearing:
    """All that a caller would hear: the first words, the welcome behind a neutral greeting (else None), and where keys lead."""

    status: Status
    first: Told
    welcome: Told | None
    person: Told
    callback: Told
    promises: tuple[Promise, ...]
    help: Told


def hearing(flow: Flow, manifest: Manifest, caller: Imagined, ready: values.Ready) -> Hearing:
    """What this caller would hear: after the language, and behind the keys 0, 2 and 3."""

    def told(*keys: str) -> Told:
        who = caller.again()
        return _told(manifest, walk(flow, who, keys), who, ready)

    first = told()
    neutral = first.step == _STEPS["redial"]
    before = tuple(_keys_to(flow, first.step, _STEPS["welcome"])) if neutral else ()
    return Hearing(
        status=hours.status(caller.line().calendar, caller.chosen, caller.now()),
        first=first,
        welcome=told(*before) if neutral else None,
        person=told(*before, PERSON),
        callback=told(*before, *_TO_WINDOWS),
        promises=tuple(_promises(flow, manifest, caller, before, ready)),
        help=told(*before, HELP),
    )


def walk(flow: Flow, caller: Imagined, keys: Sequence[str]) -> Turn:
    """Choose the caller's language, press these keys one after the other, and wait; the turn that is heard then.

    It stops at an action that only a real call could answer.
    """
    start = Position(0, NO_LANGUAGE, flow.start, 0, 0)
    turn = _led(flow, caller, answer(flow, start, Heard("start")))
    own = next(language.key for language in LANGUAGES if language.code == caller.chosen)
    for key in (own, *keys):
        caller.pressed = key
        turn = _led(flow, caller, answer(flow, turn.position, Heard("keys", key)))
    return turn


def _led(flow: Flow, caller: Imagined, turn: Turn) -> Turn:
    for _ in range(LONGEST_CHAIN):
        caller.language = turn.position.language
        if turn.keeps:
            caller.keep(**turn.keeps)
        outcome = _outcome(caller, turn.step.action or "") if turn.step.kind == "do" else None
        if outcome is None:
            return turn
        turn = answer(flow, turn.position, Heard("outcome", outcome), turn.says)
    raise RuntimeError(f"actions without end at step {turn.position.step}")


def _outcome(caller: Imagined, name: str) -> str | None:
    """What an action answers; of those that ask or save, the two on which the calendar decides; None for the others."""
    if actions.needs_no_database(name) or actions.only_keeps(name):
        return actions.run(name, caller, None)
    if name == "find_person":
        found = person.by_hours(caller)
        return person.FOUND[caller.standing] if found == "nobody_free" else found
    if name == "save_callback":
        day = promises.promised_day(caller, caller.language, caller.draft()["window"])
        caller.keep(promised_on=promises.iso(day), code=KEYED["code_keyed"])
        return "saved"
    return None


def _promises(
    flow: Flow, manifest: Manifest, caller: Imagined, before: Sequence[str], ready: values.Ready
) -> Iterator[Promise]:
    offered = promises.offered_windows(caller.again())
    for key, window in flow.steps[_STEPS["windows"]].values.items():
        if window in offered:
            who = caller.again()
            turn = walk(flow, who, (*before, *_TO_WINDOWS, key, _NO_MESSAGE))
            day = promises.promised_day(who, who.language, window)
            yield Promise(key, str(Window(window)), day, _told(manifest, turn, who, ready))


def _keys_to(flow: Flow, step: str, target: str) -> list[str]:
    return [key for key, leads in flow.steps[step].keys.items() if leads == target][:1]


def _told(manifest: Manifest, turn: Turn, caller: Imagined, ready: values.Ready) -> Told:
    lines, glosses = [], []
    for said, whole in ((turn.whole, True), (turn.says, False)):
        for filled in values.fill(manifest, said, caller, remembered=None):
            if isinstance(filled, values.Words):
                if not filled.text and not (filled.clip and ready(filled.clip)):
                    continue  # nobody wrote it in this language, and what was spoken cannot be played yet
                lines.append(preview.words(filled.text, filled.language, filled.clip, ready, whole))
                glosses.append(_italian(filled, caller))
                continue
            value = next(iter(filled.values.values()), "")
            lines.append(preview.worded(manifest, filled.name, filled.language, value, whole))
            glosses.append(preview.worded(manifest, filled.name, GLOSS, value, whole).text)
    return Told(turn.step.name, tuple(lines), tuple(glosses))


def _italian(said: values.Words, caller: Imagined) -> str:
    """The Italian words of the notice that is said so."""
    for notice in caller.line().notices_at(caller.now()):
        if (notice.texts.get(said.language, ""), notice.clips.get(said.language)) == (said.text, said.clip):
            return notice.texts.get(GLOSS, "")
    return ""
