"""Times in which we were out of order, and what they add to a deadline: pure. Reads no clock and no row."""

from collections.abc import Iterable
from datetime import datetime

Gap = tuple[datetime, datetime]
"""From when until when something of ours did not answer."""


def joined(gaps: Iterable[Gap]) -> list[Gap]:
    """The time that is covered by any of the gaps, each moment once, in order."""
    found: list[Gap] = []
    for began, ended in sorted(gaps):
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        elif began < ended:
            found.append((began, ended))
    return found


def after(gaps: Iterable[Gap], moment: datetime | None) -> list[Gap]:
    """What of joined gaps lies after a moment: all of them after None."""
    if moment is None:
        return list(gaps)
    return [(max(began, moment), ended) for began, ended in gaps if ended > moment]


def extended(deadline: datetime, made_at: datetime, gaps: Iterable[Gap]) -> datetime:
    """A deadline moved by what was lost of the time that led to it; `gaps` are joined, and in order.

    A gap that began when the deadline had passed adds nothing: nobody was kept from answering it.
    """
    for began, ended in gaps:
        if began < deadline and made_at < ended:
            deadline += ended - max(began, made_at)
    return deadline
