"""Why an attempt ended: only what the caller's side did may cost one of the three tries."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from helpline.callbacks import reached
from helpline.callbacks.values import Cause
from helpline.telephony.models import Cause as Ended

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class Leg:
    cause: str | None = None
    key: str | None = None
    wanted: str | None = None
    seconds: int = 0

    @property
    def ended_at(self) -> datetime | None:
        return NOON + timedelta(seconds=self.seconds) if self.cause else None


TOOK = Leg(Ended.COMPLETED, "1", seconds=60)
WAITS = Leg(None, "1")


@pytest.mark.parametrize(
    ("operator", "caller", "cause"),
    [
        (Leg(), None, None),
        (Leg(Ended.BUSY), None, Cause.OPERATOR_UNREACHED),
        (Leg(Ended.NO_ANSWER), None, Cause.OPERATOR_UNREACHED),
        (Leg(Ended.FAILED), None, Cause.OPERATOR_UNREACHED),
        (Leg(Ended.REFUSED, ""), None, Cause.OPERATOR_NO_KEY),
        (Leg(Ended.REFUSED, "2"), None, Cause.OPERATOR_NO_KEY),
        (Leg(Ended.GAVE_UP), None, Cause.OPERATOR_NO_KEY),
        (Leg(Ended.NETWORK), None, Cause.NETWORK),
        (Leg(Ended.CANCELED), None, Cause.TAKEN_BACK),
        (Leg(Ended.CANCELED, wanted="end"), None, Cause.TAKEN_BACK),
        (TOOK, None, Cause.OPERATOR_UNREACHED),
        (WAITS, Leg(Ended.BUSY), None),
        (TOOK, Leg(), None),
        (TOOK, Leg(Ended.BUSY), Cause.BUSY),
        (TOOK, Leg(Ended.NO_ANSWER), Cause.NO_ANSWER),
        (TOOK, Leg(Ended.FAILED), Cause.NO_ANSWER),
        (TOOK, Leg(Ended.MACHINE), Cause.MACHINE),
        (TOOK, Leg(Ended.REFUSED, "2"), Cause.WRONG_MOMENT),
        (TOOK, Leg(Ended.REFUSED, "2", seconds=90), Cause.WRONG_MOMENT),
        (TOOK, Leg(Ended.REFUSED, ""), Cause.REFUSED),
        (TOOK, Leg(Ended.GAVE_UP), Cause.REFUSED),
        (TOOK, Leg(Ended.REFUSED, "", seconds=90), Cause.OPERATOR_UNREACHED),
        (TOOK, Leg(Ended.GAVE_UP, seconds=90), Cause.OPERATOR_UNREACHED),
        (TOOK, Leg(Ended.CANCELED), Cause.OPERATOR_UNREACHED),
        (TOOK, Leg(Ended.NETWORK), Cause.NETWORK),
        (Leg(Ended.COMPLETED, "1", "end"), Leg(Ended.CANCELED), Cause.TAKEN_BACK),
        (WAITS, Leg(None, "1"), None),
        (WAITS, Leg(Ended.COMPLETED, "1"), Cause.CONNECTED),
        (TOOK, Leg(None, "1"), Cause.CONNECTED),
        (Leg(Ended.COMPLETED, "1", "end"), Leg(None, "1"), Cause.CONNECTED),
    ],
)
def test_every_way_of_ending_has_its_cause(operator: Leg, caller: Leg | None, cause: Cause | None) -> None:
    assert reached.cause(operator, caller) == cause


@pytest.mark.parametrize("cause", list(Ended))
def test_no_end_of_a_leg_is_without_an_answer(cause: Ended) -> None:
    assert reached.cause(Leg(cause), None) is not None
    assert reached.cause(TOOK, Leg(cause)) is not None
