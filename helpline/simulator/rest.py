"""The stand-in carrier's REST side: calls and recordings over HTTP with Basic auth (TWILIO.md §6). No telephone page here."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, g, jsonify, request

from helpline.simulator import resources
from helpline.simulator.call import Call
from helpline.simulator.carrier import Carrier
from helpline.simulator.outbound import Outbound
from helpline.simulator.recordings import Recording
from helpline.simulator.refusal import CarrierRefused, NotPossible

LARGEST_PAGE = 1000


class Declined(Exception):
    """A REST request that ends in an error: Twilio's code, what to say, and the HTTP status."""

    def __init__(self, status: int, code: int, message: str) -> None:
        self.status, self.code = status, code
        super().__init__(message)


def _outbound() -> Outbound:
    """The carrier's outgoing side, which the server put into the application under this name."""
    found: Outbound = current_app.extensions["outbound"]
    return found


def _carrier() -> Carrier:
    return _outbound().carrier


pages = Blueprint("rest", __name__, url_prefix=f"/{resources.VERSION}/Accounts/<account_sid>")


@pages.url_value_preprocessor
def check_account(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the account out of the address; raises Declined (401) unless the login is its own."""
    given = (values or {}).pop("account_sid", "")
    login, account = request.authorization, _carrier().account_sid
    password = ((login and login.password) or "").encode()
    right = login is not None and login.type == "basic" and login.username == given == account
    if not right or not hmac.compare_digest(password, _carrier().auth_token.encode()):
        raise Declined(401, 20003, "Authenticate")


@pages.before_request
def misbehave() -> None:
    """Note what is to become of this request; raises Declined when mischief wants a 429 or a 500."""
    fates = _carrier().mischief.rest
    g.fate = fates.pop(0) if fates else "fine"
    if g.fate in ("429", "500"):
        raise Declined(int(g.fate), 20429 if g.fate == "429" else 20500, "not now")


@pages.after_request
def lose(answer: Response) -> Response:
    """The answer as it was, or a 502 in its place when mischief wants it lost (what was asked is done all the same)."""
    if g.get("fate") == "lost":
        return _error(Declined(502, 20500, "Bad gateway"))
    answer.headers["Twilio-Concurrent-Requests"] = "1"
    return answer


@pages.errorhandler(Declined)
def declined(fault: Declined) -> Response:
    """The error as Twilio's JSON, with its status."""
    return _error(fault)


def call_of(sid: str) -> Call:
    """The call with this sid. Raises Declined (404)."""
    if sid not in _carrier().calls:
        raise Declined(404, 20404, f"The requested resource /Calls/{sid} was not found")
    return _carrier().calls[sid]


def recording_of(sid: str) -> Recording:
    """The recording with this sid, also a deleted one if the query asks for those. Raises Declined (404)."""
    found = _carrier().recordings.find(sid, deleted=request.args.get("IncludeSoftDeleted") == "true")
    if not found:
        raise Declined(404, 20404, f"The requested resource /Recordings/{sid} was not found")
    return found


def shown(recording: Recording) -> dict[str, Any]:
    """A recording as Twilio's JSON."""
    url = _carrier().recording_url(recording)
    return resources.recording_json(_carrier().account_sid, recording, url, _carrier().now())


@pages.get("/Recordings.json")
def recordings() -> Response:
    """A page of the recordings that the query asks for: by call, by day of making, deleted ones too."""
    args = request.args
    every = _carrier().recordings.all(deleted=args.get("IncludeSoftDeleted") == "true")
    return _list(
        "recordings",
        [shown(one) for one in every if _is(one.call_sid, "CallSid") and _when(one.created, "DateCreated")],
    )


@pages.get("/Recordings/<sid>.json")
def recording(sid: str) -> Response:
    """One recording, without its sound."""
    return jsonify(shown(recording_of(sid)))


@pages.delete("/Recordings/<sid>.json")
@pages.delete("/Recordings/<sid>")
def forget(sid: str) -> tuple[str, int]:
    """Delete a recording: its sound is gone, its row stays for who asks for deleted ones. 204."""
    found = _carrier().recordings.find(sid)
    if not found:
        raise Declined(404, 20404, f"The requested resource /Recordings/{sid} was not found")
    found.deleted, found.wav = True, b""
    return "", 204


@pages.get("/Recordings/<sid>.wav")
@pages.get("/Recordings/<sid>")
def sound(sid: str) -> Response:
    """The sound of a recording as WAV. Raises Declined (404) while it is not ready, and once it is deleted."""
    found = _carrier().recordings.find(sid)
    if not found or found.status(_carrier().now()) != "completed":
        raise Declined(404, 20404, f"The requested resource /Recordings/{sid} was not found")
    return Response(found.wav, mimetype="audio/x-wav")


@pages.get("/Calls.json")
def calls() -> Response:
    """A page of the calls that the query asks for, the newest first; one just made may not be listed yet."""
    late = _carrier().mischief.list_delay
    old = [
        one for one in _carrier().calls.values() if (_carrier().now() - one.started).total_seconds() >= late
    ]
    fits = [
        one
        for one in reversed(old)
        if _is(one.to, "To") and _is(one.from_, "From") and _is(one.status, "Status")
        if _when(one.started, "StartTime") and _when(one.ended_at, "EndTime")
    ]
    return _list("calls", [resources.call_json(_carrier().account_sid, one) for one in fits])


@pages.post("/Calls.json")
def place() -> tuple[Response, int]:
    """Place a call to `To` from `From`; answers 201 and the call, queued. Raises Declined (400) with every fault."""
    wanted = request.form.to_dict()
    events = request.form.getlist("StatusCallbackEvent")
    try:
        call = _outbound().place(wanted.get("To", ""), wanted.get("From", ""), wanted, events)
    except CarrierRefused as refused:
        raise Declined(400, refused.code, "; ".join(refused.faults)) from None
    return jsonify(resources.call_json(_carrier().account_sid, call) | {"status": "queued"}), 201


@pages.get("/Calls/<sid>.json")
def call(sid: str) -> Response:
    """One call as it stands."""
    return jsonify(resources.call_json(_carrier().account_sid, call_of(sid)))


@pages.post("/Calls/<sid>.json")
def change(sid: str) -> Response:
    """Cancel, end or redirect a live call; answers it. Raises Declined (400) when that cannot be done now."""
    found, form = call_of(sid), request.form
    try:
        if form.get("Status") == "canceled":
            _outbound().cancel(found)
        elif form.get("Status") == "completed":
            found.hang_up()
        elif "Url" in form or "Twiml" in form:
            given = form.get("Twiml", "").encode()
            found.send_to(form.get("Url", ""), form.get("Method", "POST"), given)
        else:
            raise Declined(400, 20001, "nothing to change")
    except NotPossible as wrong:
        raise Declined(400, 21220, str(wrong)) from None
    return jsonify(resources.call_json(_carrier().account_sid, found))


@pages.delete("/Calls/<sid>.json")
def forget_call(sid: str) -> tuple[str, int]:
    """Delete a call that is over. 204; raises Declined (409) while it lasts."""
    if not call_of(sid).ended:
        raise Declined(409, 20409, "the call is not over")
    del _carrier().calls[sid]
    return "", 204


def _error(fault: Declined) -> Response:
    answer = jsonify(resources.error_json(fault.code, str(fault), fault.status))
    answer.status_code = fault.status
    if fault.status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return answer


def _is(value: str, name: str) -> bool:
    return request.args.get(name) in (None, value)


def _when(moment: Any, name: str) -> bool:
    try:
        return resources.within(moment, name, request.args)
    except ValueError:
        raise Declined(400, 20001, f"{name} is not a date") from None


def _whole(name: str, default: str) -> int | None:
    text = request.args.get(name, default)
    return int(text) if text.isascii() and text.isdigit() else None


def _list(name: str, rows: list[dict[str, Any]]) -> Response:
    page, size = _whole("Page", "0"), _whole("PageSize", "50")
    if page is None or not size:
        raise Declined(400, 20001, "Page or PageSize is not a number")
    kept = {key: value for key, value in request.args.items() if key not in ("Page", "PageSize", "PageToken")}
    return jsonify(
        resources.page_json(name, rows, request.path, page, min(size, LARGEST_PAGE), urlencode(kept))
    )
