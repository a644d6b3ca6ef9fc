"""Runs TwiML documents for one call, in virtual time: what is said, what is gathered, what is recorded, where it goes next."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin

from helpline.simulator import bridging, clips, joining, twiml
from helpline.simulator.call import (
    Call,
    Event,
    Heard,
    HungUp,
    Nudged,
    Script,
    Sent,
    Silent,
    Spoke,
    Waiting,
)
from helpline.simulator.line import Elsewhere, Gone, Line, Place, Steps
from helpline.simulator.links import Link
from helpline.simulator.refusal import CarrierRefused
from helpline.simulator.twiml import Verb

LONGEST_CALL = 4 * 3600.0
MOST_DOCUMENTS = 60
APOLOGY = "The application behind this number is out of order."


@dataclass(frozen=True)
class Said:
    """What a `<Record>` got: how long, the key (or `hangup`) that ended it, the sound, and whether the person is gone."""

    seconds: float
    key: str = ""
    wav: bytes | None = None
    gone: bool = False


class Run:
    """One call's way through its documents."""

    def __init__(self, call: Call, line: Line) -> None:
        self.call = call
        self.line = line
        self.base = ""
        self.link: Link | None = None
        self.unheard = 0

    def script(self, place: Place | None, link: Link | None = None) -> Script:
        """From the first document to the end of the call; one that somebody dialled talks to that one then.

        Raises CarrierRefused in a strict call.
        """
        call, ending, self.link = self.call, "completed", link
        try:
            while place or self.link:
                asked = place
                try:
                    if asked is None:
                        place, self.link = (yield from bridging.talk(self)), None
                    else:
                        place = yield from self._document(asked)
                except Elsewhere as elsewhere:
                    place, self.link = elsewhere.place, None
                except CarrierRefused as refused:
                    if call.strict:
                        call.outcome = "refused by the carrier"
                        raise
                    call.troubles.append((len(call.heard), str(refused)))
                    place, self.link = self._rescue(asked, refused), None
            ending = "completed" if call.status == "in-progress" else call.status
        except Gone:
            pass
        self.line.over(call, ending)

    def _rescue(self, failed: Place | None, refused: CarrierRefused) -> Place | None:
        """The fallback URL, once; after that an apology and the end."""
        if failed is None or failed.kind == "fallback" or not self.call.fallback:
            self.call.status = "in-progress"
            self.hear([Heard("say", APOLOGY, "en-US", "carrier", seconds=3.0)])
            self.move(self.call.spent + 3.0)
            self.call.outcome = "application error"
            return None
        errors = (("ErrorCode", str(refused.code)), ("ErrorUrl", refused.url or failed.url))
        return Place(self.call.fallback, "POST", errors, "fallback")

    def _document(self, place: Place) -> Steps:
        call = self.call
        self.unheard += 1
        if self.unheard > MOST_DOCUMENTS:
            raise CarrierRefused(
                12205, f"{MOST_DOCUMENTS} documents in a row that never wait for the caller", place.url
            )
        if self.line.real_time:
            self.catch_up()
        answer, self.base = self.line.ask(call, place)
        try:
            found = twiml.read(
                answer.body,
                answer.header("Content-Type"),
                place="number whisper" if self.link else "call",
                first=call.status == "ringing",
            )
            if found and found[0].name == "Reject":
                call.status = "busy" if found[0].get("reason") == "busy" else "no-answer"
                call.outcome = "rejected"
                return None
            if call.status == "ringing":
                call.status, call.answered_at = "in-progress", call.spent
            if call.gone_after_key:
                raise Gone
            for verb in found:
                next_place = yield from self._verb(verb)
                if next_place:
                    return next_place
                if verb.name == "Hangup":
                    raise Gone
        except CarrierRefused as refused:
            raise CarrierRefused(refused.code, refused.faults, refused.url or self.base) from None
        return None

    def _verb(self, verb: Verb) -> Steps:
        if verb.name in ("Say", "Play", "Pause"):
            sounds = self.sounds(verb)
            self.hear(sounds)
            self.move(self.call.spent + sum(sound.seconds for sound in sounds))
            return None
        if verb.name == "Gather":
            return (yield from self._gather(verb))
        if verb.name == "Record":
            return (yield from self._record(verb))
        if verb.name == "Redirect":
            return Place(urljoin(self.base, verb.text), verb.get("method", "POST"))
        if verb.name == "Hangup":
            return None
        if verb.name == "Dial":
            return (yield from self._dial(verb))
        raise CarrierRefused(
            12200, f"<{verb.name}> is understood, but this stand-in runs no queue", self.base
        )

    def _dial(self, verb: Verb) -> Steps:
        nouns = {noun.name for noun in verb.children}
        if nouns == {"Conference"}:
            return (yield from joining.conference(self, verb, verb.children[0]))
        if nouns == {"Queue"}:
            raise CarrierRefused(
                12200, "<Dial><Queue> is understood, but this stand-in runs no queue", self.base
            )
        return (yield from bridging.numbers(self, verb))

    def _gather(self, verb: Verb) -> Steps:
        call, begin = self.call, self.call.spent
        sounds = [sound for child in verb.children for sound in self.sounds(child)]
        self.hear(sounds)
        ends = begin + sum(sound.seconds for sound in sounds)
        timeout, most = verb.number("timeout", 5), verb.number("numDigits", 0)
        finish, deaf = verb.get("finishOnKey", "#"), verb.get("bargeIn", "true") == "false"
        deadline, digits, finished = ends + timeout, "", ""
        self.lose_keys(begin)
        while not (most and len(digits) == most) and not finished:
            if not call.keys:
                if digits and not call.more_keys:
                    self.move(deadline)
                    break
                waiting = Waiting("gather", begin, ends, timeout, digits, most, finish)
                event = yield from self.wait(waiting, sounds)
                if isinstance(event, HungUp):
                    at = max(call.spent, ends if event.after is None else begin + event.after)
                    self.cut(sounds, at)
                    self.move(at)
                    raise Gone
                if isinstance(event, Silent):
                    self.move(deadline)
                    break
                continue
            when, key = call.keys[0]
            if when > deadline:
                self.move(deadline)
                break
            call.keys.popleft()
            self.move(when)
            if deaf and when < ends:
                call.lost_keys += key
                continue
            self.cut(sounds, when)
            ends = min(ends, when)  # the words are over: the next key follows this one, not what was not said
            deadline = when + timeout
            finished = key if key == finish else ""
            digits += "" if finished else key
        if not digits and verb.get("actionOnEmptyResult") != "true":
            if call.gone_after_key:
                raise Gone
            return None
        extra = (("Digits", digits), ("FinishedOnKey", finished), ("msg", "Gather End"))
        return Place(urljoin(self.base, verb.get("action")), verb.get("method", "POST"), extra)

    def _record(self, verb: Verb) -> Steps:
        if verb.get("playBeep", "true") == "true":
            self.hear([Heard("tone", "beep", seconds=0.5)])
            self.move(self.call.spent + 0.5)
        said = yield from self._listen(verb)
        if said.seconds < 0.5:  # [U] in TWILIO.md: taken as nothing recorded
            if said.gone or self.call.gone_after_key:
                raise Gone
            return None
        wav = said.wav or clips.silence(said.seconds)
        extra = self.line.keep(self.call, verb, self.base, said.seconds, wav)
        extra.append(("Digits", said.key))
        place = Place(urljoin(self.base, verb.get("action")), verb.get("method", "POST"), tuple(extra))
        if said.gone:
            self.call.status = "completed"
            answer, _ = self.line.ask(self.call, place)
            twiml.read(answer.body, answer.header("Content-Type"), first=False)
            raise Gone
        return place

    def _listen(self, verb: Verb) -> Generator[Waiting, Event, Said]:
        """What is recorded from now on, and what ended it."""
        call, begin = self.call, self.call.spent
        longest = float(verb.number("maxLength", 3600))
        patience = min(verb.number("timeout", 5) or longest, longest)
        finish = verb.get("finishOnKey", "1234567890*#")
        self.lose_keys(begin)
        while True:
            if call.keys:
                when, key = call.keys.popleft()
                if key in finish and when <= begin + patience:
                    self.move(when)
                    return Said(when - begin, key)
                call.lost_keys += key
                continue
            event = yield from self.wait(Waiting("record", begin, begin, patience, "", 0, finish, longest))
            if isinstance(event, Silent):
                self.move(begin + patience)
                return Said(patience if self.line.saves_silence else 0.0)
            if isinstance(event, HungUp):
                seconds = min(1.0 if event.after is None else event.after, longest)
                self.move(begin + seconds)
                return Said(seconds, "hangup", gone=True)
            if isinstance(event, Spoke):
                seconds = min(event.seconds, longest)
                key = self._after_speech(event, begin + seconds, patience, longest - seconds, finish)
                wav = clips.beginning(event.wav, seconds) if event.wav else clips.voice(seconds)
                return Said(seconds, key, wav, event.hang_up)

    def _after_speech(self, event: Spoke, ends: float, patience: float, left: float, finish: str) -> str:
        """What ended the recording, as `Digits` says it."""
        self.move(ends)
        if event.hang_up:
            return "hangup"
        if event.key and event.key in finish and left > 0:
            return event.key
        self.call.lost_keys += event.key
        self.move(ends + min(patience, left))
        return ""

    def wait(self, waiting: Waiting, sounds: list[Heard] | None = None) -> Generator[Waiting, Event, Event]:
        """Wait for what happens next. Raises Elsewhere when the call is sent away, which cuts the sounds short."""
        self.unheard = 0
        event = yield waiting
        if isinstance(event, Sent | Nudged):
            self.catch_up()
        if isinstance(event, Sent):
            self.cut(sounds or [], self.call.spent)
            raise Elsewhere(Place(event.url, event.method, given=event.given))
        return event

    def catch_up(self) -> None:
        """What others did took its time for this call too."""
        self.move(max(self.call.spent, (self.line.now() - self.call.started) / timedelta(seconds=1)))

    def sounds(self, verb: Verb, base: str | None = None) -> list[Heard]:
        """What a `<Say>`, `<Play>` or `<Pause>` lets the person hear; addresses are relative to `base`."""
        if verb.name == "Pause":
            return [Heard("pause", seconds=float(verb.number("length", 1)))]
        times = verb.number("loop", 1)
        if verb.name == "Say":
            text = " ".join(verb.text.split())
            length = 0.3 + len(text) / 13
            return [
                Heard("say", text, verb.get("language"), verb.get("voice"), seconds=length)
                for _ in range(times)
            ]
        if not verb.text:
            digits = verb.get("digits")
            return [Heard("tone", digits, seconds=0.5 * len(digits)) for _ in range(times)]
        url = urljoin(self.base if base is None else base, verb.text)
        clip = self.line.clip(self.call, url)
        return [
            Heard("play", clip.text or "", clip.language or "", "", url, clip.name or "", clip.seconds)
            for _ in range(times)
        ]

    def hear(self, sounds: list[Heard]) -> None:
        """Begin to hear these, one after the other; time is moved by whoever waits for their end."""
        at = self.call.spent
        for sound in sounds:
            sound.at = at
            at += sound.seconds
        self.call.heard.extend(sounds)

    def cut(self, sounds: list[Heard], when: float) -> None:
        """Whatever of these lasts longer than this was not heard to its end."""
        for sound in sounds:
            if sound.at + sound.seconds > when:
                sound.whole = False

    def lose_keys(self, before: float) -> None:
        """Keys pressed while nothing listened are gone."""
        while self.call.keys and self.call.keys[0][0] < before:
            self.call.lost_keys += self.call.keys.popleft()[1]

    def move(self, when: float) -> None:
        """The call has reached this second; one that lasts too long ends here."""
        self.call.spent = max(self.call.spent, when)
        if self.call.spent > LONGEST_CALL:
            raise Gone
        self.line.moved(self.call)
