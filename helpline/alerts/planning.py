"""What one recipient is told next, all of it in one message: what is new, what still stands, what is over. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.alerts.kinds import Severity

EVERY = timedelta(minutes=5)
"""So long a recipient rests after a message: what comes meanwhile is told together."""

AGAIN = timedelta(hours=24)
"""What stands for so long, and nobody has said that they know, is told once more."""

DAY_BEGINS, DAY_ENDS = 7, 21
"""Outside of these hours of Rome only what is urgent is told."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30, 60))
"""How long a recipient is left alone after one failure, two, three in a row."""


@dataclass(frozen=True)
class Alert:
    """An alert that was raised."""

    id: int
    severity: Severity
    over: bool = False
    acknowledged: bool = False


@dataclass(frozen=True)
class Known:
    """What a recipient has heard of an alert."""

    reminded_at: datetime
    over: bool = False


@dataclass(frozen=True)
class Message:
    """Ids of alerts, by what is said of them."""

    new: tuple[int, ...] = ()
    still: tuple[int, ...] = ()
    over: tuple[int, ...] = ()


def next_message(
    alerts: Iterable[Alert],
    known: Mapping[int, Known],
    *,
    least: Severity,
    rests_until: datetime | None,
    now: datetime,
    hour: int,
) -> Message | None:
    """What a recipient is told now; None when there is nothing, or not yet. `hour`: the hour in Rome.

    An alert is new once; that it is over is told to whoever was told of it, and to nobody else.
    """
    if rests_until is not None and rests_until > now:
        return None
    night = not DAY_BEGINS <= hour < DAY_ENDS
    heard = [one for one in alerts if one.severity is Severity.URGENT or not night]
    fit = [one for one in heard if one.severity is Severity.URGENT or least is Severity.WARNING]
    new = tuple(one.id for one in fit if not one.over and one.id not in known)
    over = tuple(one.id for one in heard if one.over and one.id in known and not known[one.id].over)
    still = [one for one in heard if not one.over and one.id in known]
    again = any(
        not one.acknowledged and now - known[one.id].reminded_at >= AGAIN for one in still if not night
    )
    if not (new or over or again):
        return None
    return Message(new, tuple(one.id for one in still), over)


def rests_until(now: datetime, failures: int) -> datetime:
    """Until when a recipient rests after a message that arrived (no failures), or after so many in a row that did not."""
    return now + (PAUSES[min(failures, len(PAUSES)) - 1] if failures else EVERY)
