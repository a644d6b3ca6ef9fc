"""How a leg ended: from the carrier's last word, the key, and what heard who picked up."""

from dataclasses import dataclass

import pytest

from helpline.telephony import causes
from helpline.telephony.models import Cause


@dataclass
class Leg:
    answered_by: str | None = None
    key: str | None = None
    wanted: str | None = None


@pytest.mark.parametrize(
    ("status", "leg", "sip", "cause"),
    [
        ("busy", Leg(), "486", Cause.BUSY),
        ("no-answer", Leg(), "487", Cause.NO_ANSWER),
        ("canceled", Leg(wanted="end"), None, Cause.CANCELED),
        ("failed", Leg(), "404", Cause.FAILED),
        ("failed", Leg(), "603", Cause.FAILED),
        ("failed", Leg(), "503", Cause.NETWORK),
        ("failed", Leg(), None, Cause.NETWORK),
        ("completed", Leg(key="1"), None, Cause.COMPLETED),
        ("completed", Leg(key="1", wanted="end"), None, Cause.COMPLETED),
        ("completed", Leg(key="2"), None, Cause.REFUSED),
        ("completed", Leg(key=""), None, Cause.REFUSED),
        ("completed", Leg(), None, Cause.GAVE_UP),
        ("completed", Leg(wanted="end"), None, Cause.CANCELED),
        ("completed", Leg(answered_by="machine_start"), None, Cause.MACHINE),
        ("completed", Leg(answered_by="fax"), None, Cause.MACHINE),
        ("completed", Leg(answered_by="unknown", key="1"), None, Cause.COMPLETED),
    ],
)
def test_every_end_has_its_cause(status: str, leg: Leg, sip: str | None, cause: Cause) -> None:
    assert causes.of(status, leg, sip=sip) == cause


@dataclass
class PickedUp:
    answered_by: str | None
    detect_machine: bool = True


@pytest.mark.parametrize(
    ("leg", "may"),
    [
        (PickedUp("human"), True),
        (PickedUp("unknown"), True),
        (PickedUp("machine_start"), False),
        (PickedUp("machine_end_beep"), False),
        (PickedUp("fax"), False),
        (PickedUp(None), False),
        (PickedUp(None, detect_machine=False), True),
    ],
)
def test_nothing_is_said_before_the_carrier_has_said_that_no_machine_picked_up(
    leg: PickedUp, may: bool
) -> None:
    assert causes.may_hear(leg) is may


@pytest.mark.parametrize("by", [None, "human", "unknown"])
def test_who_might_be_a_person_counts_as_one(by: str | None) -> None:
    assert not causes.machine(by)
