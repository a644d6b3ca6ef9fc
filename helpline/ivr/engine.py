"""What to say next: `answer(flow, position, heard) -> Turn`; pure, knows no carrier, no database and no clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from helpline.ivr.flow import SKIP_PATIENCE, Flow, Step
from helpline.languages import by_key

NO_LANGUAGE = "-"
LONGEST_CALL = 400  # documents; a key held down for ever must not keep a free line open for ever


@dataclass(frozen=True)
class Position:
    """Where the caller is: this is what the URL says. `turn` counts documents, `tries` failures at this step."""

    set_id: int
    language: str
    step: str
    turn: int
    tries: int


@dataclass(frozen=True)
class Heard:
    """What came from the caller, or from an action: one of start keys silence recorded nothing skipped outcome."""

    kind: str
    word: str = ""


@dataclass(frozen=True)
class Said:
    """One prompt (or `{slot}` of prompts) to be said in one language."""

    prompt: str
    language: str


@dataclass(frozen=True)
class Turn:
    """What happens next: where the caller now is, what is said, what of the answer is kept.

    `whole` is heard before keys count, `says` can be cut short by a key. `event` is what the log calls what was
    heard, `did` names the actions that ran since, with their outcomes. When the step is a `do`, its action comes next and `answer` goes on from its outcome.
    """

    position: Position
    step: Step
    whole: tuple[Said, ...] = ()
    says: tuple[Said, ...] = ()
    keeps: Mapping[str, str] = field(default_factory=dict)
    event: str = ""
    slow: bool = False
    did: tuple[str, ...] = ()


def answer(flow: Flow, position: Position, heard: Heard, said: tuple[Said, ...] = ()) -> Turn:
    """Decide the next turn.

    `said`: what the turn so far has to say already (before an action ran). An unknown step, as after a deploy,
    leads to the main menu of the caller's language, an unknown language to the first menu. Every answer moves `turn`
    on by one, but for an action's.
    """
    if heard.kind != "outcome":
        position = Position(
            position.set_id, position.language, position.step, position.turn + 1, position.tries
        )
    if position.turn > LONGEST_CALL:
        return _enter(flow, position, flow.goodbye, said, event="too_long")
    step = flow.steps.get(position.step)
    if step is None or not _speakable(step, position):
        return _enter(flow, position, _lost(flow, position), said, event="unknown_step")
    if heard.kind == "start":
        return _enter(flow, position, step.name, said, event="start")
    hears = _HEARS.get(step.kind)
    if hears:
        return hears(flow, position, step, heard)
    if step.kind in {"do", "record"}:
        target = step.outcomes.get(heard.word if heard.kind == "outcome" else heard.kind)
        if target:
            return _enter(
                flow, position, target, said, event=heard.word or heard.kind, counted=step.kind == "do"
            )
    return _enter(flow, position, step.name, said, event="again")


def _speakable(step: Step, position: Position) -> bool:
    return position.language != NO_LANGUAGE or step.kind in {"language", "do"} or bool(step.speaks)


def _lost(flow: Flow, position: Position) -> str:
    stay = flow.steps[flow.start].stay
    return stay if stay and position.language != NO_LANGUAGE else flow.start


def _language(flow: Flow, position: Position, step: Step, heard: Heard) -> Turn:
    key = heard.word[:1]
    language = by_key(key)
    if heard.kind == "keys" and language:
        chosen = replace(position, language=language.code)
        return _enter(flow, chosen, step.then or flow.start, event=f"language {language.code}")
    if heard.kind == "keys" and key in step.keys:
        return _enter(flow, position, step.keys[key], event=f"key {key}")
    if position.tries + 1 < step.patience:
        return _again(flow, position, step, event=_event(heard), error=None)
    if step.stay and position.language != NO_LANGUAGE:
        return _enter(flow, position, step.stay, event=_event(heard))
    return _enter(flow, position, step.silence or flow.difficult, event=_event(heard))


def _menu(flow: Flow, position: Position, step: Step, heard: Heard) -> Turn:
    key = heard.word[:1]
    if heard.kind != "keys" or not key:
        return _silent(flow, position, step, heard)
    for option in flow.options(step, position.language):
        if option.key == key:
            kept = {step.keeps: option.value} if step.keeps and option.value else {}
            return _enter(flow, position, option.target, event=f"key {key}", keeps=kept)
    if key in step.keys:
        kept = {step.keeps: step.values[key]} if step.keeps and key in step.values else {}
        return _enter(flow, position, step.keys[key], event=f"key {key}", keeps=kept)
    if key == "#" and step.skip:
        return _enter(flow, position, step.skip, event="skip")
    if key == "0":
        return _enter(flow, position, flow.person, event="key 0")
    if key == "9":
        return _enter(flow, position, step.name, event="key 9", interruptible=True)
    if key in {"8", "*"} and step.parent:
        return _enter(flow, position, step.parent, event="key 8")
    return _wrong(flow, position, step, flow.wrong_key)


def _ask(flow: Flow, position: Position, step: Step, heard: Heard) -> Turn:
    digits = heard.word.rpartition("*")[2].rstrip("#")
    if heard.kind != "keys" or not digits:
        if heard.word.endswith("#") and step.skip:
            return _enter(flow, position, step.skip, event="skip")
        return _silent(flow, position, step, heard)
    if step.digits and len(digits) != step.digits:
        return _wrong(flow, position, step, flow.too_few)
    kept = {step.keeps: digits} if step.keeps else {}
    return _enter(flow, position, step.then or flow.goodbye, event=f"digits {len(digits)}", keeps=kept)


def _hold(flow: Flow, position: Position, step: Step, heard: Heard) -> Turn:
    """A round of waiting is over, or a key was pressed: silence is no failure here, but rounds come to an end."""
    key = heard.word[:1] if heard.kind == "keys" else ""
    event = f"key {key}" if key else "silence"
    if key in step.keys:
        return _enter(flow, position, step.keys[key], event=event)
    if position.tries + 1 >= step.rounds:
        return _enter(flow, position, step.silence or flow.difficult, event=event)
    going_on = replace(position, tries=position.tries + 1)
    return _enter(flow, going_on, step.then or flow.goodbye, event=event, counted=True)


_HEARS: Mapping[str, Callable[[Flow, Position, Step, Heard], Turn]] = {
    "language": _language,
    "menu": _menu,
    "ask": _ask,
    "hold": _hold,
}


def _silent(flow: Flow, position: Position, step: Step, heard: Heard) -> Turn:
    if step.skip and position.tries + 1 >= SKIP_PATIENCE:
        return _enter(flow, position, step.skip, event="silence")
    if position.tries + 1 >= step.patience:
        return _enter(flow, position, step.silence or flow.difficult, event="silence")
    return _again(flow, position, step, event=_event(heard), error=flow.no_input)


def _wrong(flow: Flow, position: Position, step: Step, error: str) -> Turn:
    if position.tries + 1 >= step.patience:
        return _enter(flow, position, step.wrong or flow.difficult, event="wrong")
    return _again(flow, position, step, event="wrong", error=error)


def _event(heard: Heard) -> str:
    return "wrong" if heard.kind == "keys" and heard.word else "silence"


def _again(flow: Flow, position: Position, step: Step, *, event: str, error: str | None) -> Turn:
    """The same step once more: the error and the options; the last time everything, slowly."""
    tries = position.tries + 1
    last = tries + 1 >= step.patience and step.patience > SKIP_PATIENCE
    prompts = ((error,) if error else ()) + (step.before + step.first if last else ()) + step.says
    here = replace(position, tries=tries)
    says = _said(prompts, step, position.language) + _options(flow, step, position.language)
    return Turn(here, step, (), says, {}, event, slow=last)


def _enter(
    flow: Flow,
    position: Position,
    name: str,
    said: tuple[Said, ...] = (),
    *,
    event: str,
    keeps: Mapping[str, str] | None = None,
    interruptible: bool = False,
    counted: bool = False,
) -> Turn:
    """Go to a step; steps that only say something are said on the way, until one waits, acts or ends.

    `counted`: the rounds of a hold go on being counted through the action that looks around in each of them.
    """
    step = flow.steps.get(name) or flow.steps[_lost(flow, position)]
    while step.kind == "say":
        said += _said(step.says, step, position.language)
        step = flow.steps[step.then or flow.goodbye]
    rounds = position.tries if counted and step.kind in {"do", "hold"} else 0
    here = Position(position.set_id, position.language, step.name, position.turn, rounds)
    language = position.language
    if step.kind == "do":
        return Turn(here, step, (), said, keeps or {}, event)
    before = _said(step.before, step, language)
    rest = _said(step.first + step.says, step, language) + _options(flow, step, language)
    if step.kind in {"record", "end"}:
        return Turn(here, step, said + before + rest, (), keeps or {}, event)
    if before and not interruptible:
        return Turn(here, step, said + before, rest, keeps or {}, event)
    return Turn(here, step, (), said + before + rest, keeps or {}, event)


def _said(prompts: tuple[str, ...], step: Step, language: str) -> tuple[Said, ...]:
    languages = (language,) if language != NO_LANGUAGE else step.speaks or (NO_LANGUAGE,)
    return tuple(Said(prompt, code) for code in languages for prompt in prompts)


def _options(flow: Flow, step: Step, language: str) -> tuple[Said, ...]:
    return tuple(
        Said(prompt, language)
        for option in flow.options(step, language)
        for prompt in (option.prompt, f"digit_{option.key}")
    )
