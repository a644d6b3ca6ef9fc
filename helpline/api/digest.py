"""When a mailbox of the network gets its next mail, and how many things it tells. Pure.

Whoever signals needs no account: eleven signals in a minute must not be eleven mails. The first goes at once; what comes
while the mailbox rests waits for one mail that tells all of it.
"""

from datetime import datetime, timedelta

EVERY = timedelta(minutes=30)
"""So long a mailbox rests after a mail."""


def waits_until(rests_until: datetime | None, now: datetime) -> datetime | None:
    """Until when a mail to this mailbox waits; None when it may go now."""
    return rests_until if rests_until is not None and rests_until > now else None


def rests_until(now: datetime, next_try: datetime | None = None) -> datetime:
    """Until when the mailbox rests after a mail that goes now; after one that failed no longer than until its next try."""
    return now + EVERY if next_try is None else min(next_try, now + EVERY)


def wakes_at(next_try: datetime, rests_until: datetime) -> datetime:
    """When what failed before is tried, once another mail has arrived: with the next, however long its own pause is."""
    return min(next_try, rests_until)


def counted(signals: int, offices: int) -> tuple[str, str]:
    """How many came, in Italian and in English. Raises ValueError for none at all."""
    if not signals + offices:
        raise ValueError("nothing is told")
    italian = _words(
        (signals, "{} segnalazione", "{} segnalazioni"),
        (offices, "{} ufficio che ha chiamato", "{} uffici che hanno chiamato"),
        " e ",
    )
    english = _words(
        (signals, "{} signal", "{} signals"),
        (offices, "{} office that called", "{} offices that called"),
        " and ",
    )
    return italian, english


def _words(signals: tuple[int, str, str], offices: tuple[int, str, str], joined: str) -> str:
    return joined.join(
        (one if count == 1 else more).format(count) for count, one, more in (signals, offices) if count
    )
