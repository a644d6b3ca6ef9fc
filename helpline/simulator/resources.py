"""How the REST side shows calls, recordings and conferences, and which of them a list's filters choose (TWILIO.md §6). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from helpline.simulator.call import Call
from helpline.simulator.recordings import Recording
from helpline.simulator.rooms import Member, Room

VERSION = "2010-04-01"


def call_json(account_sid: str, call: Call) -> dict[str, Any]:
    """A call as GET Calls/{CA}.json shows it."""
    uri = f"/{VERSION}/Accounts/{account_sid}/Calls/{call.sid}"
    answered = None if call.answered_at is None else call.started + timedelta(seconds=call.answered_at)
    return {
        "sid": call.sid,
        "account_sid": account_sid,
        "annotation": None,
        "answered_by": call.answered_by or None,
        "api_version": VERSION,
        "caller_name": None,
        "date_created": format_datetime(call.started),
        "date_updated": format_datetime(call.at),
        "direction": call.direction,
        "duration": str(call.duration) if call.ended else None,
        "end_time": format_datetime(call.at) if call.ended else None,
        "forwarded_from": None,
        "from": call.from_,
        "from_formatted": call.from_,
        "group_sid": None,
        "parent_call_sid": call.parent or None,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": str(int(call.queue_seconds * 1000)),
        "start_time": format_datetime(answered) if answered else None,
        "status": call.status,
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }


def recording_json(account_sid: str, recording: Recording, url: str, now: datetime) -> dict[str, Any]:
    """A recording as GET Recordings/{RE}.json shows it."""
    status = recording.status(now)
    return {
        "sid": recording.sid,
        "account_sid": account_sid,
        "api_version": VERSION,
        "call_sid": recording.call_sid,
        "channels": 1,
        "conference_sid": None,
        "date_created": format_datetime(recording.created),
        "date_updated": format_datetime(recording.created),
        "start_time": format_datetime(recording.created),
        "duration": str(recording.seconds) if status == "completed" else "-1",
        "encryption_details": None,
        "error_code": None,
        "media_url": url,
        "price": None,
        "price_unit": "USD",
        "source": "RecordVerb",
        "status": status,
        "subresource_uris": {},
        "track": "inbound",
        "uri": f"/{VERSION}/Accounts/{account_sid}/Recordings/{recording.sid}.json",
    }


def conference_json(account_sid: str, room: Room) -> dict[str, Any]:
    """A conference as GET Conferences/{CF}.json shows it."""
    uri = f"/{VERSION}/Accounts/{account_sid}/Conferences/{room.sid}"
    return {
        "sid": room.sid,
        "account_sid": account_sid,
        "api_version": VERSION,
        "call_sid_ending_conference": room.ended_by.call.sid if room.ended_by else None,
        "date_created": format_datetime(room.created),
        "date_updated": format_datetime(room.ended or room.started or room.created),
        "friendly_name": room.name,
        "reason_conference_ended": room.reason or None,
        "region": "us1",
        "status": room.status,
        "subresource_uris": {"participants": f"{uri}/Participants.json"},
        "uri": f"{uri}.json",
    }


def participant_json(account_sid: str, room: Room, member: Member) -> dict[str, Any]:
    """A participant as GET Participants/{CA}.json shows it."""
    uri = f"/{VERSION}/Accounts/{account_sid}/Conferences/{room.sid}/Participants/{member.call.sid}.json"
    return {
        "account_sid": account_sid,
        "call_sid": member.call.sid,
        "call_sid_to_coach": None,
        "coaching": False,
        "conference_sid": room.sid,
        "date_created": format_datetime(member.joined),
        "date_updated": format_datetime(member.joined),
        "end_conference_on_exit": member.ends,
        "hold": member.hold,
        "label": member.label or None,
        "muted": member.muted,
        "queue_time": str(int(member.call.queue_seconds * 1000)),
        "start_conference_on_enter": member.starts,
        "status": "connected",
        "uri": uri,
    }


def error_json(code: int, message: str, status: int) -> dict[str, Any]:
    """An error as the REST API writes it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return {"code": code, "message": message, "more_info": more, "status": status}


def within(moment: datetime | None, name: str, filters: Mapping[str, str]) -> bool:
    """Whether a moment passes the filters `name` (that day), `name<` and `name>`. Raises ValueError for no date."""
    day, before, after = (filters.get(name + sign) for sign in ("", "<", ">"))
    if not (day or before or after):
        return True
    if moment is None:
        return False
    fits = not before or moment <= _end_of(before)
    fits = fits and (not after or moment >= _parse(after))
    return fits and (not day or _parse(day) <= moment <= _end_of(day))


def _parse(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _end_of(text: str) -> datetime:
    whole_day = len(text) == len("2026-11-22")
    return _parse(text) + (timedelta(days=1) if whole_day else timedelta())


def page_json(
    name: str, rows: list[dict[str, Any]], path: str, page: int, size: int, query: str
) -> dict[str, Any]:
    """One page of a list, with the address of the next."""

    def address(number: int) -> str:
        return f"{path}?{query}{'&' if query else ''}PageSize={size}&Page={number}"

    start = page * size
    shown = rows[start : start + size]
    return {
        name: shown,
        "page": page,
        "page_size": size,
        "start": start,
        "end": start + max(0, len(shown) - 1),
        "uri": address(page),
        "first_page_uri": address(0),
        "next_page_uri": address(page + 1) if start + size < len(rows) else None,
        "previous_page_uri": address(page - 1) if page else None,
    }
