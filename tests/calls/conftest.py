"""What a call needs: the application, the stand-in carrier before it, somebody who dials, and the jobs that are rung."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from rq import Queue
from rq.job import Job

from helpline import clock, create_app, db
from helpline.config import Settings
from helpline.simulator.carrier import Carrier
from helpline.simulator.transport import into_wsgi
from helpline.telephony import carrier as telephony
from helpline.voice import catalogue
from helpline.voice.catalogue import Catalogue
from tests.calls import world
from tests.calls.caller import Caller
from tests.calls.standin import StandIn

MOBILE = "+393330000123"


@pytest.fixture(scope="session")
def texts() -> Catalogue:
    return catalogue.load()


@pytest.fixture
def line_is_open(database: Any) -> None:
    """Hours and projects such as a line has: open on weekdays from nine to six, one project for everybody."""
    world.settle()


@pytest.fixture
def app(settings: Settings, database: Any, line_is_open: None) -> Flask:
    return create_app(settings)


@pytest.fixture
def carrier(settings: Settings, app: Flask) -> Iterator[Carrier]:
    stand_in = Carrier(
        settings.account_sid, settings.auth_token, settings.public_url, into_wsgi(app.wsgi_app), clock=clock.now, seed=7
    )
    telephony.use(StandIn(stand_in))
    yield stand_in


def _next(queue: Queue) -> Job | None:
    job = next(iter(queue.get_jobs(0, 1)), None)
    if job:
        queue.remove(job)
    return job


@pytest.fixture
def work(database: Any) -> Callable[[], None]:
    """Do what was rung, by name, until nothing is left."""

    def run() -> None:
        for name in ("ring", "slow"):
            queue = Queue(name, connection=db.redis())
            for job in iter(lambda queue=queue: _next(queue), None):
                job.func(*job.args)

    return run


@pytest.fixture
def caller_from(
    carrier: Carrier, texts: Catalogue, settings: Settings, work: Callable[[], None]
) -> Callable[..., Caller]:
    def make(from_: str = MOBILE, to: str | None = None) -> Caller:
        return Caller(carrier, texts, from_=from_, to=to or settings.toll_free_number, after=work)

    return make


@pytest.fixture
def caller(caller_from: Callable[..., Caller]) -> Caller:
    return caller_from()
