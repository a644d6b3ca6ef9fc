"""The stand-in carrier's REST side of conferences: found by name, ended, participants held, muted and put out (TWILIO.md §6)."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, request

from helpline.simulator import resources, rest
from helpline.simulator.carrier import Carrier
from helpline.simulator.rest import Declined, fits, listed, when
from helpline.simulator.rooms import UPDATED, Consequences, Member, Room

pages = Blueprint("conferences", __name__, url_prefix=f"/{resources.VERSION}/Accounts/<account_sid>")
pages.url_value_preprocessor(rest.check_account)
pages.before_request(rest.misbehave)
pages.after_request(rest.lose)
pages.register_error_handler(Declined, rest.declined)

_KNOWN = frozenset({"Muted", "Hold", "HoldUrl", "HoldMethod", "EndConferenceOnExit"})


def _carrier() -> Carrier:
    found: Carrier = current_app.extensions["outbound"].carrier
    return found


def room_of(sid: str) -> Room:
    """The conference with this sid. Raises Declined (404)."""
    found = _carrier().rooms.find(sid)
    if not found:
        raise Declined(404, 20404, f"The requested resource /Conferences/{sid} was not found")
    return found


def member_of(room: Room, name: str) -> Member:
    """Who is in it with this call or label. Raises Declined (404), also for somebody who has left."""
    for one in list(room.members.values()):
        if name in (one.call.sid, one.label):
            return one
    raise Declined(404, 20404, f"The requested resource /Participants/{name} was not found")


@pages.get("/Conferences.json")
def conferences() -> Response:
    """A page of the conferences that the query asks for: by name, status, day of making."""
    chosen = [
        one
        for one in _carrier().rooms.all()
        if fits(one.name, "FriendlyName") and fits(one.status, "Status") and when(one.created, "DateCreated")
    ]
    return listed("conferences", [resources.conference_json(_carrier().account_sid, one) for one in chosen])


@pages.get("/Conferences/<sid>.json")
def conference(sid: str) -> Response:
    """One conference as it stands."""
    return jsonify(resources.conference_json(_carrier().account_sid, room_of(sid)))


@pages.post("/Conferences/<sid>.json")
def end(sid: str) -> Response:
    """End a conference (`Status=completed`); answers it. Raises Declined (400) for anything else."""
    room = room_of(sid)
    if request.form.to_dict() != {"Status": "completed"}:
        raise Declined(
            400, 20001, "this stand-in only ends conferences: Status=completed, and nothing besides"
        )
    _then(_carrier().rooms.end(room))
    return jsonify(resources.conference_json(_carrier().account_sid, room))


@pages.get("/Conferences/<sid>/Participants.json")
def participants(sid: str) -> Response:
    """Who is in it now, by `Muted` and `Hold` if the query asks for that."""
    room = room_of(sid)
    rows = [
        resources.participant_json(_carrier().account_sid, room, one)
        for one in list(room.members.values())
        if fits(_word(one.muted), "Muted") and fits(_word(one.hold), "Hold")
    ]
    return listed("participants", rows)


@pages.get("/Conferences/<sid>/Participants/<name>.json")
def participant(sid: str, name: str) -> Response:
    """One who is in it."""
    room = room_of(sid)
    return jsonify(resources.participant_json(_carrier().account_sid, room, member_of(room, name)))


@pages.post("/Conferences/<sid>/Participants/<name>.json")
def change(sid: str, name: str) -> Response:
    """Hold or mute somebody, or not any more; answers the participant. Raises Declined (400) for what is not run here."""
    room = room_of(sid)
    member, form = member_of(room, name), request.form
    unknown = set(form) - _KNOWN
    if unknown or not form:
        raise Declined(400, 20001, f"this stand-in does not run {', '.join(sorted(unknown)) or 'no change'}")
    if "HoldUrl" in form:
        member.hold_url, member.hold_method = form["HoldUrl"], form.get("HoldMethod", "GET")
    flags = {"muted": "Muted", "hold": "Hold", "ends": "EndConferenceOnExit"}
    wanted = {key: form[field].lower() == "true" for key, field in flags.items() if field in form}
    _then(_carrier().rooms.change(room, member, **wanted))
    return jsonify(resources.participant_json(_carrier().account_sid, room, member))


@pages.delete("/Conferences/<sid>/Participants/<name>.json")
def put_out(sid: str, name: str) -> tuple[str, int]:
    """Put somebody out: their call goes on with what comes after its `<Dial>`. 204."""
    room = room_of(sid)
    _then(_carrier().rooms.leave(room, member_of(room, name), UPDATED, kicked=True))
    return "", 204


def _then(follows: Consequences) -> None:
    for one in follows:
        rest.later(one)


def _word(flag: bool) -> str:
    return "true" if flag else "false"
