"""Calls that the application places: queued one a second, rung, answered or not. Their callees are played by a test or a page."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from helpline.simulator.call import Call
from helpline.simulator.line import Place
from helpline.simulator.links import Link
from helpline.simulator.refusal import CarrierRefused, NotPossible
from helpline.simulator.runner import Run
from helpline.simulator.twiml import Verb

if TYPE_CHECKING:
    from helpline.simulator.carrier import Carrier

MACHINES = {"Enable": "machine_start", "DetectMessageEnd": "machine_end_beep"}


# Seconds more than asked for: Twilio's own margin on some routes of calls placed over REST.
MARGIN = 5
NOT_ANSWERED = ("queued", "initiated", "ringing")


@dataclass(frozen=True)
class Order:
    """What was asked for when a call was placed; `link` is that of a call which somebody dialled."""

    place: Place | None
    timeout: int
    detection: str
    detection_url: str
    link: Link | None = None


class Outbound:
    """The outgoing calls of one carrier, made known to it as they move on."""

    def __init__(self, carrier: Carrier, *, per_second: float = 1.0) -> None:
        self.carrier = carrier
        self._gap = timedelta(seconds=1 / per_second)
        self._next: datetime | None = None
        self._orders: dict[str, Order] = {}
        self._lock = threading.Lock()

    def place(self, to: str, from_: str, wanted: dict[str, str], events: list[str]) -> Call:
        """Take an order. `wanted` are the form fields of POST Calls.json. Raises CarrierRefused with every fault.

        The call rings when its turn comes, which the carrier's time must reach: `advance(0)` where it is now.
        """
        faults = list(_faults(to, from_, wanted, events))
        if faults:
            raise CarrierRefused(21205 if "Url" in faults[0] else 21211, faults)
        call = self.carrier.new_call(to, from_, "outbound-api")
        call.fallback = wanted.get("FallbackUrl", "")
        call.status_url = wanted.get("StatusCallback", "")
        call.status_method = wanted.get("StatusCallbackMethod", "POST")
        call.status_events = frozenset(events or ["completed"])
        given = wanted.get("Twiml", "").encode()
        first = Place(wanted.get("Url", ""), wanted.get("Method", "POST"), given=given)
        detection = wanted.get("MachineDetection", "")
        detection_url = wanted.get("AsyncAmdStatusCallback", "") if wanted.get("AsyncAmd") == "true" else ""
        timeout = int(wanted.get("Timeout", "60")) + MARGIN
        self._orders[call.sid] = Order(first, timeout, detection, detection_url)
        now = self.carrier.now()
        with self._lock:
            turn = max(now, self._next or now)
            self._next = turn + self._gap
        call.queue_seconds = (turn - now).total_seconds()
        self.carrier.at(turn, lambda: self._ring(call, "queued"))
        return call

    def ring(self, link: Link, to: str, from_: str, dial: Verb, noun: Verb | None, base: str) -> Call:
        """Ring a number that a `<Dial>` names; such calls are never queued (TWILIO.md §1.3)."""
        noun = noun or Verb("Number", {}, to)
        call = self.carrier.new_call(to, from_, "outbound-dial")
        call.parent, call.fallback, call.status = link.dialler.sid, "", "initiated"
        call.status_url = urljoin(base, noun.get("statusCallback")) if noun.get("statusCallback") else ""
        call.status_method = noun.get("statusCallbackMethod", "POST")
        call.status_events = frozenset(noun.get("statusCallbackEvent", "completed").split())
        url, told = noun.get("url"), noun.get("amdStatusCallback")
        whisper = Place(urljoin(base, url), noun.get("method", "POST")) if url else None
        detection = noun.get("machineDetection")
        told = urljoin(base, told) if told else ""
        self._orders[call.sid] = Order(whisper, dial.number("timeout", 30), detection, told, link)
        self._ring(call, "initiated")
        return call

    @property
    def ringing(self) -> list[Call]:
        """Calls that ring now, oldest first."""
        return [call for call in list(self.carrier.calls.values()) if self._is(call, "ringing")]

    def answer(self, call: Call, *, machine: bool = False) -> Call:
        """The callee (or an answering machine) picks up. Returns when the call waits for the callee, or has ended."""
        order = self._must_ring(call)
        if order.link and not order.link.take(call):
            raise NotPossible("somebody else was faster, or nobody waits any more")
        if not call.shift("ringing", "in-progress"):
            raise NotPossible(f"the call does not ring (it is {call.status})")
        self._now(call)
        call.answered_at = call.spent
        for other in order.link.legs if order.link else []:
            self._end(other, "canceled")
        self.carrier.report(call)
        if order.detection:
            self._detect(call, order, machine=machine)
        run = Run(call, self.carrier)
        call.begin(run.script(order.place, order.link))
        return call

    def refuse(self, call: Call, status: str = "busy") -> Call:
        """The callee is `busy`, the call `failed`, or nobody comes (`no-answer`)."""
        self._must_ring(call)
        if status not in ("busy", "failed", "no-answer"):
            raise NotPossible(f"a call cannot end as {status!r} before it is answered")
        self._end(call, status)
        call.afterwards()
        return call

    def cancel(self, call: Call) -> Call:
        """The application takes the order back; only while it is queued or rings."""
        if not self._end(call, "canceled"):
            raise NotPossible(f"a call that is {call.status} cannot be cancelled")
        call.afterwards()
        return call

    def is_over(self, call: Call) -> None:
        """A call has ended: whoever dialled it looks again (the carrier says this)."""
        order = self._orders.get(call.sid)
        if order and order.link:
            order.link.left(call)

    def hang_up_on(self, link: Link) -> None:
        """Whoever dialled no longer waits or talks: what rings stops, the one who talks hears the line go dead."""
        winner = link.end()
        for leg in link.legs:
            self._end(leg, "canceled")
        if winner:
            winner.nudge()

    def _detect(self, call: Call, order: Order, *, machine: bool) -> None:
        verdict = MACHINES[order.detection] if machine else "human"
        call.spent += 4.0
        self.carrier.moved(call)
        if not order.detection_url:
            call.answered_by = verdict
            return
        fields = [
            ("CallSid", call.sid),
            ("AccountSid", self.carrier.account_sid),
            ("AnsweredBy", verdict),
            ("MachineDetectionDuration", "4000"),
        ]
        self.carrier.tell("detection", order.detection_url, fields, call)

    def _is(self, call: Call, status: str) -> bool:
        return call.sid in self._orders and call.status == status and not call.ended

    def _must_ring(self, call: Call) -> Order:
        if not self._is(call, "ringing"):
            raise NotPossible(f"the call does not ring (it is {call.status})")
        return self._orders[call.sid]

    def _ring(self, call: Call, before: str) -> None:
        if not self._is(call, before):
            return
        self._now(call)
        self.carrier.report(call)
        if not call.shift(before, "ringing"):
            return
        self.carrier.report(call)
        patience = timedelta(seconds=self._orders[call.sid].timeout)
        self.carrier.at(self.carrier.now() + patience, lambda: self._give_up(call), weak=True)

    def _give_up(self, call: Call) -> None:
        self._end(call, "no-answer")

    def _now(self, call: Call) -> None:
        call.spent = max(call.spent, (self.carrier.now() - call.started).total_seconds())

    def _end(self, call: Call, status: str) -> bool:
        """End a call that nobody has answered; False for any other."""
        if not any(call.shift(before, status) for before in NOT_ANSWERED):
            return False
        self._now(call)
        self.carrier.over(call, status)
        return True


def _faults(to: str, from_: str, wanted: dict[str, str], events: list[str]) -> list[str]:
    faults = []
    for name, number in (("To", to), ("From", from_)):
        if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
            faults.append(f"{name} is not an E.164 number")
    if ("Url" in wanted) == ("Twiml" in wanted):
        faults.append("Url or Twiml, and only one of them, must be given")
    if not re.match(r"https?://", wanted.get("Url", "http://")):
        faults.append("Url is not an absolute address")
    timeout = wanted.get("Timeout", "60")
    if not timeout.isdigit() or not 1 <= int(timeout) <= 600:
        faults.append("Timeout is not a number from 1 to 600")
    if wanted.get("MachineDetection", "Enable") not in MACHINES:
        faults.append("MachineDetection is neither Enable nor DetectMessageEnd")
    unknown = set(events) - {"initiated", "ringing", "answered", "completed"}
    if unknown:
        faults.append(f"StatusCallbackEvent: {', '.join(sorted(unknown))} is not an event")
    faults += [f"{name} is not a parameter of this call" for name in wanted if name not in KNOWN]
    return faults


KNOWN = frozenset(
    {
        *("To", "From", "Url", "Twiml", "Method", "FallbackUrl", "FallbackMethod", "Timeout", "TimeLimit"),
        *("StatusCallback", "StatusCallbackMethod", "StatusCallbackEvent", "MachineDetection"),
        *("MachineDetectionTimeout", "MachineDetectionSpeechThreshold", "MachineDetectionSpeechEndThreshold"),
        *(
            "MachineDetectionSilenceTimeout",
            "AsyncAmd",
            "AsyncAmdStatusCallback",
            "AsyncAmdStatusCallbackMethod",
        ),
    }
)
