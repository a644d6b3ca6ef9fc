"""A dead man's switch: while the machinery works the clock asks an address outside each minute, whose owner tells somebody when
it falls silent. It is the one alert that a machine which is gone can still give."""

import logging
from datetime import timedelta

from sqlalchemy import select

from helpline import clock, db, environment
from helpline.api import egress
from helpline.config import Settings
from helpline.db.sweepings import Sweeping
from helpline.routing import beats
from helpline.routing.records import Heartbeat

log = logging.getLogger(__name__)

LATE = timedelta(minutes=3)
ALERTS = "helpline.alerts.standing.work"


def beat(settings: Settings | None = None) -> int:
    """Say that we are there, if we are; whether it was heard. For the clock. Raises what a database that is down raises."""
    settings = settings or environment.settings()
    if not settings.heartbeat_url or not well():
        return 0
    try:
        egress.post(
            settings.heartbeat_url, b"", {"User-Agent": "helpline-heartbeat/1"}, allow=settings.webhook_allow
        )
    except (egress.Refused, egress.NotReached, egress.Answered) as error:
        log.warning("the heartbeat was not heard: %s", error)
        return 0
    return 1


def well() -> bool:
    """Whether database, queue and web processes answer, and alerts are looked for."""
    db.redis().ping()
    with db.transaction() as session:
        web_at = session.scalar(select(Heartbeat.web_at))
        pages = web_at is None or beats.database_time(session) - web_at < LATE
        looked = session.scalar(select(Sweeping.good_at).where(Sweeping.function == ALERTS))
    return pages and looked is not None and clock.now() - looked < LATE
