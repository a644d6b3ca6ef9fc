"""What must hold of every call, whatever is pressed and whatever the actions answer; broken rules raise `Broken`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpline.ivr.engine import NO_LANGUAGE, Heard, Position, Said, Turn
from helpline.ivr.flow import Flow
from helpline.ivr.outcomes import ACTIONS
from helpline.languages import CODES, by_key

Answer = Callable[..., Turn]
LONGEST_SILENCE = 40
LONGEST_CHAIN = 12


class Broken(AssertionError):
    """A rule of the menu does not hold."""


@dataclass(frozen=True)
class Event:
    """What a caller does (`heard`), and which of its outcomes each action then answers (by number)."""

    heard: Heard
    outcomes: tuple[int, ...] = ()


def walk(answer: Answer, flow: Flow, events: Sequence[Event]) -> None:
    """Go through a call event by event, holding every rule at every turn; then keep silent until it ends."""
    turn = answer(flow, Position(0, NO_LANGUAGE, flow.start, 0, 0), Heard("start"))
    for event in events:
        if turn.step.kind == "end":
            return
        turn = _step(answer, flow, turn, event)
    rounds = sum(step.rounds for step in flow.steps.values())
    for _ in range(LONGEST_SILENCE + rounds):
        if turn.step.kind == "end":
            return
        silent = Heard("nothing") if turn.step.kind == "record" else Heard("silence")
        turn = _step(answer, flow, turn, Event(silent, (len(events),)))
    raise Broken(f"a silent caller is kept at {turn.step.name}")


def _step(answer: Answer, flow: Flow, before: Turn, event: Event) -> Turn:
    here = before.step
    turn = answer(flow, before.position, event.heard)
    if turn.position.turn != before.position.turn + 1:
        raise Broken("a document does not move the turn on by one")
    _keys(flow, before, turn, event.heard)
    _kept(flow, before, turn, event.heard)
    for number in range(LONGEST_CHAIN):
        if turn.step.kind != "do":
            break
        names = sorted(ACTIONS[turn.step.action or ""])
        outcome = names[(event.outcomes[number % len(event.outcomes)] if event.outcomes else 0) % len(names)]
        target = turn.step.outcomes[outcome]
        after = answer(flow, turn.position, Heard("outcome", outcome), turn.says)
        if (
            after.says[: len(turn.says)] != turn.says
            and (after.whole + after.says)[: len(turn.says)] != turn.says
        ):
            raise Broken(f"what was to be said before {turn.step.name} is lost")
        if after.position.step != _first_stop(flow, target):
            raise Broken(f"outcome {outcome} of {turn.step.name} does not lead to {target}")
        turn = after
    else:
        raise Broken(f"actions without end after {here.name}")
    _heard(before, turn, event.heard)
    return turn


def _first_stop(flow: Flow, name: str) -> str:
    while flow.steps[name].kind == "say":
        name = flow.steps[name].then or ""
    return name


def _keys(flow: Flow, before: Turn, turn: Turn, heard: Heard) -> None:
    step, place = before.step, turn.position.step
    if step.kind == "hold":
        _held(flow, before, turn, heard)
    if step.kind != "menu" or heard.kind != "keys":
        return
    key = heard.word[:1]
    own = {option.key: option.target for option in flow.options(step, before.position.language)} | dict(
        step.keys
    )
    if key in own:
        wanted: str | None = own[key]
    else:
        wanted = {"0": flow.person, "9": step.name, "8": step.parent, "*": step.parent}.get(key)
    if wanted and place != _first_stop(flow, wanted):
        raise Broken(f"key {key} at {step.name} leads to {place}, not to {wanted}")
    if key == "9" and key not in own:
        everything = {said.prompt for said in turn.whole + turn.says}
        if not {*step.before, *step.first, *step.says} <= everything or turn.whole:
            raise Broken(f"hearing again at {step.name} leaves something out, or cannot be cut short")


def _held(flow: Flow, before: Turn, turn: Turn, heard: Heard) -> None:
    """A round of a hold: its keys lead out, everything else looks around, and the rounds are counted."""
    step, key = before.step, heard.word[:1] if heard.kind == "keys" else ""
    last = before.position.tries + 1 >= step.rounds
    wanted = step.keys.get(key) or (step.silence if last else step.then)
    if turn.position.step != _first_stop(flow, wanted or ""):
        raise Broken(f"{key or 'silence'} at {step.name} leads to {turn.position.step}, not to {wanted}")
    if wanted == step.then and turn.position.tries != before.position.tries + 1:
        raise Broken(f"rounds of {step.name} are not counted")


def _kept(flow: Flow, before: Turn, turn: Turn, heard: Heard) -> None:
    step = before.step
    if not turn.keeps:
        if step.keeps and heard.kind == "keys" and heard.word[:1] in step.values:
            raise Broken(f"the answer at {step.name} is not kept")
        return
    if set(turn.keeps) != {step.keeps}:
        raise Broken(f"{step.name} keeps {set(turn.keeps)}")
    value = turn.keeps[step.keeps or ""]
    if step.kind == "menu":
        words = {o.key: o.value for o in flow.options(step, before.position.language)} | dict(step.values)
        if words.get(heard.word[:1]) != value:
            raise Broken(f"{step.name} keeps {value} for key {heard.word[:1]}")


def _heard(before: Turn, turn: Turn, heard: Heard) -> None:
    old, new = before.position.language, turn.position.language
    chosen = by_key(heard.word[:1]) if before.step.kind == "language" and heard.kind == "keys" else None
    if new != (chosen.code if chosen else old):
        raise Broken(f"the language changed from {old} to {new} at {before.step.name}")
    said: tuple[Said, ...] = turn.whole + turn.says
    if not said and turn.step.kind != "hold":
        raise Broken(f"silence at {turn.step.name}")
    for each in said:
        if each.language != new and not (new == NO_LANGUAGE and each.language in CODES):
            raise Broken(f"{each.prompt} in {each.language} for a caller in {new}")
    most = turn.step.rounds if turn.step.kind == "hold" else turn.step.patience
    same = turn.step.name == before.step.name and turn.position.tries > 0
    if turn.position.tries >= most:
        raise Broken(f"{turn.step.name} tries without end")
    if same and turn.position.tries <= before.position.tries:
        raise Broken(f"failures at {turn.step.name} are not counted")
    if same and turn.step.kind not in {"language", "hold"}:
        _errors(turn, heard)
    if turn.step.before and turn.position.tries == 0 and not (same or turn.event == "key 9"):
        whole = {each.prompt for each in turn.whole}
        if not set(turn.step.before) <= whole:
            raise Broken(f"{turn.step.name} lets a key cut short what must be heard whole")


def _errors(turn: Turn, heard: Heard) -> None:
    error = turn.says[0].prompt
    if heard.kind == "silence" and error != "no_input":
        raise Broken("silence is answered with other words than its own")
    if heard.kind == "keys" and heard.word.strip("#*") and error not in {"wrong_key", "too_few_digits"}:
        raise Broken("a wrong key is answered with other words than its own")
