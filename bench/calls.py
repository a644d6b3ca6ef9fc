"""Calls to measure with: who presses what, the webhooks that makes, and what each must answer."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from twilio.twiml.voice_response import VoiceResponse

from helpline.config import Settings
from helpline.ivr.caller import Caller
from helpline.ivr.engine import NO_LANGUAGE, Heard, Position, Turn, answer
from helpline.ivr.flow import Flow
from helpline.ivr.speaking import Speaker
from helpline.languages import LANGUAGES
from helpline.telephony.signature import sign

# Everything a caller does who hears three topics and hangs up: one wrong key, one silence, one repetition among them.
INFORMATION = ("1", "1", "9", "1", "2", "", "1", "7", "3", "8", "4", "8", "8")
# Asks to be called back on this telephone in the morning, and hears the code again.
CALLBACK = ("2", "1", "1", "1", "2", "9")
EVERY_SO_MANY_ASK = 10
# What the actions answer on these two ways.
OUTCOMES = {
    "greet": "welcome", "find_person": "closed", "know_number": "known", "use_this_number": "kept",
    "number_purpose": "ask", "window_purpose": "callback", "save_callback": "saved",
}  # fmt: skip


def constant() -> bytes:
    """What the bare application answers."""
    answer = VoiceResponse()
    answer.say("Hello.", voice="Polly.Amy-Neural", language="en-GB")
    return str(answer).encode()


@dataclass(frozen=True)
class Webhook:
    """One request as it goes over the wire, and what must come back: the whole body, or what must stand in it."""

    request: bytes
    whole: bytes | None
    part: bytes = b""
    asks: bool = False

    def is_right(self, body: bytes) -> bool:
        """Whether this is the answer."""
        return body == self.whole if self.whole is not None else self.part in body


class Script:
    """Makes calls. `bare`: the answers are a constant's, so nothing is expected of them."""

    def __init__(self, settings: Settings, flow: Flow, speaker: Speaker, *, bare: bool) -> None:
        self.settings, self.flow, self.speaker, self.bare = settings, flow, speaker, bare
        self._numbers = itertools.count(1)
        self._expected: dict[tuple[object, ...], bytes] = {}

    def call(self) -> Iterator[Webhook]:
        """The webhooks of one call, in order; each call has a sid, a number and a language of its own."""
        number = next(self._numbers)
        sid, from_ = f"CAbe{number:030x}", f"+39333{number:07}"  # no probe's name: those calls are forgotten
        language = LANGUAGES[number % len(LANGUAGES)]
        course = CALLBACK if number % EVERY_SO_MANY_ASK == 0 else INFORMATION
        turn = answer(self.flow, Position(0, NO_LANGUAGE, self.flow.start, 0, 0), Heard("start"))
        yield self._webhook(sid, from_, "/voice/incoming", {}, turn)
        for key in (language.key, *course):
            path = f"/voice/heard/0/{turn.position.language}/{turn.step.name}/{turn.position.turn}/{turn.position.tries}"
            turn = self._next(turn, Heard("keys", key) if key else Heard("silence"))
            form = {"Digits": key, "FinishedOnKey": "", "msg": "Gather End"}
            yield self._webhook(sid, from_, path, form, turn)

    def _next(self, turn: Turn, heard: Heard) -> Turn:
        turn = answer(self.flow, turn.position, heard)
        while turn.step.kind == "do":
            turn = answer(
                self.flow, turn.position, Heard("outcome", OUTCOMES[turn.step.action or ""]), turn.says
            )
        return turn

    def _webhook(self, sid: str, from_: str, path: str, more: dict[str, str], turn: Turn) -> Webhook:
        form = {
            "CallSid": sid, "AccountSid": self.settings.account_sid, "From": from_,
            "To": self.settings.toll_free_number, "Caller": from_, "Called": self.settings.toll_free_number,
            "CallStatus": "in-progress", "ApiVersion": "2010-04-01", "Direction": "inbound", "FromCity": "",
            "FromState": "", "FromZip": "", "FromCountry": "IT", "ToCity": "", **more,
        }  # fmt: skip
        body = urlencode(form).encode()
        signature = sign(self.settings.auth_token, self.settings.public_url + path, form.items())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: line.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nX-Twilio-Signature: {signature}\r\nUser-Agent: TwilioProxy/1.1\r\n\r\n"
        )
        request = head.encode() + body
        if self.bare:
            return Webhook(request, constant())
        if turn.step.name == "callback_saved":  # a code of its own: what comes before it must be there
            language = turn.position.language
            text = self.speaker.library.catalogue.text(language, "saved")
            return Webhook(request, None, part=text.encode(), asks=more["Digits"] != "9")
        return Webhook(request, self._answer(turn))

    def _answer(self, turn: Turn) -> bytes:
        to = self.settings.toll_free_number
        caller = Caller(self.settings, self.speaker.library.catalogue, "", "anonymous", to, "-")
        return self.speaker.document(turn, caller)
