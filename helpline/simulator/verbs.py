"""The grammar of TwiML that this stand-in runs: verbs, attributes, values, nesting (TWILIO.md §3). Anything else is a fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Check = Callable[[str], str | None]


@dataclass(frozen=True)
class Rule:
    """What one element may carry. `text`: none, optional or required; `needs`: attributes that we insist on."""

    attributes: Mapping[str, Check] = field(default_factory=dict)
    nests: frozenset[str] = frozenset()
    text: str = "none"
    needs: tuple[str, ...] = ()


def whole(low: int, high: int) -> Check:
    """A whole number in plain digits between two bounds."""

    def check(value: str) -> str | None:
        if not re.fullmatch(r"[0-9]{1,9}", value):
            return f"{value!r} is not a whole number"
        return None if low <= int(value) <= high else f"{value} is not between {low} and {high}"

    return check


def one_of(*allowed: str) -> Check:
    """One of these words, to the letter."""
    return lambda value: None if value in allowed else f"{value!r} is not one of {', '.join(allowed)}"


def words_of(*allowed: str) -> Check:
    """Words from this list with one space between them."""

    def check(value: str) -> str | None:
        wrong = [word for word in value.split(" ") if word not in allowed]
        return f"{wrong} not among {', '.join(allowed)}" if wrong else None

    return check


def made_of(alphabet: str, low: int, high: int) -> Check:
    """A run of characters out of an alphabet."""

    def check(value: str) -> str | None:
        if low <= len(value) <= high and set(value) <= set(alphabet):
            return None
        return f"{value!r} is not {low} to {high} of {alphabet!r}"

    return check


def address(value: str) -> str | None:
    """An absolute http(s) address or a relative one, without white space."""
    if not value:
        return "is empty, which asks for the same document again"
    if value != value.strip() or re.search(r"[\s<>\"{}|\\^`]", value) or not value.isascii():
        return f"{value!r} is not a URL (it is sent as it stands: encode it)"
    parts = urlsplit(value)
    if parts.scheme and parts.scheme not in ("http", "https"):
        return f"{value!r} is neither http nor https"
    return f"{value!r} has an underscore in its host" if "_" in parts.netloc else None


def address_or_silence(value: str) -> str | None:
    """As `address`, and an empty one means silence (waitUrl)."""
    return address(value) if value else None


def anything(value: str) -> str | None:
    """Free text of at most 128 characters."""
    return None if 0 < len(value) <= 128 else "is empty or longer than 128 characters"


METHOD = one_of("GET", "POST")
YES_NO = one_of("true", "false")
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_AUDIO = frozenset({"Say", "Play", "Pause"})
_CALL_EVENTS = words_of("initiated", "ringing", "answered", "completed")
_RECORDING = {
    "recordingStatusCallback": address,
    "recordingStatusCallbackMethod": METHOD,
    "recordingStatusCallbackEvent": words_of("in-progress", "completed", "absent"),
    "trim": one_of("trim-silence", "do-not-trim"),
}


def _e164(value: str) -> str | None:
    return None if NUMBER.fullmatch(value) else "is not an E.164 number"


RULES: dict[str, Rule] = {
    "Say": Rule(
        {"voice": anything, "language": anything, "loop": whole(1, 1000)},
        text="required",
        needs=("voice", "language"),
    ),
    "Play": Rule({"loop": whole(1, 1000), "digits": made_of("0123456789ABCDwW#*", 1, 64)}, text="optional"),
    "Pause": Rule({"length": whole(1, 600)}),
    "Gather": Rule(
        {
            "input": one_of("dtmf"),
            "action": address,
            "method": METHOD,
            "timeout": whole(1, 120),
            "finishOnKey": made_of("0123456789#*", 0, 1),
            "numDigits": whole(1, 64),
            "actionOnEmptyResult": YES_NO,
            "bargeIn": YES_NO,
        },
        nests=_AUDIO,
        needs=("action",),
    ),
    "Record": Rule(
        {
            "action": address,
            "method": METHOD,
            "timeout": whole(0, 120),
            "finishOnKey": made_of("0123456789#*", 0, 12),
            "maxLength": whole(2, 14400),
            "playBeep": YES_NO,
            **_RECORDING,
        },
        needs=("action",),
    ),
    "Dial": Rule(
        {
            "action": address,
            "method": METHOD,
            "timeout": whole(1, 600),
            "timeLimit": whole(1, 14400),
            "callerId": _e164,
            "hangupOnStar": YES_NO,
            "answerOnBridge": YES_NO,
            "record": one_of(
                "do-not-record",
                "record-from-answer",
                "record-from-ringing",
                "record-from-answer-dual",
                "record-from-ringing-dual",
            ),
            "recordingTrack": one_of("both", "inbound", "outbound"),
            "ringTone": made_of("abcdefghijklmnopqrstuvwxyz-", 2, 10),
            "sequential": YES_NO,
            "callReason": anything,
            **_RECORDING,
        },
        nests=frozenset({"Number", "Conference", "Queue"}),
        text="optional",
    ),
    "Number": Rule(
        {
            "sendDigits": made_of("0123456789#*wW", 1, 32),
            "url": address,
            "method": METHOD,
            "statusCallback": address,
            "statusCallbackEvent": _CALL_EVENTS,
            "statusCallbackMethod": METHOD,
            "machineDetection": one_of("Enable", "DetectMessageEnd"),
            "machineDetectionTimeout": whole(3, 60),
            "machineDetectionSpeechThreshold": whole(1000, 6000),
            "machineDetectionSpeechEndThreshold": whole(500, 5000),
            "machineDetectionSilenceTimeout": whole(2000, 10000),
            "amdStatusCallback": address,
            "amdStatusCallbackMethod": METHOD,
        },
        text="required",
    ),
    "Conference": Rule(
        {
            "muted": YES_NO,
            "beep": one_of("true", "false", "onEnter", "onExit"),
            "startConferenceOnEnter": YES_NO,
            "endConferenceOnExit": YES_NO,
            "participantLabel": anything,
            "waitUrl": address_or_silence,
            "waitMethod": METHOD,
            "maxParticipants": whole(2, 250),
            "record": one_of("do-not-record", "record-from-start"),
            "coach": anything,
            "statusCallback": address,
            "statusCallbackMethod": METHOD,
            "statusCallbackEvent": words_of(
                "start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"
            ),
            **_RECORDING,
        },
        text="required",
    ),
    "Queue": Rule({"url": address, "method": METHOD}, text="required"),
    "Enqueue": Rule(
        {
            "action": address,
            "method": METHOD,
            "waitUrl": address_or_silence,
            "waitUrlMethod": METHOD,
            "maxQueueSize": whole(1, 5000),
        },
        text="required",
    ),
    "Leave": Rule(),
    "Redirect": Rule({"method": METHOD}, text="required"),
    "Reject": Rule({"reason": one_of("rejected", "busy")}),
    "Hangup": Rule(),
}

# What may stand directly under <Response>, by where the document is used.
PLACES: dict[str, frozenset[str]] = {
    "call": frozenset(RULES) - {"Number", "Conference", "Queue", "Leave"},
    "enqueue wait": frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"}),
    "conference wait": frozenset({"Play", "Say", "Pause", "Redirect"}),
    "queue whisper": frozenset({"Play", "Say", "Pause", "Redirect"}),
    "number whisper": frozenset({"Say", "Play", "Pause", "Gather", "Redirect", "Hangup"}),
}
