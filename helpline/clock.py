"""The only one who knows what time it is; everything else asks here."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")

_offset = timedelta(0)


def now() -> datetime:
    """This moment, as an aware UTC datetime (moved by the rehearsal offset, if one is set)."""
    return datetime.now(UTC) + _offset


def in_rome() -> datetime:
    """This moment in Europe/Rome, where days and hours are decided."""
    return now().astimezone(ROME)


def set_offset(offset: timedelta) -> None:
    """Pretend that it is later (or earlier) by `offset`; time runs on from there."""
    global _offset
    _offset = offset


def offset() -> timedelta:
    """How far the pretended time is from the real one."""
    return _offset
