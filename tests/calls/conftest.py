"""What a call needs: the application, the stand-in carrier before it, somebody who dials, and the jobs that are rung."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from rq import Queue
from rq.job import Job
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from helpline import clock, create_app, db
from helpline.config import Settings
from helpline.ivr.conduct import breaker
from helpline.people.accounts import Who
from helpline.simulator.carrier import Carrier
from helpline.simulator.transport import into_wsgi
from helpline.telephony import carrier as telephony
from helpline.voice import catalogue, library
from helpline.voice.catalogue import Catalogue
from tests import moves
from tests.calls import dialled, entity, world
from tests.calls.caller import Caller, Names
from tests.calls.standin import StandIn
from tests.conftest import ENVIRONMENT
from tests.integration import queue_rows

MOBILE = "+393330000123"


@pytest.fixture(autouse=True)
def _a_wednesday_at_ten(at: Callable[[str], datetime]) -> Iterator[None]:
    """Every call is made in open hours on the same working day, unless its test says otherwise."""
    at("2026-11-18 10:00")
    breaker.until = 0.0
    yield
    breaker.until = 0.0


@pytest.fixture(autouse=True)
def _every_move_has_left_its_line(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever happens in a call: no callback, hold, leg, request or offer changes its state without a line that says so.

    Tests that take the database away are not judged.
    """
    kept = "database" in request.fixturenames
    if kept:
        request.getfixturevalue("database")
    yield
    if kept:
        with suppress(RuntimeError, OperationalError):
            assert moves.untold() == []


@pytest.fixture(scope="session")
def texts() -> Catalogue:
    return catalogue.load()


@pytest.fixture(scope="session")
def names(texts: Catalogue) -> Names:
    return Names(texts)


@pytest.fixture
def line_is_open(database: Any) -> None:
    """Hours and projects such as a line has: open on weekdays from nine to six, one project for everybody."""
    world.settle()


def _no_prompts() -> AbstractContextManager[Session]:
    raise RuntimeError("this application plays what the repository holds")


@pytest.fixture(scope="session")
def shared_app(texts: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for all tests that publish no prompts: it keeps nothing of a call."""
    folder = tmp_path_factory.mktemp("line")
    settings = Settings.from_env(ENVIRONMENT | {"HELPLINE_DATA_DIR": str(folder)})
    ours = library.Library(texts, folder / "clips", every=1e9, transaction=_no_prompts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "open_library", lambda settings: ours)
        return create_app(settings)


@pytest.fixture
def app(shared_app: Flask, database: Any, line_is_open: None) -> Flask:
    return shared_app


@pytest.fixture
def shelf(settings: Settings, database: Any, texts: Catalogue) -> library.Library:
    """What an application of its own plays; it looks for new prompts when a test says so."""
    return library.Library(texts, settings.data_dir / "clips", every=1e9)


@pytest.fixture
def own_app(
    settings: Settings, line_is_open: None, shelf: library.Library, monkeypatch: pytest.MonkeyPatch
) -> Flask:
    """An application of its own, for tests that publish prompts: their `app` is this one."""
    monkeypatch.setattr(library, "open_library", lambda settings: shelf)
    return create_app(settings)


@pytest.fixture
def carrier(settings: Settings, app: Flask) -> Carrier:
    stand_in = Carrier(
        settings.account_sid,
        settings.auth_token,
        settings.public_url,
        into_wsgi(app.wsgi_app),
        clock=clock.now,
        seed=7,
    )
    telephony.use(StandIn(stand_in))
    return stand_in


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
    carrier: Carrier, names: Names, settings: Settings, work: Callable[[], None]
) -> Callable[..., Caller]:
    def make(from_: str = MOBILE, to: str | None = None) -> Caller:
        return Caller(carrier, names, from_=from_, to=to or settings.toll_free_number, after=work)

    return make


@pytest.fixture
def caller(caller_from: Callable[..., Caller]) -> Caller:
    return caller_from()


@pytest.fixture
def telephone(caller_from: Callable[..., Caller]) -> Callable[..., Caller]:
    """Anybody's telephone, by its number: `telephone("+393330000777").rings().answers().hears("en/take_call")`."""
    return caller_from


@pytest.fixture
def unpaced(carrier: Carrier, settings: Settings) -> None:
    """Calls of ours go out at once: the carrier's pace is a test of its own."""
    telephony.use(StandIn(carrier, replace(settings, calls_a_second=500.0)))


@pytest.fixture
def page(carrier: Carrier) -> dialled.Desk:
    """A callback in Bangla, and who has it."""
    callback_id = queue_rows.asked("bn", number=dialled.CALLER)
    return dialled.Desk(dialled.mediator("bn", "it"), callback_id).claims()


@pytest.fixture
def miriam(carrier: Carrier) -> Who:
    """A member of an organisation, who rings through our line."""
    return entity.a_member()


@pytest.fixture
def operator(telephone: Callable[..., Caller]) -> Caller:
    """The telephone of whoever has somebody rung: an operator of ours."""
    return telephone(dialled.MEDIATOR)


@pytest.fixture
def member(operator: Caller) -> Caller:
    """The same of an organisation's own."""
    return operator


@pytest.fixture
def person(telephone: Callable[..., Caller]) -> Caller:
    """The telephone of somebody who is rung."""
    return telephone(dialled.CALLER)


@pytest.fixture
def redialler(caller_from: Callable[..., Caller], settings: Settings) -> Caller:
    """Somebody who dials the number from which we call people back."""
    return caller_from(to=settings.callback_number)
