"""A call in a conference (`<Dial><Conference>`): what is heard there while nobody else is, on hold, and how it leaves again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from helpline.simulator import twiml
from helpline.simulator.call import Heard, HungUp, Keyed, Waiting
from helpline.simulator.line import Elsewhere, Gone, Place, Steps
from helpline.simulator.refusal import CarrierRefused
from helpline.simulator.rooms import HUNG_UP, UPDATED, Consequences, Member, Room
from helpline.simulator.twiml import Verb

if TYPE_CHECKING:
    from helpline.simulator.runner import Run

MOST_EMPTY = 20


def conference(run: Run, dial: Verb, noun: Verb) -> Steps:
    """Be in the conference until it ends, the person leaves, or the call is sent elsewhere; then what `<Dial>` says."""
    not_run(run, dial, "record")
    not_run(run, noun, "record", "coach")
    call, rooms = run.call, run.line.rooms
    room, member, follows = rooms.enter(call, noun, run.base)
    _do(follows)
    background = Background(run, noun)
    try:
        yield from _stay(run, dial, room, member, background)
    except (Gone, CarrierRefused):
        _do(rooms.leave(room, member, HUNG_UP))
        raise
    except Elsewhere:
        _do(rooms.leave(room, member, UPDATED))
        raise
    finally:
        background.stop()
    _do(rooms.leave(room, member, HUNG_UP))
    return after(run, dial, (("DialCallStatus", "answered"),))


def not_run(run: Run, verb: Verb, *names: str) -> None:
    """Raises CarrierRefused for attributes that are understood, but would change something that is not run here."""
    for name in names:
        if verb.get(name) not in ("", "false", "do-not-record"):
            raise CarrierRefused(
                12200, f"<{verb.name} {name}> is understood, but this stand-in does not run it", run.base
            )


def after(run: Run, dial: Verb, extra: tuple[tuple[str, str], ...]) -> Place | None:
    """Where a call goes after its `<Dial>`: the action, or the next verb."""
    if "action" not in dial.attributes:
        return None
    return Place(urljoin(run.base, dial.get("action")), dial.get("method", "POST"), extra)


def _stay(run: Run, dial: Verb, room: Room, member: Member, background: Background) -> Steps:
    call, entered = run.call, run.call.spent
    longest = dial.number("timeLimit", 0)
    if longest:
        run.line.at(call.at + timedelta(seconds=longest), call.nudge, weak=True)
    run.lose_keys(entered)
    while not member.gone and not (longest and call.spent >= entered + longest):
        background.goes_on(room, member)
        event = yield from run.wait(Waiting("conference", entered, call.spent, 0))
        if isinstance(event, HungUp):
            run.catch_up()
            run.move(max(call.spent, entered + (event.after or 0)))
            raise Gone
        if isinstance(event, Keyed) and leaves_by_key(run, dial):
            return None
    return None


def leaves_by_key(run: Run, dial: Verb) -> bool:
    """Takes the keys that were pressed; whether one of them was the star that ends this `<Dial>`."""
    call = run.call
    while call.keys:
        when, key = call.keys.popleft()
        run.move(when)
        if key == "*" and dial.get("hangupOnStar") == "true":
            return True
        call.lost_keys += key
    if call.gone_after_key:
        raise Gone
    return False


def _do(follows: Consequences) -> None:
    for one in follows:
        one()


class Background:
    """What one call hears in a conference before it begins (`waitUrl`), and on hold."""

    def __init__(self, run: Run, noun: Verb) -> None:
        self.run, self.noun = run, noun
        self.kind = ""
        self.sounds: list[Heard] = []
        self.until = 0.0
        self.next: Place | None = None

    def goes_on(self, room: Room, member: Member) -> None:
        """Play what is to be heard now. Raises CarrierRefused for a document that cannot be run here."""
        kind = "hold" if member.hold else "wait" if room.status == "init" else "talk"
        if kind != self.kind:
            self.stop()
            self.kind, self.until = kind, self.run.call.spent
            if kind == "wait":
                self._begin(self.noun.attributes.get("waitUrl"), self.noun.get("waitMethod", "POST"))
            elif kind == "hold":
                self._begin(member.hold_url or None, member.hold_method)
        empty = 0
        while self.next and self.run.call.spent >= self.until:
            self._document(self.next)
            empty = 0 if self.run.call.spent < self.until else empty + 1
            if empty > MOST_EMPTY:
                raise CarrierRefused(
                    12205, "documents in a row in which there is nothing to hear", self.run.base
                )

    def stop(self) -> None:
        """Nothing of it is heard any more."""
        self.run.cut(self.sounds, self.run.call.spent)
        self.sounds, self.next = [], None

    def _begin(self, url: str | None, method: str) -> None:
        if url is None:
            self.sounds = [Heard("music", f"{self.kind} music")]
            self.run.hear(self.sounds)
        elif url:
            self.next = Place(urljoin(self.run.base, url), method)

    def _document(self, place: Place) -> None:
        """Hear one document. It is not repeated: one that wants to be says so with a `<Redirect>`."""
        run = self.run
        answer, base = run.line.ask(run.call, place)
        found = twiml.read(answer.body, answer.header("Content-Type"), place="conference wait", first=False)
        self.next = None
        self.sounds = []
        for verb in found:
            if verb.name == "Redirect":
                self.next = Place(urljoin(base, verb.text), verb.get("method", "POST"))
                break
            self.sounds += run.sounds(verb, base)
        run.hear(self.sounds)
        self.until = run.call.spent + sum(one.seconds for one in self.sounds)
        if self.next:
            run.line.at(run.call.started + timedelta(seconds=self.until), run.call.nudge, weak=True)
