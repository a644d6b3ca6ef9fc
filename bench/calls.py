"""Calls to measure with: who presses what, the webhooks that makes, and what each must answer."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from helpline.config import Settings
from helpline.ivr.caller import Caller
from helpline.ivr.engine import NO_LANGUAGE, Heard, Position, Turn, answer
from helpline.ivr.flow import Flow
from helpline.ivr.speaking import Speaker
from helpline.languages import LANGUAGES
from helpline.telephony.signature import sign

# Everything a caller does who hears two topics and hangs up: one wrong key, one silence, one repetition among them.
COURSE = ("1", "1", "9", "1", "2", "", "1", "7", "3", "8", "4", "8", "8")


@dataclass(frozen=True)
class Webhook:
    """One request as it goes over the wire, and the body that must come back (None: any)."""

    request: bytes
    expected: bytes | None


class Script:
    """Makes calls. `bare`: the answers are a constant's, so nothing is expected of them."""

    def __init__(self, settings: Settings, flow: Flow, speaker: Speaker, *, bare: bool) -> None:
        self.settings, self.flow, self.speaker, self.bare = settings, flow, speaker, bare
        self._numbers = itertools.count(1)
        self._expected: dict[tuple[object, ...], bytes] = {}

    def call(self) -> Iterator[Webhook]:
        """The webhooks of one call, in order; each call has a sid and a language of its own turn."""
        number = next(self._numbers)
        sid = f"CA{number:032x}"
        language = LANGUAGES[number % len(LANGUAGES)]
        place = Position(0, NO_LANGUAGE, self.flow.start, 0, 0)
        yield self._webhook(sid, "/voice/incoming", {}, None)
        turn = answer(self.flow, place, Heard("start"))
        for key in (language.key, *COURSE):
            path = f"/voice/heard/0/{turn.position.language}/{turn.step.name}/{turn.position.turn}/{turn.position.tries}"
            turn = self._next(turn, Heard("keys", key) if key else Heard("silence"))
            yield self._webhook(sid, path, {"Digits": key, "FinishedOnKey": "", "msg": "Gather End"}, turn)

    def _next(self, turn: Turn, heard: Heard) -> Turn:
        turn = answer(self.flow, turn.position, heard)
        outcomes = {"greet": "welcome", "find_person": "closed"}
        while turn.step.kind == "do":
            turn = answer(
                self.flow, turn.position, Heard("outcome", outcomes[turn.step.action or ""]), turn.says
            )
        return turn

    def _webhook(self, sid: str, path: str, more: dict[str, str], turn: Turn | None) -> Webhook:
        form = {
            "CallSid": sid, "AccountSid": self.settings.account_sid, "From": "anonymous",
            "To": self.settings.toll_free_number, "Caller": "anonymous", "Called": self.settings.toll_free_number,
            "CallStatus": "in-progress", "ApiVersion": "2010-04-01", "Direction": "inbound", "FromCity": "",
            "FromState": "", "FromZip": "", "FromCountry": "IT", "ToCity": "", **more,
        }  # fmt: skip
        body = urlencode(form).encode()
        signature = sign(self.settings.auth_token, self.settings.public_url + path, form.items())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: line.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nX-Twilio-Signature: {signature}\r\nUser-Agent: TwilioProxy/1.1\r\n\r\n"
        )
        expected = None if self.bare or turn is None else self._answer(turn)
        return Webhook(head.encode() + body, expected)

    def _answer(self, turn: Turn) -> bytes:
        caller = Caller(
            self.settings,
            self.speaker.library.catalogue,
            "",
            "anonymous",
            self.settings.toll_free_number,
            "-",
        )
        return self.speaker.document(turn, caller)
