"""Calls that the application places: queued one a second, rung, answered or not. Their callees are played by a test or a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.simulator.call import Call
from helpline.simulator.carrier import Carrier
from helpline.simulator.line import Place
from helpline.simulator.refusal import CarrierRefused, NotPossible
from helpline.simulator.runner import Run

MACHINES = {"Enable": "machine_start", "DetectMessageEnd": "machine_end_beep"}


@dataclass(frozen=True)
class Order:
    """What the application asked for when it placed the call."""

    place: Place
    timeout: int
    detection: str
    detection_url: str


class Outbound:
    """The outgoing calls of one carrier, made known to it as they move on."""

    def __init__(self, carrier: Carrier, *, per_second: float = 1.0) -> None:
        self.carrier = carrier
        self._gap = timedelta(seconds=1 / per_second)
        self._next: datetime | None = None
        self._orders: dict[str, Order] = {}

    def place(self, to: str, from_: str, wanted: dict[str, str], events: list[str]) -> Call:
        """Take an order. `wanted` are the form fields of POST Calls.json. Raises CarrierRefused with every fault."""
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
        self._orders[call.sid] = Order(first, int(wanted.get("Timeout", "60")), detection, detection_url)
        now = self.carrier.now()
        turn = max(now, self._next or now)
        self._next = turn + self._gap
        call.queue_seconds = (turn - now).total_seconds()
        self.carrier.at(turn, self._when(call, "queued", self._ring))
        self.carrier.advance(0)
        return call

    @property
    def ringing(self) -> list[Call]:
        """Calls that ring now, oldest first."""
        return [call for call in self.carrier.calls.values() if self._is(call, "ringing")]

    def answer(self, call: Call, *, machine: bool = False) -> Call:
        """The callee (or an answering machine) picks up. Returns when the call waits for the callee, or has ended."""
        self._must_ring(call)
        order = self._orders[call.sid]
        self._now(call)
        call.status, call.answered_at = "in-progress", call.spent
        self.carrier.report(call)
        verdict = MACHINES.get(order.detection, "machine_start") if machine else "human"
        if order.detection:
            call.spent += 4.0
            self.carrier.moved(call)
            if order.detection_url:
                fields = [
                    ("CallSid", call.sid),
                    ("AccountSid", self.carrier.account_sid),
                    ("AnsweredBy", verdict),
                    ("MachineDetectionDuration", "4000"),
                ]
                self.carrier.tell("detection", order.detection_url, fields, call)
            else:
                call.answered_by = verdict
        run = Run(call, self.carrier)
        call.begin(run.script(order.place))
        return call

    def refuse(self, call: Call, status: str = "busy") -> Call:
        """The callee is `busy`, the call `failed`, or nobody comes (`no-answer`)."""
        self._must_ring(call)
        if status not in ("busy", "failed", "no-answer"):
            raise NotPossible(f"a call cannot end as {status!r} before it is answered")
        return self._end(call, status)

    def cancel(self, call: Call) -> Call:
        """The application takes the order back; only while it is queued or rings."""
        if call.ended or call.status not in ("queued", "ringing"):
            raise NotPossible(f"a call that is {call.status} cannot be cancelled")
        return self._end(call, "canceled")

    def _is(self, call: Call, status: str) -> bool:
        return call.sid in self._orders and call.status == status and not call.ended

    def _must_ring(self, call: Call) -> None:
        if not self._is(call, "ringing"):
            raise NotPossible(f"the call does not ring (it is {call.status})")

    def _when(self, call: Call, status: str, then: Callable[[Call], object]) -> Callable[[], None]:
        def happen() -> None:
            if self._is(call, status):
                then(call)

        return happen

    def _ring(self, call: Call) -> None:
        self._now(call)
        self.carrier.report(call)
        call.status = "ringing"
        self.carrier.report(call)
        # Five seconds more than asked for: Twilio's own margin on some routes.
        patience = timedelta(seconds=self._orders[call.sid].timeout + 5)
        give_up = self._when(call, "ringing", lambda one: self._end(one, "no-answer"))
        self.carrier.at(self.carrier.now() + patience, give_up)

    def _now(self, call: Call) -> None:
        call.spent = max(call.spent, (self.carrier.now() - call.started).total_seconds())

    def _end(self, call: Call, status: str) -> Call:
        self._now(call)
        self.carrier.over(call, status)
        return call


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
