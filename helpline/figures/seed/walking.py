"""A call from its first step to its end, as the flow allows: the engine answers, dice press the keys. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from helpline.calls.steps import UNPLAYED
from helpline.figures.seed import manners
from helpline.figures.seed.causes import Met
from helpline.figures.seed.manners import HANGS_UP, SILENT, WRONG, Odds
from helpline.hours import Status
from helpline.ivr.engine import NO_LANGUAGE, Heard, Position, Said, Turn, answer
from helpline.ivr.flow import Flow, Step
from helpline.languages import by_code

Length = Callable[[str, str], float]
"""How many seconds a prompt lasts, by its name and language."""

NOT_FOUND = 11200
"""What the carrier calls a clip that it cannot fetch."""
ROUND = 10
"""Seconds of one round of waiting for a person."""
LONGEST = 130
"""Whoever has got so many answers hangs up."""


@dataclass(frozen=True)
class Waited:
    """A wait for a person: since when in the call, for how many seconds, how it ended (`done left kept nobody`), how the
    talk went, and since when in the call it is over."""

    since: float
    seconds: int
    end: str
    went: str | None
    over: float


@dataclass(frozen=True)
class Passed:
    """A turn of the call: seconds since it was answered, what was asked, what followed."""

    at: float
    asked: Position
    turn: Turn


@dataclass
class Walk:
    """A call: its turns, its length in seconds, what it kept and what it led to (`asked_at`: the moment of `ask`)."""

    turns: list[Passed] = field(default_factory=list)
    seconds: float = 0
    kept: dict[str, str] = field(default_factory=dict)
    ask: str | None = None
    asked_at: float = 0
    agreed_at: float | None = None
    message_at: float | None = None
    waited: Waited | None = None


@dataclass(frozen=True)
class World:
    """What the walks of one language share: how the line stands, and a cause that is met. `language` None: none is chosen."""

    flow: Flow
    length: Length
    set_id: int
    language: str | None
    status: Status = Status.OPEN
    met: Met | None = None


def walk(dice: Random, world: World) -> Walk:
    """One call as somebody in this language may walk it."""
    return _Walker(dice, world).walk()


class _Walker:
    def __init__(self, dice: Random, world: World) -> None:
        self.dice, self.world, self.done = dice, world, Walk()
        self.presses = dict(world.met.presses) if world.met else {}
        self.plan: str | None = None

    def walk(self) -> Walk:
        position = Position(self.world.set_id, NO_LANGUAGE, self.world.flow.start, 0, 0)
        heard = Heard("start")
        while True:
            turn = self._answered(position, heard)
            self.done.turns.append(Passed(round(self.done.seconds, 1), position, turn))
            position = turn.position
            found = self._hears(turn)
            if found is None or len(self.done.turns) >= LONGEST:
                if self.done.waited and self.plan != "over":
                    self._leaves(self.done.waited)
                self.done.seconds = round(self.done.seconds, 1)
                return self.done
            heard = found

    def _answered(self, position: Position, heard: Heard) -> Turn:
        """What follows, through all actions, until the line waits for the caller again."""
        turn = answer(self.world.flow, position, heard)
        did, event = [], turn.event
        self.done.kept |= turn.keeps
        while turn.step.kind == "do":
            outcome = self._outcome(turn.step.action or "", turn.position.language)
            did.append(f"{turn.step.action}={outcome}")
            turn = answer(self.world.flow, turn.position, Heard("outcome", outcome), turn.says)
        met = self.world.met
        if met and met.unsaid and turn.step.name == met.step:
            did.append(f"{UNPLAYED}={NOT_FOUND}")
        return replace(turn, event=event, did=tuple(did))

    # ---- what the line does

    def _outcome(self, action: str, language: str) -> str:
        met = self.world.met
        if met and action in met.does:
            return met.does[action]
        found = getattr(self, f"_{action}", None)
        outcome: str = found(language) if found else self._drawn(manners.DONE[action])
        if outcome == "saved":
            self._saved(action)
        if action == "record_agreement":
            self.done.agreed_at = self.done.seconds
        return outcome

    def _saved(self, action: str) -> None:
        if action == "save_message":
            self.done.message_at = self.done.seconds
        else:
            self.done.ask, self.done.asked_at = action.removeprefix("save_"), self.done.seconds

    def _find_person(self, language: str) -> str:
        if self.world.status is not Status.OPEN:
            return str(self.world.status)
        if self.done.waited or self.plan:
            return "nobody_free"
        return self._drawn(manners.ON_SHIFT.get(language, manners.RARELY))

    def _join_hold(self, language: str) -> str:
        met = self.world.met
        self.plan = met.hold if met and met.hold else self._drawn(manners.HELD)
        patience = 0.04 if self.plan == "done" else 0.02
        seconds = 12 + min(900, int(self.dice.expovariate(patience)))
        self.done.waited = Waited(self.done.seconds, seconds, self.plan, None, self.done.seconds)
        return "waiting" if self.dice.random() < 0.8 else "behind"

    def _look_around(self, language: str) -> str:
        if self.plan == "over":
            return "nobody"
        return "told" if self.dice.random() < 0.15 else "wait"

    def _window_purpose(self, language: str) -> str:
        kept = self.done.kept
        if kept.get("age") == "minor":
            return "minor"
        asked = kept.get("consent") == "yes" and kept.get("whom") in {"self", "family"}
        return "help" if asked else "callback"

    def _number_purpose(self, language: str) -> str:
        changes = any("change_begins=begun" in passed.turn.did for passed in self.done.turns)
        return "change" if changes else "ask"

    # ---- what the caller does

    def _hears(self, turn: Turn) -> Heard | None:
        """What the caller does next, after how long; None: hangs up, or the call has ended."""
        step, met = turn.step, self.world.met
        if met and step.name == met.step and self.presses == {}:
            return self._after(self.dice.uniform(*met.stays), None)
        if step.kind == "end":
            return self._after(self._said(turn.whole + turn.says) + 1, None)
        if step.kind == "language":
            return self._language(turn)
        if step.kind == "hold":
            return self._hold(turn)
        if step.kind == "record":
            return self._record(turn)
        return self._menu(turn) if step.kind == "menu" else self._ask(turn)

    def _language(self, turn: Turn) -> Heard | None:
        said = self._said(turn.whole + turn.says)
        chosen = by_code(self.world.language or "")
        if chosen is None:
            if self.dice.random() < 0.62:
                return self._after(self.dice.uniform(1, said + 8), None)
            return self._after(said + turn.step.timeout, Heard("silence"))
        if self.dice.random() < 0.07:
            return self._after(said + turn.step.timeout, Heard("silence"))
        wait = self.dice.uniform(1.5, 4) + said * int(chosen.key) / 9 * self.dice.uniform(0.5, 1)
        return self._after(wait, Heard("keys", chosen.key))

    def _menu(self, turn: Turn) -> Heard | None:
        step = turn.step
        lost = turn.position.tries > 0 and self.dice.random() < manners.LOST
        usual = SILENT if lost else self._drawn(self._odds(step, turn.position.language))
        key = self.presses.pop(step.name, None) or usual
        if key == SILENT:
            return self._after(self._said(turn.whole + turn.says) + step.timeout, Heard("silence"))
        wait = self._listened(turn, step, hangs_up=key == HANGS_UP)
        if key == HANGS_UP:
            return self._after(wait, None)
        return self._after(wait, Heard("keys", self._wrong(step, turn) if key == WRONG else key))

    def _listened(self, turn: Turn, step: Step, *, hangs_up: bool) -> float:
        """How long somebody listens before a key, or before hanging up: most hear a message to its end."""
        whole, rest = self._said(turn.whole), self._said(turn.says)
        if hangs_up and not step.topic:
            return self.dice.uniform(1, whole + rest + 3)
        if step.topic and self.dice.random() < 0.3:
            return self.dice.uniform(2, whole + rest * 0.6)
        return whole + rest * self.dice.uniform(0.45, 1.0) + self.dice.uniform(0.6, 4.5)

    def _odds(self, step: Step, language: str) -> Odds:
        known = manners.IN_A_LANGUAGE.get((step.name, language)) or manners.PRESSED.get(step.name)
        if known:
            return known
        if step.topic:
            return manners.TOPIC
        options = self.world.flow.options(step, language)
        if options:
            return {option.key: 60 / (n + 1) for n, option in enumerate(options)} | dict(manners.LISTED)
        return dict.fromkeys(step.keys, 50 / max(1, len(step.keys))) | dict(manners.ELSEWHERE)

    def _wrong(self, step: Step, turn: Turn) -> str:
        taken = {
            *step.keys,
            *"0*#89",
            *(one.key for one in self.world.flow.options(step, turn.position.language)),
        }
        return self.dice.choice([key for key in "1234567" if key not in taken] or ["#"])

    def _ask(self, turn: Turn) -> Heard | None:
        step, does = turn.step, self._drawn(manners.KEYED)
        said = self._said(turn.whole + turn.says)
        if does == HANGS_UP:
            return self._after(self.dice.uniform(1, said + 5), None)
        if does == SILENT:
            return self._after(said + step.timeout, Heard("silence"))
        count = step.digits or self.dice.choice((9, 10, 10, 10))
        wait = said * self.dice.uniform(0.7, 1) + count * self.dice.uniform(0.5, 1.2)
        return self._after(wait, Heard("keys", "0" * (count if does == "digits" else max(1, count - 2))))

    def _record(self, turn: Turn) -> Heard | None:
        does = self._drawn(manners.RECORDED)
        said, short = self._said(turn.whole + turn.says), turn.step.seconds <= 10
        if does == HANGS_UP:
            return self._after(self.dice.uniform(1, said + 2), None)
        spoken = self.dice.uniform(1.5, 5) if short else self.dice.uniform(5, 50)
        return self._after(said + (spoken if does == "recorded" else turn.step.timeout), Heard(does))

    def _hold(self, turn: Turn) -> Heard | None:
        waited, said = self.done.waited, self._said(turn.whole + turn.says)
        if waited is None or self.plan in {None, "over"}:
            return self._after(said, None)
        left = waited.since + waited.seconds - self.done.seconds
        if left > said + ROUND:
            return self._after(said + ROUND, Heard("silence"))
        if waited.end == "nobody":
            self.plan = "over"
            self._ends(said + ROUND)
            return self._after(said + ROUND, Heard("silence"))
        self._ends(max(left, 1.0))
        self.plan = "over"
        if waited.end == "kept":
            return self._after(max(left, 1.0), Heard("keys", "1"))
        talk = max(20.0, self.dice.lognormvariate(5.3, 0.6)) if waited.end == "done" else 0.0
        return self._after(max(left, 1.0) + talk, None)

    def _ends(self, more: float) -> None:
        """The wait ends after so many more seconds: counted whole, as its figures are."""
        waited = self.done.waited
        if waited:
            over = self.done.seconds + more
            went = self._drawn(manners.WENT) if waited.end == "done" else None
            self.done.waited = replace(waited, seconds=max(1, int(over - waited.since)), went=went, over=over)

    def _leaves(self, waited: Waited) -> None:
        lasted = max(1, int(self.done.seconds - waited.since))
        self.done.waited = replace(waited, seconds=lasted, end="left", over=self.done.seconds)

    def _after(self, seconds: float, heard: Heard | None) -> Heard | None:
        self.done.seconds = round(self.done.seconds + max(0.3, seconds), 1)
        return heard

    def _said(self, said: tuple[Said, ...]) -> float:
        return sum(self.world.length(one.prompt, one.language) for one in said)

    def _drawn(self, odds: Odds) -> str:
        return self.dice.choices(list(odds), list(odds.values()))[0]
