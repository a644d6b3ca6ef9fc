"""How alerts come about and end, of what does the work: the carrier, clips, figures, sweeps, queues, pages, messages, probes."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from redis import Redis
from rq import Queue as Jobs

from helpline import clock, db, sweeps
from helpline.alerts import gathering
from helpline.alerts.kinds import Kind
from helpline.alerts.models import Probe
from helpline.db import outbox, sweepings
from helpline.db.outbox import Leaving
from helpline.routing import beats
from helpline.routing.records import Heartbeat
from helpline.telephony.models import Cause
from tests.integration import prompt_rows
from tests.integration.alert_deeds import (
    MINUTE,
    case,
    change,
    counted,
    later,
    leg,
    limit,
    rang,
    tallied,
    worker,
)

FIGURES = next(one.function for one in sweeps.SWEEPS if one.function.endswith(".count_changes"))


def swept(how, function=FIGURES):
    """How a sweep went just now."""
    with db.transaction() as session:
        how(session, function)


@case(Kind.CALLS_STOPPED, minutes=90, expected=12)
def _calls_stopped():
    for week in range(1, 7):
        for hour in (7, 8, 9):
            counted(datetime(2026, 11, 24, hour, tzinfo=UTC) - timedelta(weeks=week), 8)
    rang(90.5 * MINUTE)
    yield
    rang()


@case(Kind.LEGS_FAILING, percent=40, count=2, all=5)
def _legs_failing():
    causes = (Cause.NETWORK, Cause.NETWORK, Cause.COMPLETED, Cause.BUSY, Cause.NO_ANSWER, Cause.CANCELED)
    for number, cause in enumerate(causes):
        leg(number, cause)
    leg(9, Cause.NETWORK, ago=61 * MINUTE)
    yield
    later(minutes=61)


@case(Kind.CARRIER_ERRORS, count=5, code=11200)
def _carrier_errors():
    tallied(carrier_11200=3, carrier_11205=2)
    yield
    later(minutes=11)


@case(Kind.DOCUMENTS_FAILING, count=3)
def _documents_failing():
    tallied(document_rescued=3)
    yield
    later(minutes=11)


@case(Kind.WEBHOOKS_REFUSED, count=5, calls=1)
def _webhooks_refused():
    rang(), rang(20 * MINUTE)
    tallied(webhook_refused=5)
    yield
    later(minutes=11)


@case(Kind.WEBHOOKS_FAILING, count=4)
def _webhooks_failing():
    tallied(webhook_failed=4)
    yield
    later(minutes=11)


@case(Kind.CLIPS_FAILING, count=6)
def _clips_failing():
    tallied(clip=6)
    yield
    later(minutes=11)


@case(Kind.CLIPS_MISSING, "bn", count=1)
def _clips_missing():
    editor = prompt_rows.editor()

    def recorded(*prompts):
        for prompt in prompts:
            prompt_rows.put(prompt_rows.clip(prompt), editor, prompt)
        prompt_rows.publish(editor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering.asking.current, "texts", lambda: prompt_rows.CATALOGUE)
        recorded("welcome", "goodbye")
        yield
        recorded("code_is")


@case(Kind.FIGURES_STOPPED, minutes=16)
def _figures_stopped():
    swept(sweepings.good)
    later(minutes=16.5)
    swept(sweepings.good, "helpline.figures.keeping.another")
    yield
    swept(sweepings.good)


@case(Kind.SWEEP_FAILING, "routing.offers.sweep_waiting", minutes=11)
def _sweep_failing():
    swept(sweepings.failed, "helpline.routing.offers.sweep_waiting")
    later(minutes=11.5)
    yield
    swept(sweepings.good, "helpline.routing.offers.sweep_waiting")


@case(Kind.QUEUE_DOWN)
def _queue_down():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "redis", lambda: Redis(host="127.0.0.1", port=9))
        yield


@case(Kind.QUEUE_LONG, "slow", count=3)
def _queue_long():
    limit(Kind.QUEUE_LONG, 2)
    jobs = Jobs("slow", connection=db.redis())
    for _ in range(3):
        jobs.enqueue("helpline.none")
    yield
    jobs.empty()


@case(Kind.WORKER_SILENT, "slow")
def _worker_silent():
    worker("slow").register_death()
    yield
    worker("slow").register_birth()


@case(Kind.PAGES_SILENT, minutes=3)
def _pages_silent():
    with db.transaction() as session:
        now = beats.database_time(session)
        session.add(Heartbeat(id=1, at=now, web_at=now - 3.5 * MINUTE))
    yield
    beats.beat_of_web()


@case(Kind.MESSAGES_STUCK, count=2, minutes=42)
def _messages_stuck():
    with db.transaction() as session:
        for number in range(3):
            outbox.put(session, outbox.Kind.TEST, number)
    change(Leaving, {"at": clock.now() - 40.5 * MINUTE}, Leaving.offer_id == 0)
    change(Leaving, {"at": clock.now() - 99 * MINUTE, "sent_at": clock.now()}, Leaving.offer_id == 2)
    yield
    change(Leaving, {"sent_at": clock.now()})


@case(Kind.DISK_FULL, percent=9)
def _disk_full():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering.shutil, "disk_usage", lambda _: SimpleNamespace(total=1000, free=99))
        yield


@case(Kind.PROBE_SILENT, "milan", minutes=12)
def _probe_silent():
    with db.transaction() as session:
        for place, minutes in (("milan", 12.5), ("rome", 9), ("turin", 8 * 24 * 60)):
            session.add(Probe(place=place, good_at=clock.now() - minutes * MINUTE, took_ms=80))
    yield
    with db.transaction() as session:
        session.merge(Probe(place="milan", good_at=clock.now(), took_ms=80))
