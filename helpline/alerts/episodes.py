"""From what holds at one look and the next to one alert with a beginning and an end: nothing that flickers is told twice. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

GAP = timedelta(minutes=5)
"""Between two looks that are further apart nobody knows what was: what was not raised by then begins anew."""
LATELY = timedelta(hours=2)
"""What was an alert so lately, and is one again, must be gone for longer until it is over."""
LONGEST = timedelta(hours=1)
"""For longer than this nothing that comes and goes must be gone."""


@dataclass(frozen=True)
class Episode:
    """One alert in time. `since`: from when it holds; `seen_at`: when it was last seen to hold; `raised_at`: since when it
    stands (None: it has not held for long enough); `gone_since`: it was not seen to hold since; `cleared_at`: it is over."""

    since: datetime
    seen_at: datetime
    raised_at: datetime | None = None
    gone_since: datetime | None = None
    cleared_at: datetime | None = None


def looked(
    before: Episode | None,
    now: datetime,
    *,
    held: bool,
    since: datetime | None = None,
    holds: timedelta,
    clears: timedelta,
) -> Episode | None:
    """How it stands after a look at `now`; None when there is nothing to remember.

    `held`: whether it holds; `since`: from when, where the facts say so. It stands once it has held for `holds`, and is
    over once it has not been seen to hold for `clears`; an episode that is over is not given again.
    """
    if held:
        return _held(before, now, since, holds)
    if before is None or before.raised_at is None:
        return None
    gone = before.gone_since or now
    return replace(before, gone_since=gone, cleared_at=now if now - gone >= clears else None)


def patience(clears: timedelta, lately: int) -> timedelta:
    """For how long it must be gone, where `lately` alerts of it ended within `LATELY`: twice as long for each, an hour at most.

    So what holds for three minutes in a quarter of an hour is told twice, and not eight times an hour.
    """
    return max(clears, min(LONGEST, clears * 2 ** min(lately, 10)))


def _held(before: Episode | None, now: datetime, since: datetime | None, holds: timedelta) -> Episode:
    if before is None or (before.raised_at is None and now - before.seen_at > GAP):
        before = Episode(min(since or now, now), now)
    raised = before.raised_at or (now if now - before.since >= holds else None)
    return replace(before, seen_at=now, raised_at=raised, gone_since=None)
