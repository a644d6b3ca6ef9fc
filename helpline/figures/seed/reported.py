"""What a made-up organisation reported of a made-up case, and when. Pure."""

from collections.abc import Iterator
from datetime import datetime

from helpline.figures.seed.after import Offered


def reported(one: Offered) -> Iterator[tuple[datetime, str]]:
    """The reports of an offer's case, in their order; none of an offer that was not accepted.

    Whoever returned had a plan before; of those who did not, every other one whose counselling lasted.
    """
    if one.contacted and one.outcome != "unreachable":
        yield one.contacted, "contacted"
    if one.begun and one.ended:
        yield one.begun, "counselling_begun"
        lasted = one.ended - one.begun
        if one.outcome == "returned" or (one.outcome == "withdrew" and lasted.days % 2):
            yield one.begun + lasted / 2, "plan_made"
    if one.ended and one.outcome:
        yield one.ended, one.outcome
