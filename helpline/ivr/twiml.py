"""A turn as a document for the carrier; the only place that builds TwiML. Knows no flow and no database."""

from collections.abc import Iterable

from twilio.twiml import TwiML
from twilio.twiml.voice_response import VoiceResponse

from helpline.ivr.flow import Step
from helpline.voice import tone
from helpline.voice.utterances import Clip, Fetched, Utterance

CONTENT_TYPE = "text/xml; charset=utf-8"
# The carrier repeats a webhook that it could not deliver, within its 15 seconds: all of ours may be repeated.
RETRY = "#rc=2&rp=ct,rt,5xx&ct=2000&rt=6000"
Piece = Utterance | Fetched
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><Response />'


def document(
    step: Step,
    whole: Iterable[Utterance],
    says: Iterable[Utterance],
    *,
    action: str,
    slow: bool = False,
    plain: bool = False,
) -> bytes:
    """The TwiML of one turn.

    `whole` is heard before keys count, `says` can be cut short by a key; `action` is where the answer goes (a path).
    `slow` puts a breath between the sentences; `plain`: nothing of ours may be played, also no tone to who waits.
    """
    response = VoiceResponse()
    _speak(response, whole, slow=slow)
    if step.kind in {"menu", "language", "hold"}:
        gather = response.gather(
            input="dtmf", action=action + RETRY, method="POST", num_digits=1, timeout=step.timeout,
            finish_on_key="", action_on_empty_result=True,
        )  # fmt: skip
        _speak(gather, says, slow=slow)
        if step.kind == "hold" and plain:
            gather.pause(length=tone.SECONDS)
        elif step.kind == "hold":
            gather.play(f"/audio/{tone.HASH}.wav")
    elif step.kind == "ask":
        gather = response.gather(
            input="dtmf", action=action + RETRY, method="POST", num_digits=step.digits or step.max_digits,
            timeout=step.timeout, finish_on_key="#", action_on_empty_result=True,
        )  # fmt: skip
        _speak(gather, says, slow=slow)
    elif step.kind == "record":
        _speak(response, says, slow=slow)
        response.record(
            action=action + RETRY, method="POST", max_length=step.seconds, timeout=step.timeout, play_beep=True,
            finish_on_key="0123456789*#", trim="trim-silence", recording_status_callback=f"/voice/recording/{step.keeps}" + RETRY,
            recording_status_callback_method="POST", recording_status_callback_event="completed absent",
        )  # fmt: skip
        response.redirect(action + RETRY, method="POST")  # reached only when nothing was recorded
    else:
        _speak(response, says, slow=slow)
        response.hangup()
    return response.to_xml().encode()


def outage(pieces: Iterable[Utterance], *, seconds: int, thanks: str) -> bytes:
    """The document that stands outside the application, for when all of it is down: it speaks and records.

    `thanks`: the address of the second document, which ends the call after the message.
    """
    response = VoiceResponse()
    _speak(response, pieces, slow=True)
    response.record(
        action=thanks, method="POST", max_length=seconds, timeout=5, play_beep=True, trim="trim-silence"
    )  # fmt: skip
    response.hangup()
    return response.to_xml().encode()


def key(pieces: Iterable[Piece], *, action: str, seconds: int, slow: bool = False) -> bytes:
    """Say this and wait for one key, so many seconds after the words; also silence is told to `action`."""
    response = VoiceResponse()
    gather = response.gather(
        input="dtmf", action=action + RETRY, method="POST", num_digits=1, timeout=seconds, finish_on_key="",
        action_on_empty_result=True,
    )  # fmt: skip
    _speak(gather, pieces, slow=slow)
    return response.to_xml().encode()


def keys(pieces: Iterable[Piece], *, action: str, most: int, seconds: int) -> bytes:
    """Say this and wait for keys until the hash key, or a pause of so many seconds; also silence is told to `action`."""
    response = VoiceResponse()
    gather = response.gather(
        input="dtmf", action=action + RETRY, method="POST", num_digits=most, timeout=seconds, finish_on_key="#",
        action_on_empty_result=True,
    )  # fmt: skip
    _speak(gather, pieces, slow=False)
    return response.to_xml().encode()


def record(pieces: Iterable[Piece], *, action: str, told: str, seconds: int, pause: int) -> bytes:
    """Say this, and record after a tone, until the hash key or a pause. `told`: where the carrier tells that it is ready.

    What is recorded is given whole: what stands before and after the words is cut by whoever makes a clip of it.
    """
    response = VoiceResponse()
    _speak(response, pieces, slow=False)
    response.record(
        action=action + RETRY, method="POST", max_length=seconds, timeout=pause, play_beep=True, finish_on_key="#",
        trim="do-not-trim", recording_status_callback=told + RETRY, recording_status_callback_method="POST",
        recording_status_callback_event="completed absent",
    )  # fmt: skip
    response.redirect(action + RETRY, method="POST")  # reached only when nothing was recorded
    return response.to_xml().encode()


def join(pieces: Iterable[Utterance], *, room: str, ends: bool, wait: str, left: str, told: str) -> bytes:
    """Say this and go into a conference. `ends`: whoever leaves it ends it for all.

    `wait`: what is heard while nobody else is there; `left`: what follows; `told`: where the carrier tells what
    happens in it (all three are paths).
    """
    response = VoiceResponse()
    _speak(response, pieces, slow=False)
    response.dial(action=left + RETRY, method="POST").conference(
        room, beep="false", start_conference_on_enter=True, end_conference_on_exit=ends, wait_url=wait + RETRY,
        wait_method="POST", status_callback=told + RETRY, status_callback_method="POST",
        status_callback_event="start end join leave",
    )  # fmt: skip
    return response.to_xml().encode()


def wait(before: Iterable[Utterance], after: Iterable[Utterance], *, seconds: int, again: str) -> bytes:
    """What somebody hears who is alone in a conference or on hold: words, silence, words, and this document `again`."""
    response = VoiceResponse()
    _speak(response, before, slow=False)
    response.pause(length=seconds)
    _speak(response, after, slow=False)
    response.redirect(again + RETRY, method="POST")
    return response.to_xml().encode()


def last_words(pieces: Iterable[Piece]) -> bytes:
    """Say this, and hang up."""
    response = VoiceResponse()
    _speak(response, pieces, slow=False)
    response.hangup()
    return response.to_xml().encode()


def _speak(parent: TwiML, pieces: Iterable[Piece], *, slow: bool) -> None:
    for place, piece in enumerate(pieces):
        if slow and place:
            parent.pause(length=1)
        if isinstance(piece, Clip):
            parent.play(f"/audio/{piece.hash}.wav")
        elif isinstance(piece, Fetched):
            parent.play(piece.path)
        else:
            parent.say(piece.text, voice=piece.voice, language=piece.language)
