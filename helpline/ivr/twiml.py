"""A turn as a document for the carrier; the only place that builds TwiML. Knows no flow and no database."""

from collections.abc import Iterable

from twilio.twiml import TwiML
from twilio.twiml.voice_response import VoiceResponse

from helpline.ivr.flow import Step
from helpline.voice.utterances import Clip, Utterance

CONTENT_TYPE = "text/xml; charset=utf-8"
# The carrier repeats a webhook that it could not deliver, within its 15 seconds: all of ours may be repeated.
RETRY = "#rc=2&rp=ct,rt,5xx&ct=2000&rt=6000"
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><Response />'


def document(
    step: Step, whole: Iterable[Utterance], says: Iterable[Utterance], *, action: str, slow: bool = False
) -> bytes:
    """The TwiML of one turn.

    `whole` is heard before keys count, `says` can be cut short by a key; `action` is where the answer goes (a path).
    `slow` puts a breath between the sentences.
    """
    response = VoiceResponse()
    _speak(response, whole, slow=slow)
    if step.kind in {"menu", "language"}:
        gather = response.gather(
            input="dtmf", action=action + RETRY, method="POST", num_digits=1, timeout=step.timeout,
            finish_on_key="", action_on_empty_result=True,
        )  # fmt: skip
        _speak(gather, says, slow=slow)
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


def _speak(parent: TwiML, pieces: Iterable[Utterance], *, slow: bool) -> None:
    for place, piece in enumerate(pieces):
        if slow and place:
            parent.pause(length=1)
        if isinstance(piece, Clip):
            parent.play(f"/audio/{piece.hash}.wav")
        else:
            parent.say(piece.text, voice=piece.voice, language=piece.language)
