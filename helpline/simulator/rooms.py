"""The carrier's conferences: who is in which, when one begins and ends, and what the application is told (TWILIO.md §1.3, §3)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from helpline.simulator.call import Call, Heard
from helpline.simulator.mischief import Fields
from helpline.simulator.refusal import CarrierRefused
from helpline.simulator.twiml import Verb

if TYPE_CHECKING:
    from helpline.simulator.carrier import Carrier

HUNG_UP, UPDATED = "participant_hung_up", "participant_updated_via_api"
MODERATOR, BY_API = "moderator_ended_conference", "conference_ended_via_api"
_WORDS = {"participant-unmute": "mute", "participant-unhold": "hold"}

Consequences = list[Callable[[], None]]
"""What follows from a change, to be done in this order: callbacks, and calls that look again."""


@dataclass
class Member:
    """One call in a conference; `gone` says why it no longer is."""

    call: Call
    joined: datetime
    label: str = ""
    muted: bool = False
    starts: bool = True
    ends: bool = False
    beep: str = "true"
    hold: bool = False
    hold_url: str = ""
    hold_method: str = "GET"
    gone: str = ""


@dataclass
class Room:
    """A conference. Where its callbacks go, and which, was said by the first who entered."""

    sid: str
    name: str
    created: datetime
    url: str
    method: str
    events: frozenset[str]
    members: dict[str, Member] = field(default_factory=dict)
    started: datetime | None = None
    ended: datetime | None = None
    reason: str = ""
    ended_by: Member | None = None
    told: int = 0

    @property
    def status(self) -> str:
        """Twilio's word for it: init, in-progress or completed."""
        return "completed" if self.ended else "in-progress" if self.started else "init"


class Rooms:
    """All conferences of the account. Every change gives back what follows from it, for the caller to do."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._rooms: list[Room] = []
        self._lock = threading.Lock()

    def all(self) -> list[Room]:
        """Every conference, the newest first."""
        return self._rooms[::-1]

    def find(self, sid: str) -> Room | None:
        """The conference with this sid."""
        return next((room for room in self._rooms if room.sid == sid), None)

    def enter(self, call: Call, noun: Verb, base: str) -> tuple[Room, Member, Consequences]:
        """A call enters the conference that its `<Conference>` names; the first one makes it. Raises CarrierRefused."""
        now = self._carrier.now()
        member = Member(
            call,
            now,
            label=noun.get("participantLabel"),
            muted=noun.get("muted") == "true",
            starts=noun.get("startConferenceOnEnter", "true") == "true",
            ends=noun.get("endConferenceOnExit") == "true",
            beep=noun.get("beep", "true"),
        )
        with self._lock:
            room = next((one for one in self._rooms if one.name == noun.text and not one.ended), None)
            if room is None:
                room = self._new(noun, base, now)
            elif member.label and any(one.label == member.label for one in room.members.values()):
                raise CarrierRefused(16025, f"participantLabel {member.label!r} is taken")
            elif len(room.members) >= noun.number("maxParticipants", 250):
                raise CarrierRefused(13230, "the conference is full")
            room.members[call.sid] = member
            begins = not room.started and len(room.members) > 1
            begins = begins and any(one.starts for one in room.members.values())
            if begins:
                room.started = now
            inside = list(room.members.values())
        follows = [self._callback(room, "participant-join", member)]
        if begins:
            follows += [self._callback(room, "conference-start"), self._looks(inside, member)]
        if room.started and member.beep in ("true", "onEnter"):
            self._beep(inside)
        return room, member, follows

    def leave(self, room: Room, member: Member, why: str, *, kicked: bool = False) -> Consequences:
        """A call leaves: it hung up, was sent elsewhere, or is put out. Nothing follows if it has left already."""
        with self._lock:
            if member.gone:
                return []
            member.gone = why
            del room.members[member.call.sid]
            rest = list(room.members.values())
            how = "kicked" if kicked else "left"
            left = []
            if member.ends:
                left = self._close(room, f"participant-with-end-conference-on-exit-{how}", MODERATOR)
            elif not rest:
                self._close(room, f"last-participant-{how}", why)
            if room.ended:
                room.ended_by = member
        if room.started and not room.ended and member.beep in ("true", "onExit"):
            self._beep(rest)
        return [*self._goodbyes(room, [member, *left]), self._looks([*left, *([member] if kicked else [])])]

    def end(self, room: Room) -> Consequences:
        """The application ends the conference: everybody is out of it."""
        with self._lock:
            left = [] if room.ended else self._close(room, "conference-ended-via-api", BY_API)
        return [*self._goodbyes(room, left), self._looks(left)] if left else []

    def change(
        self,
        room: Room,
        member: Member,
        *,
        muted: bool | None = None,
        hold: bool | None = None,
        ends: bool | None = None,
    ) -> Consequences:
        """Mute or hold somebody, or let the conference depend on them; what is None, or so already, stays."""
        follows = []
        if muted is not None and muted != member.muted:
            member.muted = muted
            follows.append(self._callback(room, f"participant-{'' if muted else 'un'}mute", member))
        if hold is not None and hold != member.hold:
            member.hold = hold
            follows += [
                self._callback(room, f"participant-{'' if hold else 'un'}hold", member),
                self._looks([member]),
            ]
        if ends is not None and ends != member.ends:
            member.ends = ends
            follows.append(self._callback(room, "participant-modify", member))
        return follows

    def _new(self, noun: Verb, base: str, now: datetime) -> Room:
        where = noun.get("statusCallback")
        events = noun.get("statusCallbackEvent").split()
        if where and not events:
            raise CarrierRefused(
                12200, "<Conference statusCallback> without statusCallbackEvent tells nothing"
            )
        method = noun.get("statusCallbackMethod", "POST")
        sid = self._carrier.new_sid("CF")
        room = Room(sid, noun.text, now, urljoin(base, where) if where else "", method, frozenset(events))
        self._rooms.append(room)
        return room

    def _close(self, room: Room, reason: str, why: str) -> list[Member]:
        """Everybody who was still in it."""
        room.ended, room.reason = self._carrier.now(), reason
        left = list(room.members.values())
        for one in left:
            one.gone = why
        room.members.clear()
        return left

    def _goodbyes(self, room: Room, left: list[Member]) -> Consequences:
        follows = [self._callback(room, "participant-leave", one) for one in left]
        return [*follows, self._callback(room, "conference-end")] if room.ended else follows

    def _looks(self, members: list[Member], but: Member | None = None) -> Callable[[], None]:
        def nudge() -> None:
            for one in members:
                if one is not but:
                    self._carrier.later(one.call.nudge)

        return nudge

    def _beep(self, members: list[Member]) -> None:
        now = self._carrier.now()
        for one in members:
            at = max(one.call.spent, (now - one.call.started).total_seconds())
            one.call.heard.append(Heard("tone", "beep", seconds=0.5, at=at))

    def _callback(self, room: Room, event: str, member: Member | None = None) -> Callable[[], None]:
        word = _WORDS.get(event) or event.rpartition("-")[2]
        if not room.url or word not in room.events:
            return lambda: None
        fields = self._fields(room, event, member)
        about = member or room.ended_by or next(iter(room.members.values()), None)

        def tell() -> None:
            call = about.call if about else None
            self._carrier.tell("conference", room.url, fields, call, room.method)

        return tell

    def _fields(self, room: Room, event: str, member: Member | None) -> Fields:
        room.told += 1
        fields = [
            ("ConferenceSid", room.sid),
            ("FriendlyName", room.name),
            ("AccountSid", self._carrier.account_sid),
            ("SequenceNumber", str(room.told)),
            ("Timestamp", format_datetime(self._carrier.now())),
            ("StatusCallbackEvent", event),
        ]
        if member:
            flags = (member.muted, member.hold, False, member.ends, member.starts)
            names = ("Muted", "Hold", "Coaching", "EndConferenceOnExit", "StartConferenceOnEnter")
            fields.append(("CallSid", member.call.sid))
            fields += [(name, "true" if flag else "false") for name, flag in zip(names, flags, strict=True)]
            fields += [("ParticipantLabel", member.label)] if member.label else []
        if event == "participant-leave" and member:
            status = "completed" if member.gone == HUNG_UP else member.call.status
            fields += [("ParticipantCallStatus", status), ("ReasonParticipantLeft", member.gone)]
        if event == "conference-end":
            fields += [("ReasonConferenceEnded", room.reason), ("Reason", room.reason.replace("-", " "))]
            if room.ended_by:
                fields.append(("CallSidEndingConference", room.ended_by.call.sid))
        return fields
