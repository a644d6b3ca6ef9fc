"""Legs in tests: a carrier that answers as it is told to, calls that are meant, and what the carrier tells of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from helpline import clock, db
from helpline.phone import PhoneNumber
from helpline.telephony import legs
from helpline.telephony.carrier import CarrierCall
from helpline.telephony.models import Leg, Purpose

NUMBER = PhoneNumber("+393330000123")
SID = "CA" + "1" * 32


@dataclass
class Scripted:
    """A carrier that answers as a test says, and notes when it was asked."""

    calls_a_second: float = 500.0
    asked: list[float] = field(default_factory=list)
    answers: list[str | Exception] = field(default_factory=list)
    known: dict[str, CarrierCall | None] = field(default_factory=dict)
    done: list[tuple[Any, ...]] = field(default_factory=list)

    def place(self, to: PhoneNumber, path: str, *, ring_seconds: int, detect_machine: bool) -> str:
        self.asked.append(monotonic())
        answer = self.answers.pop(0) if self.answers else f"CA{len(self.asked):032}"
        if isinstance(answer, Exception):
            raise answer
        return answer

    def calls_to(self, to: PhoneNumber, since: datetime) -> list[CarrierCall]:
        return [call for call in self.known.values() if call]

    def call(self, sid: str) -> CarrierCall | None:
        return self.known.get(sid)

    def end(self, sid: str, *, answered: bool) -> str:
        self.done.append(("end", sid, answered))
        if self.answers and isinstance(self.answers[0], Exception):
            raise self.answers.pop(0)
        return "completed" if answered else "canceled"

    def send(self, sid: str, path: str) -> None:
        self.done.append(("send", sid, path))

    def hold(self, room_sid: str, call_sid: str, path: str | None) -> None:
        self.done.append(("hold", room_sid, call_sid, path))
        if self.answers:
            raise self.answers.pop(0)


def meant(purpose: Purpose = Purpose.LIVE_OPERATOR, subject: int = 1, **more: Any) -> int:
    """The id of a leg that somebody meant to ring."""
    with db.transaction() as session:
        return legs.place(session, purpose, subject, NUMBER, language="bn", **more).id


def told(leg_id: int, status: str, sid: str = SID, **more: Any) -> bool:
    """Whether what the carrier tells of a leg was news."""
    with db.transaction() as session:
        return legs.heard(session, leg_id, sid, status, **more) is not None


def of(leg_id: int) -> Leg:
    """The leg as it is now."""
    with db.transaction() as session:
        return session.get_one(Leg, leg_id)


def later(seconds: float) -> None:
    """Let our own time pass."""
    clock.set_offset(clock.offset() + timedelta(seconds=seconds))


def known(status: str, sid: str = SID) -> dict[str, CarrierCall | None]:
    """One call that the carrier knows."""
    return {sid: CarrierCall(sid, "", "", status, None, None)}
