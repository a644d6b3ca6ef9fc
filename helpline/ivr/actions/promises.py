"""By which day we promise to call, and how a day is kept in the draft."""

from datetime import date

from helpline import clock, hours, line


def promised_day(language: str, window: str) -> date | None:
    """The day by which we try, by the calendar of this moment; None when there is none within two weeks."""
    return hours.promise(line.current().calendar, language, window, clock.now())


def iso(day: date | None) -> str | None:
    """A day as the draft holds it."""
    return day.isoformat() if day else None
