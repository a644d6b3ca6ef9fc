"""How the line stands at this moment, for a screen on the wall: counts of languages and of what waits. One statement; names nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from helpline import clock
from helpline.hours import today
from helpline.languages import CODES

SOON = timedelta(hours=2)
"""Offers whose time is over within so long are about to expire."""
NO_CALL_LASTS = timedelta(hours=6)
"""Of a call that began before that the end was not heard: it does not go on."""

_NOW = """
SELECT 'live' AS what, coalesce(language, '') AS language, count(*) AS count, NULL::timestamptz AS since
  FROM calls WHERE NOT finished AND started_at > :recent GROUP BY 2
UNION ALL
SELECT 'waiting', language, count(*), min(queued_since) FROM holds WHERE state = 'waiting' GROUP BY 2
UNION ALL
SELECT CASE WHEN due_on < :today THEN 'late' ELSE 'due' END, '', count(*), NULL
  FROM callbacks WHERE state = 'waiting' AND due_on <= :today AND next_at <= :now GROUP BY 1
UNION ALL
SELECT 'offers', '', count(*), NULL FROM offers WHERE state = 'pending' AND expires_at <= :soon
UNION ALL
SELECT 'requests', '', count(*), NULL FROM requests WHERE state = 'needs_person'"""


@dataclass(frozen=True)
class Language:
    """A language now: calls that go on in it, callers who wait for a person, and since when the first of them does."""

    code: str
    live: int
    waiting: int
    since: datetime | None


@dataclass(frozen=True)
class Picture:
    """The line now. `choosing`: calls without a language yet; `due`, `late`: callbacks to be made today, and whose day has passed;
    `offers`: about to expire; `requests`: for a coordinator to look at."""

    languages: tuple[Language, ...]
    choosing: int
    due: int
    late: int
    offers: int
    requests: int

    @property
    def live(self) -> int:
        """All calls that go on."""
        return self.choosing + sum(language.live for language in self.languages)

    @property
    def waiting(self) -> int:
        """All callers who wait for a person."""
        return sum(language.waiting for language in self.languages)

    @property
    def since(self) -> datetime | None:
        """Since when the one waits who has waited longest; None where nobody does."""
        return min((language.since for language in self.languages if language.since), default=None)


def picture(session: Session) -> Picture:
    """The line as it stands."""
    now = clock.now()
    given = {"now": now, "today": today(now), "soon": now + SOON, "recent": now - NO_CALL_LASTS}
    found = {
        (what, language): (count, since)
        for what, language, count, since in session.execute(text(_NOW), given)
    }
    return Picture(
        tuple(_language(code, found) for code in CODES),
        *(found.get((what, ""), (0, None))[0] for what in ("live", "due", "late", "offers", "requests")),
    )


def _language(code: str, found: Mapping[tuple[str, str], tuple[int, datetime | None]]) -> Language:
    waiting, since = found.get(("waiting", code), (0, None))
    return Language(code, found.get(("live", code), (0, None))[0], waiting, since)
