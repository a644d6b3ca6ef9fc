"""A call that dials numbers (`<Dial><Number>`), and the call it talks to: ringing, whisper, bridge, and what comes after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from helpline.simulator.call import HungUp, Keyed, Waiting
from helpline.simulator.joining import after, leaves_by_key, not_run
from helpline.simulator.line import Elsewhere, Gone, Steps
from helpline.simulator.links import Link
from helpline.simulator.refusal import CarrierRefused
from helpline.simulator.twiml import Verb

if TYPE_CHECKING:
    from helpline.simulator.runner import Run


def numbers(run: Run, dial: Verb) -> Steps:
    """Ring all the numbers at once (or one after the other), talk to the first who answers, then what `<Dial>` says."""
    not_run(run, dial, "record", "answerOnBridge")
    call = run.call
    nouns: list[Verb | None] = list(dial.children) or [None]
    turns = [[noun] for noun in nouns] if dial.get("sequential") == "true" else [nouns]
    from_ = dial.get("callerId") or call.from_
    if not from_.startswith("+"):
        raise CarrierRefused(13214, "<Dial> has no callerId, and whoever calls has no number", run.base)
    link = Link(call, run.line.later)
    run.lose_keys(call.spent)
    for turn in turns:
        link = Link(call, run.line.later)
        for noun in turn:
            to = noun.text if noun else dial.text
            link.legs.append(run.line.ring(link, to, from_, dial, noun, run.base))
        try:
            yield from _until_over(run, dial, link)
        except (Gone, Elsewhere, CarrierRefused):
            run.line.hang_up_on(link)
            raise
        run.line.hang_up_on(link)
        if link.winner:
            break
    return after(run, dial, _outcome(link))


def talk(run: Run) -> Steps:
    """The one who was rung and has heard the whisper talks with the one who dialled, until one of them has enough."""
    link = run.link
    if link is None:
        return None
    link.bridge()
    began = run.call.spent
    try:
        while not link.over:
            event = yield from run.wait(Waiting("bridge", began, began, 0))
            if isinstance(event, HungUp):
                _goes(run, began, event)
            while run.call.keys:
                run.call.lost_keys += run.call.keys.popleft()[1]
    except Elsewhere:
        link.left(run.call)
        raise
    raise Gone


def _until_over(run: Run, dial: Verb, link: Link) -> Steps:
    call, began, limit = run.call, run.call.spent, dial.number("timeLimit", 0)
    talked: float | None = None
    while not link.over:
        if link.bridged and talked is None:
            talked = call.spent
            if limit:
                run.line.at(call.at + timedelta(seconds=limit), call.nudge, weak=True)
        if talked is not None and limit and call.spent >= talked + limit:
            break
        event = yield from run.wait(Waiting("dial" if talked is None else "bridge", began, call.spent, 0))
        if isinstance(event, HungUp):
            _goes(run, began if talked is None else talked, event)
        if isinstance(event, Keyed) and leaves_by_key(run, dial):
            break
    return None


def _goes(run: Run, began: float, event: HungUp) -> None:
    run.catch_up()
    run.move(max(run.call.spent, began + (event.after or 0)))
    raise Gone


def _outcome(link: Link) -> tuple[tuple[str, str], ...]:
    """The parameters of the action: how it went with the one who answered, else with the last who did not."""
    leg = link.winner or link.legs[-1]
    fields = [
        ("DialCallStatus", "completed" if link.winner else leg.status),
        ("DialCallSid", leg.sid),
        ("DialBridged", "true" if link.bridged else "false"),
    ]
    if link.winner:
        fields.append(("DialCallDuration", str(leg.duration)))
    return tuple(fields)
