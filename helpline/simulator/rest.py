"""The stand-in carrier's REST side: calls and recordings over HTTP with Basic auth (TWILIO.md §6). No telephone page here."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, g, jsonify, request

from helpline.simulator import resources
from helpline.simulator.call import Call
from helpline.simulator.carrier import Carrier
from helpline.simulator.outbound import NOT_ANSWERED, Outbound
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
    g.later = []
    login, account = request.authorization, _carrier().account_sid
    password = ((login and login.password) or "").encode()
    right = login is not None and login.type == "basic" and login.username == given == account
    if not right or not hmac.compare_digest(password, _carrier().auth_token.encode()):
        raise Declined(401, 20003, "Authenticate")


@pages.before_request
def misbehave() -> None:
    """Note what is to become of this request; raises Declined when mischief wants a 429 or a 500."""
    fates = _carrier().mischief.rest
    g.later = []
    g.fate = fates.pop(0) if fates else "fine"
    if g.fate in ("429", "500"):
        raise Declined(int(g.fate), 20429 if g.fate == "429" else 20500, "not now")


def later(what: Callable[[], object]) -> None:
    """Do this once the answer has left: the carrier answers at once, its webhooks come after."""
    g.later.append(what)


@pages.after_request
def lose(answer: Response) -> Response:
    """The answer as it was; or, when mischief wants it lost, a 502 in its place, none at all, or one that comes too late.

    What was asked is done all the same.
    """
    carrier = _carrier()
    todo = [*g.get("later", []), lambda: carrier.advance(0)] if request.method != "GET" else []
    if g.get("fate") == "lost":
        answer = _error(Declined(502, 20500, "Bad gateway"))
    answer.headers["Twilio-Concurrent-Requests"] = "1"
    if g.get("fate") in ("cut", "late"):
        for what in todo:
            what()
        return _withheld(answer)
    for what in todo:
        answer.call_on_close(what)
    return answer


def _withheld(answer: Response) -> Response:
    """Cut the line under the answer, or keep it back for longer than anybody waits."""
    answer.headers["X-Standin-Fate"] = g.fate
    wire = request.environ.get("werkzeug.socket")
    if wire and g.fate == "cut":
        wire.shutdown(2)
    elif wire:
        time.sleep(_carrier().mischief.rest_delay)
    return answer


@pages.errorhandler(Declined)
def declined(fault: Declined) -> Response:
    """The error as Twilio's JSON, with its status."""
    answer = _error(fault)
    if fault.status == 429 and _carrier().mischief.retry_after:
        answer.headers["Retry-After"] = _carrier().mischief.retry_after
    return answer


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
    return listed(
        "recordings",
        [shown(one) for one in every if fits(one.call_sid, "CallSid") and when(one.created, "DateCreated")],
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
    chosen = [
        one
        for one in reversed(old)
        if fits(one.to, "To") and fits(one.from_, "From") and fits(one.status, "Status")
        if fits(one.parent, "ParentCallSid")
        if when(one.started, "StartTime") and when(one.ended_at, "EndTime")
    ]
    return listed("calls", [resources.call_json(_carrier().account_sid, one) for one in chosen])


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
    """Cancel, end or redirect a live call; answers it. Raises Declined (400) when that cannot be done now.

    Ending one that nobody has answered cancels it, as far as TWILIO.md says.
    """
    found, form = call_of(sid), request.form
    if found.ended:
        raise Declined(400, 21220, f"Call is not in-progress. Cannot redirect. (it is {found.status})")
    status = form.get("Status", "")
    shows = {}
    try:
        if status == "canceled" or (status == "completed" and found.status in NOT_ANSWERED):
            _outbound().cancel(found)
        elif status == "completed":
            later(found.hang_up)
            shows = {"status": "completed"}
        elif "Url" in form or "Twiml" in form:
            _redirect(found)
        else:
            raise Declined(400, 20001, "nothing to change")
    except NotPossible as wrong:
        raise Declined(400, 21220, str(wrong)) from None
    return jsonify(resources.call_json(_carrier().account_sid, found) | shows)


def _redirect(call: Call) -> None:
    url, method, given = request.form.get("Url", ""), request.form.get("Method", "POST"), b""
    if "Twiml" in request.form:
        given = request.form["Twiml"].encode()
    elif not url.startswith(("http://", "https://")):
        raise Declined(400, 21205, "Url is not an absolute address")
    if call.status != "in-progress":
        raise Declined(400, 21220, f"Call is not in-progress. Cannot redirect. (it is {call.status})")

    def send() -> None:
        if not call.ended:
            call.send_to(url, method, given)

    later(send)


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


def fits(value: str, name: str) -> bool:
    """Whether a value is what the query asks for under this name, if it does."""
    return request.args.get(name) in (None, value)


def when(moment: Any, name: str) -> bool:
    """Whether a moment passes the query's filters of this name. Raises Declined (400)."""
    try:
        return resources.within(moment, name, request.args)
    except ValueError:
        raise Declined(400, 20001, f"{name} is not a date") from None


def _whole(name: str, default: str) -> int | None:
    text = request.args.get(name, default)
    return int(text) if text.isascii() and text.isdigit() else None


def listed(name: str, rows: list[dict[str, Any]]) -> Response:
    """The page of these rows that the query asks for. Raises Declined (400)."""
    page, size = _whole("Page", "0"), _whole("PageSize", "50")
    if page is None or not size:
        raise Declined(400, 20001, "Page or PageSize is not a number")
    kept = {key: value for key, value in request.args.items() if key not in ("Page", "PageSize", "PageToken")}
    return jsonify(
        resources.page_json(name, rows, request.path, page, min(size, LARGEST_PAGE), urlencode(kept))
    )
