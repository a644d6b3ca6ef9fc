"""The stand-in's own JSON API, for its telephone page and for `helpline phone`: dial, press, be silent, speak, hang up."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from helpline.simulator import clips, speech, tongues
from helpline.simulator.call import Call, Heard
from helpline.simulator.carrier import Carrier
from helpline.simulator.outbound import Outbound
from helpline.simulator.refusal import CarrierRefused, NotPossible

pages = Blueprint("desk", __name__, url_prefix="/standin")
LONGEST_NUMBER = 40
LARGEST_MESSAGE = 4_000_000


class Desk:
    """The telephones in use: who did what when in which call, and a lock for each call."""

    def __init__(self) -> None:
        self.deeds: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.locks: dict[str, threading.Lock] = defaultdict(threading.Lock)


def _carrier() -> Carrier:
    return _outbound().carrier


def _outbound() -> Outbound:
    found: Outbound = current_app.extensions["outbound"]
    return found


def _desk() -> Desk:
    found: Desk = current_app.extensions["desk"]
    return found


class Unfit(Exception):
    """A request that makes no sense; answered with 400 and the reason."""


@pages.errorhandler(Unfit)
def unfit(fault: Unfit) -> tuple[Response, int]:
    """400 and the reason, as JSON."""
    return jsonify(error=str(fault)), 400


@pages.errorhandler(NotPossible)
def not_possible(fault: NotPossible) -> tuple[Response, int]:
    """409 and why a telephone cannot do that now, as JSON."""
    return jsonify(error=str(fault)), 409


@pages.errorhandler(CarrierRefused)
def refused(fault: CarrierRefused) -> tuple[Response, int]:
    """502 and what is wrong with the application's document, as JSON."""
    return jsonify(error=str(fault)), 502


@pages.get("")
def who() -> Response:
    """By this a client knows that it talks to a stand-in."""
    return jsonify(standin="carrier", numbers=current_app.extensions["numbers"])


@pages.post("/calls")
def dial() -> tuple[Response, int]:
    """Dial: takes `from` and `to` (both may be left out); answers 201 and the call, up to where it waits."""
    numbers = current_app.extensions["numbers"]
    from_, to = _text("from", numbers["from"]), _text("to", numbers["toll_free"])
    call = _carrier().dial(to, from_)
    return jsonify(_shown(call)), 201


@pages.get("/calls/<sid>")
def look(sid: str) -> Response:
    """The call as it stands; nothing is done in it. 204 for who has `seen` it so (the answer's ETag says what to say)."""
    answer = jsonify(_shown(_call(sid)))
    answer.add_etag()
    if request.args.get("seen") == answer.get_etag()[0]:
        return Response(status=204)
    return answer


@pages.get("/calls/<sid>/said/<int:place>.wav")
def said(sid: str, place: int) -> Response:
    """What the carrier's voice said at this place of the call, as sound; 404 where this machine cannot speak."""
    heard = _call(sid).heard
    one = heard[place] if place < len(heard) else None
    sound = speech.wav(one.language, one.text) if one and one.kind == "say" else None
    if sound is None:
        return Response(status=404)
    return Response(sound, mimetype="audio/wav", headers={"Cache-Control": "private, max-age=3600"})


@pages.post("/calls/<sid>/press")
def press(sid: str) -> Response:
    """Press the keys in `digits`, `after` so many seconds, `more` if others follow; answers the call after that."""
    keys, after, more = _text("digits"), _number("after", None), _sent().get("more") is True
    return _act(sid, "press", keys, lambda call: call.press(keys, after=after, more=more))


@pages.post("/calls/<sid>/silence")
def silence(sid: str) -> Response:
    """Let the time run out; answers the call after that."""
    return _act(sid, "silence", "", Call.keep_silent)


@pages.post("/calls/<sid>/speak")
def speak(sid: str) -> Response:
    """Speak for `seconds`, then press `key` or `hang_up` if given; answers the call after that."""
    seconds = _number("seconds", 3.0) or 0.0
    key, gone = _text("key", ""), _sent().get("hang_up") is True
    return _act(sid, "speak", f"{seconds:g}", lambda call: call.speak(seconds, key=key, hang_up=gone))


@pages.post("/calls/<sid>/message")
def message(sid: str) -> Response:
    """Speak what was really said (a WAV file), then wait, press `key` or `hang_up`, as the query says."""
    if request.mimetype not in clips.TYPES or (request.content_length or 0) > LARGEST_MESSAGE:
        raise Unfit("send a WAV file of a few minutes at most")
    wav, key = request.get_data(), request.args.get("key", "")
    gone = request.args.get("hang_up") == "true"
    try:
        seconds = clips.read(wav).seconds
    except ValueError as wrong:
        raise Unfit(f"the message {wrong}") from None
    what = f"{seconds:.1f}"
    return _act(sid, "speak", what, lambda call: call.speak(seconds, wav, key=key, hang_up=gone))


@pages.post("/calls/<sid>/hangup")
def hang_up(sid: str) -> Response:
    """Put the receiver down, `after` so many seconds if given; answers the call, also one that was over."""
    after = _number("after", None)
    return _act(sid, "hangup", "", lambda call: call.hang_up(after=after))


@pages.get("/ringing")
def ringing() -> Response:
    """The calls that the application placed and that ring now."""
    return jsonify(calls=[{"id": one.sid, "from": one.from_, "to": one.to} for one in _outbound().ringing])


@pages.post("/calls/<sid>/answer")
def answer(sid: str) -> Response:
    """Take a call that the application placed, as a `machine` or a person; answers the call after that."""
    machine = _sent().get("machine") is True
    return _act(sid, "answer", "", lambda call: _outbound().answer(call, machine=machine))


@pages.post("/calls/<sid>/refuse")
def refuse(sid: str) -> Response:
    """Do not take a call that the application placed: it ends as `status` says (busy, unless given)."""
    status = _text("status", "busy")
    return _act(sid, "refuse", status, lambda call: _outbound().refuse(call, status))


def _call(sid: str) -> Call:
    if sid not in _carrier().calls:
        raise Unfit("there is no such call")
    return _carrier().calls[sid]


def _act(sid: str, deed: str, what: str, do: Callable[[Call], object]) -> Response:
    """Do something in a call, one thing at a time, and show where it has got to."""
    call, desk = _call(sid), _desk()
    with desk.locks[sid]:
        if deed == "hangup" and call.ended:
            return jsonify(_shown(call))
        heard_before = len(call.heard)
        do(call)
        desk.deeds[sid].append({"after": heard_before, "deed": deed, "what": what})
    return jsonify(_shown(call))


def _sent() -> dict[str, Any]:
    """The JSON object that came; anything else is refused (also what a form on another page could send)."""
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise Unfit("send a JSON object")
    return found


def _text(name: str, default: str | None = None) -> str:
    found = _sent().get(name, default)
    if not isinstance(found, str) or len(found) > LONGEST_NUMBER:
        raise Unfit(f"{name} is not a short text")
    return found.strip()


def _number(name: str, default: float | None) -> float | None:
    found = _sent().get(name, default)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= 3600:
        raise Unfit(f"{name} is not a number of seconds")
    return float(found)


def _shown(call: Call) -> dict[str, Any]:
    waiting = call.waiting
    return {
        "id": call.sid,
        "from": call.from_,
        "to": call.to,
        "direction": call.direction,
        "status": call.status,
        "outcome": call.outcome,
        "ended": call.ended,
        "waiting_for": call.waiting_for,
        "waiting": waiting
        and {
            "begins": waiting.begins,
            "timeout": waiting.timeout,
            "digits": waiting.digits,
            "most": waiting.most,
            "finish": waiting.finish,
            "longest": waiting.longest,
        },
        "seconds": round(call.spent, 1),
        "company": _company(call),
        "heard": [_heard(call, place, one) for place, one in enumerate(list(call.heard))],
        "deeds": _desk().deeds[call.sid],
        "troubles": [{"after": after, "what": what} for after, what in call.troubles],
        "lost_keys": call.lost_keys,
    }


def _company(call: Call) -> dict[str, Any] | None:
    """With how many others somebody is in a conference, and whether they can hear each other; None outside of one."""
    room = next((one for one in _carrier().rooms.all() if call.sid in one.members), None)
    member = room.members.get(call.sid) if room else None
    if room is None or member is None:
        return None
    return {
        "others": len(room.members) - 1,
        "begun": room.status == "in-progress",
        "held": member.hold,
        "muted": member.muted,
    }


def _heard(call: Call, place: int, one: Heard) -> dict[str, Any]:
    spoken = one.kind == "say" and speech.can_speak(one.language)
    return {
        "kind": one.kind,
        "text": one.text,
        "tag": tongues.short(one.language),
        "language": tongues.name(one.language),
        "direction": tongues.direction(one.language),
        "voice": one.voice,
        "url": f"{pages.url_prefix}/calls/{call.sid}/said/{place}.wav" if spoken else one.url,
        "name": one.name,
        "seconds": round(one.seconds, 2),
        "at": one.at,
        "whole": one.whole,
    }
