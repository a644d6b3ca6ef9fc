"""Looks how the line stands: one part after the other, each by itself, so that what cannot be looked at hides nothing else."""

import logging
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from rq import Queue as Jobs
from rq import Worker
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.alerts import asking, usual_calls
from helpline.alerts.facts import Facts, Queue
from helpline.alerts.kinds import WINDOW, Kind, Setting
from helpline.alerts.models import Probe
from helpline.api.models import Delivery, DeliveryState
from helpline.calls.models import Call
from helpline.config import Settings
from helpline.db import tallies
from helpline.db.outbox import Leaving
from helpline.db.sweepings import Sweeping
from helpline.routing import beats, deadlines
from helpline.routing.models import Request, RequestState
from helpline.routing.records import Heartbeat
from helpline.telephony.models import Cause, Leg, LegState

log = logging.getLogger(__name__)

QUEUES = ("ring", "slow")
LEGS_WITHIN = timedelta(hours=1)
NEWEST_LEGS = 5000
PROBES_WITHIN = timedelta(days=7)
"""A probe that has been silent for longer was given up."""

FIGURES = "helpline.figures.keeping.count_changes"
Limits = Mapping[Kind, Setting]


def facts(session: Session, limits: Limits, settings: Settings) -> Facts:
    """How everything stands now; kinds of which nothing could be found out are named in it."""
    now = clock.now()
    values: dict[str, Any] = {"now": now, "deadline_now": now}
    unknown: set[Kind] = set()
    for kinds, look in _PARTS:
        try:
            with session.begin_nested():
                values |= look(session, limits, settings)
        except Exception as error:
            log.error("alerts could not look at %s: %s", ", ".join(kinds), type(error).__name__)
            unknown.update(kinds)
    return Facts(**values, unknown=frozenset(unknown))


def _tongues(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    return {"tongues": asking.tongues(session, clock.now(), limits[Kind.NOBODY_SOON].limit)}


def _promises(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    return {"promises_passed": asking.promises_passed(session, clock.now())}


def _requests(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    undecided = select(func.count(), func.min(Request.waiting_since))
    count, since = session.execute(undecided.where(Request.state == RequestState.NEEDS_PERSON)).one()
    return {"undecided": count, "undecided_since": since}


def _organisations(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    return {
        "deadline_now": deadlines.moment(session),
        "organisations": asking.organisations(session),
    }


def _calls(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    return {"calls": usual_calls.calls(session, clock.now())}


def _legs(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    newest = (select(func.max(Leg.id)).scalar_subquery()) - NEWEST_LEGS  # of years of legs nobody reads all
    failed = func.count().filter(Leg.cause == Cause.NETWORK)
    ended = select(func.count(), failed).where(
        Leg.id > newest,
        Leg.state == LegState.ENDED,
        Leg.ended_at > clock.now() - LEGS_WITHIN,
        Leg.cause != Cause.CANCELED,
    )
    legs, legs_failed = session.execute(ended).one()
    return {"legs": legs, "legs_failed": legs_failed}


def _tallies(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    calls = select(func.count()).where(Call.started_at > clock.now() - WINDOW)
    return {"tallies": tallies.lately(session, WINDOW), "calls_lately": session.scalar(calls) or 0}


def _sweeps(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    failing = select(Sweeping.function, Sweeping.failed_at).where(Sweeping.failed_at.is_not(None))
    return {
        "counted_at": session.scalar(select(Sweeping.good_at).where(Sweeping.function == FIGURES)),
        "failing": {
            function.removeprefix("helpline."): at for function, at in session.execute(failing) if at
        },
    }


def _queues(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    try:
        return {"queues": {name: _queue(name) for name in QUEUES}}
    except Exception as error:
        log.warning("the queue does not answer: %s", type(error).__name__)
        return {"queues": None}


def _queue(name: str) -> Queue:
    jobs = Jobs(name, connection=db.redis())
    return Queue(jobs.count, len(Worker.all(queue=jobs)))  # those that were killed are not among them


def _web(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    row = session.scalar(select(Heartbeat.web_at))
    if row is None:
        return {"web_at": None}
    late = beats.database_time(session) - row  # both by the database's clock, which nobody pretends
    return {"web_at": clock.now() - max(late, timedelta(0))}


def _messages(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    """What nobody has tried to send: what waits for another try after a failure is told of otherwise."""
    now = clock.now()
    due = select(func.count(), func.min(Delivery.at)).where(
        Delivery.state == DeliveryState.DUE, Delivery.attempts == 0, Delivery.next_at < now
    )
    left = select(func.count(), func.min(Leaving.at)).where(Leaving.sent_at.is_(None))
    rows = [session.execute(one).one() for one in (due, left)]
    since: list[datetime] = [at for _, at in rows if at]
    return {"stuck": sum(count for count, _ in rows), "stuck_since": min(since, default=None)}


def _disk(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    folder = settings.data_dir
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return {"disk_free": 100 * usage.free // usage.total}


def _probes(session: Session, limits: Limits, settings: Settings) -> dict[str, Any]:
    wanted = select(Probe.place, Probe.good_at).where(Probe.good_at > clock.now() - PROBES_WITHIN)
    return {"probes": {row.place: row.good_at for row in session.execute(wanted)}}


Look = Callable[[Session, Limits, Settings], dict[str, Any]]
_PARTS: tuple[tuple[tuple[Kind, ...], Look], ...] = (
    (
        (
            Kind.NOBODY_ON_SHIFT,
            Kind.NOBODY_SOON,
            Kind.NOBODY_THERE,
            Kind.HELD_LONG,
            Kind.CALLBACKS_MANY,
            Kind.CALLBACKS_OLD,
            Kind.CLIPS_MISSING,
        ),
        _tongues,
    ),
    ((Kind.PROMISES_PASSED,), _promises),
    ((Kind.REQUESTS_UNDECIDED,), _requests),
    ((Kind.OFFERS_EXPIRING, Kind.ENTITY_SILENT, Kind.ENTITY_NOT_TOLD), _organisations),
    ((Kind.CALLS_STOPPED,), _calls),
    ((Kind.LEGS_FAILING,), _legs),
    (
        (
            Kind.CARRIER_ERRORS,
            Kind.DOCUMENTS_FAILING,
            Kind.WEBHOOKS_REFUSED,
            Kind.WEBHOOKS_FAILING,
            Kind.CLIPS_FAILING,
        ),
        _tallies,
    ),
    ((Kind.FIGURES_STOPPED, Kind.SWEEP_FAILING), _sweeps),
    ((Kind.QUEUE_DOWN, Kind.QUEUE_LONG, Kind.WORKER_SILENT), _queues),
    ((Kind.PAGES_SILENT,), _web),
    ((Kind.MESSAGES_STUCK,), _messages),
    ((Kind.DISK_FULL,), _disk),
    ((Kind.PROBE_SILENT,), _probes),
)
