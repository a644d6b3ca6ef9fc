"""Runs TwiML documents for one call, in virtual time: what is said, what is gathered, what is recorded, where it goes next."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin

from helpline.simulator import clips, twiml
from helpline.simulator.call import Call, Event, Heard, HungUp, Script, Silent, Spoke, Waiting
from helpline.simulator.mischief import Fields
from helpline.simulator.refusal import CarrierRefused
from helpline.simulator.transport import Answer
from helpline.simulator.twiml import Verb

LONGEST_CALL = 4 * 3600.0
MOST_DOCUMENTS = 60
APOLOGY = "The application behind this number is out of order."


@dataclass(frozen=True)
class Place:
    """A document to fetch next; `extra` are the parameters of the verb that led there."""

    url: str
    method: str = "POST"
    extra: tuple[tuple[str, str], ...] = ()
    kind: str = "voice"


class _Gone(Exception):
    """The call is over now, wherever it was."""


class Exchange(Protocol):
    """What a run needs from its carrier."""

    def ask(self, call: Call, place: Place) -> tuple[Answer, str]:
        """Request a document; the answer and the URL it came from."""

    def clip(self, call: Call, url: str) -> clips.Clip:
        """Fetch what is to be played."""

    def keep(self, call: Call, verb: Verb, base: str, seconds: float, wav: bytes) -> Fields:
        """Keep a recording; the parameters that tell the application about it."""

    def moved(self, call: Call) -> None:
        """The call has reached a later moment."""

    def over(self, call: Call, status: str) -> None:
        """The call has ended like this."""

    @property
    def saves_silence(self) -> bool:
        """Whether a recording of nothing is kept."""


Steps = Generator[Waiting, Event, Place | None]


class Run:
    """One call's way through its documents."""

    def __init__(self, call: Call, exchange: Exchange) -> None:
        self.call = call
        self.exchange = exchange
        self.base = ""
        self.unheard = 0

    def script(self, place: Place | None) -> Script:
        """From the first document to the end of the call. Raises CarrierRefused in a strict call."""
        call, ending = self.call, "completed"
        try:
            while place:
                asked = place
                try:
                    place = yield from self._document(asked)
                except CarrierRefused as refused:
                    if call.strict:
                        call.outcome = "refused by the carrier"
                        raise
                    place = self._rescue(asked, refused)
            ending = "completed" if call.status == "in-progress" else call.status
        except _Gone:
            pass
        self.exchange.over(call, ending)

    def _rescue(self, failed: Place, refused: CarrierRefused) -> Place | None:
        """The fallback URL, once; after that an apology and the end."""
        if failed.kind == "fallback" or not self.call.fallback:
            self.call.status = "in-progress"
            self._hear([Heard("say", APOLOGY, "en-US", "carrier", seconds=3.0)])
            self._move(self.call.spent + 3.0)
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
        answer, self.base = self.exchange.ask(call, place)
        try:
            found = twiml.read(answer.body, answer.header("Content-Type"), first=call.status == "ringing")
            if found and found[0].name == "Reject":
                call.status = "busy" if found[0].get("reason") == "busy" else "no-answer"
                call.outcome = "rejected"
                return None
            if call.status == "ringing":
                call.status, call.answered_at = "in-progress", call.spent
            if call.gone_after_key:
                raise _Gone
            for verb in found:
                next_place = yield from self._verb(verb)
                if next_place:
                    return next_place
                if verb.name == "Hangup":
                    break
        except CarrierRefused as refused:
            raise CarrierRefused(refused.code, refused.faults, refused.url or self.base) from None
        return None

    def _verb(self, verb: Verb) -> Steps:
        if verb.name in ("Say", "Play", "Pause"):
            sounds = self._sounds(verb)
            self._hear(sounds)
            self._move(self.call.spent + sum(sound.seconds for sound in sounds))
            return None
        if verb.name == "Gather":
            return (yield from self._gather(verb))
        if verb.name == "Record":
            return (yield from self._record(verb))
        if verb.name == "Redirect":
            return Place(urljoin(self.base, verb.text), verb.get("method", "POST"))
        if verb.name == "Hangup":
            return None
        raise CarrierRefused(
            12200, f"<{verb.name}> is understood, but this stand-in has nobody to connect", self.base
        )

    def _gather(self, verb: Verb) -> Steps:
        call, begin = self.call, self.call.spent
        sounds = [sound for child in verb.children for sound in self._sounds(child)]
        self._hear(sounds)
        ends = begin + sum(sound.seconds for sound in sounds)
        timeout, most = verb.number("timeout", 5), verb.number("numDigits", 0)
        finish, deaf = verb.get("finishOnKey", "#"), verb.get("bargeIn", "true") == "false"
        deadline, digits, finished = ends + timeout, "", ""
        self._lose_keys(begin)
        while not (most and len(digits) == most) and not finished:
            if not call.keys:
                if digits and not call.more_keys:
                    self._move(deadline)
                    break
                event = yield self._wait(Waiting("gather", begin, ends, timeout, digits, most, finish))
                if isinstance(event, HungUp):
                    at = max(call.spent, ends if event.after is None else begin + event.after)
                    self._cut(sounds, at)
                    self._move(at)
                    raise _Gone
                if isinstance(event, Silent):
                    self._move(deadline)
                    break
                continue
            when, key = call.keys[0]
            if when > deadline:
                self._move(deadline)
                break
            call.keys.popleft()
            self._move(when)
            if deaf and when < ends:
                call.lost_keys += key
                continue
            self._cut(sounds, when)
            deadline = when + timeout
            finished = key if key == finish else ""
            digits += "" if finished else key
        if not digits and verb.get("actionOnEmptyResult") != "true":
            self._unless_gone()
            return None
        extra = (("Digits", digits), ("FinishedOnKey", finished), ("msg", "Gather End"))
        return Place(urljoin(self.base, verb.get("action")), verb.get("method", "POST"), extra)

    def _record(self, verb: Verb) -> Steps:
        call = self.call
        if verb.get("playBeep", "true") == "true":
            self._hear([Heard("tone", "beep", seconds=0.5)])
            self._move(call.spent + 0.5)
        begin, longest = call.spent, float(verb.number("maxLength", 3600))
        patience = verb.number("timeout", 5) or longest
        finish = verb.get("finishOnKey", "1234567890*#")
        self._lose_keys(begin)
        seconds, wav, key, gone = 0.0, None, "", False
        while True:
            if call.keys:
                when, key = call.keys.popleft()
                if key not in finish or when > begin + patience:
                    call.lost_keys += key
                    continue
                self._move(when)
                seconds = when - begin
                break
            event = yield self._wait(Waiting("record", begin, begin, patience, "", 0, finish, longest))
            if isinstance(event, Silent):
                key = ""
                self._move(begin + min(patience, longest))
                seconds = call.spent - begin if self.exchange.saves_silence else 0.0
                break
            if isinstance(event, HungUp):
                key, gone = "hangup", True
                seconds = min(1.0 if event.after is None else event.after, longest)
                self._move(begin + seconds)
                break
            if isinstance(event, Spoke):
                seconds, gone = min(event.seconds, longest), event.hang_up
                wav = event.wav or clips.voice(seconds)
                key = self._after_speech(event, begin + seconds, patience, longest - seconds, finish)
                break
        if seconds < 0.5:  # [U] in TWILIO.md: taken as nothing recorded
            if gone:
                raise _Gone
            self._unless_gone()
            return None
        extra = self.exchange.keep(call, verb, self.base, seconds, wav or clips.silence(seconds)) + [
            ("Digits", key)
        ]
        place = Place(urljoin(self.base, verb.get("action")), verb.get("method", "POST"), tuple(extra))
        if gone:
            call.status = "completed"
            answer, _ = self.exchange.ask(call, place)
            twiml.read(answer.body, answer.header("Content-Type"), first=False)
            raise _Gone
        return place

    def _after_speech(self, event: Spoke, ends: float, patience: float, left: float, finish: str) -> str:
        """What ended the recording, as `Digits` says it."""
        self._move(ends)
        if event.hang_up:
            return "hangup"
        if event.key and event.key in finish and left > 0:
            return event.key
        self.call.lost_keys += event.key
        self._move(ends + min(patience, left))
        return ""

    def _wait(self, waiting: Waiting) -> Waiting:
        self.unheard = 0
        return waiting

    def _unless_gone(self) -> None:
        if self.call.gone_after_key:
            raise _Gone

    def _sounds(self, verb: Verb) -> list[Heard]:
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
        url = urljoin(self.base, verb.text)
        clip = self.exchange.clip(self.call, url)
        return [
            Heard("play", clip.text or "", clip.language or "", "", url, clip.name or "", clip.seconds)
            for _ in range(times)
        ]

    def _hear(self, sounds: list[Heard]) -> None:
        at = self.call.spent
        for sound in sounds:
            sound.at = at
            at += sound.seconds
        self.call.heard.extend(sounds)

    def _cut(self, sounds: list[Heard], when: float) -> None:
        for sound in sounds:
            if sound.at + sound.seconds > when:
                sound.whole = False

    def _lose_keys(self, before: float) -> None:
        """Keys pressed while nothing listened are gone."""
        while self.call.keys and self.call.keys[0][0] < before:
            self.call.lost_keys += self.call.keys.popleft()[1]

    def _move(self, when: float) -> None:
        self.call.spent = max(self.call.spent, when)
        if self.call.spent > LONGEST_CALL:
            raise _Gone
        self.exchange.moved(self.call)
