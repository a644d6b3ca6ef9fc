"""What every test may ask for: settings, a real database, a real queue, a clock to set, and no network."""

import gc
import os
import socket
from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings as properties

from helpline import clock
from helpline.config import Settings
from tests import dealing, servers

# How long one example takes says nothing on a machine that has other work as well.
properties.register_profile("unhurried", deadline=None)
properties.load_profile("unhurried")

KEY = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
ENVIRONMENT = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token-of-the-tests",
    "TWILIO_API_URL": "http://127.0.0.1:9",
    "HELPLINE_PUBLIC_URL": "https://line.example.org",
    "HELPLINE_TOLL_FREE_NUMBER": "+39800000000",
    "HELPLINE_CALLBACK_NUMBER": "+390655500000",
    "HELPLINE_SECRET_KEY": "a secret of the tests, which is long enough",
    "HELPLINE_DATA_KEYS": KEY,
}


def pytest_configure(config: pytest.Config) -> None:
    _forbid_network()
    if not _is_worker(config):
        servers.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _is_worker(config):
        servers.end()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long is begun first, by every process: otherwise one may be left with it when the others are done."""
    given: dict[str, Any] = getattr(config, "workerinput", {})
    items[:] = dealing.dealt(
        items,
        int(given.get("workercount", 1)),
        long=lambda item: item.get_closest_marker("long") is not None,
        file=lambda item: item.nodeid.partition("::")[0],
    )


def pytest_collection_finish() -> None:
    """What was made of thousands of tests stays until the end: to look through it for garbage again and again is vain."""
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is to be tested (`HELPLINE_TEST_EVERYTHING`), a test that is left out is one that failed."""
    report = yield
    if report.skipped and os.environ.get("HELPLINE_TEST_EVERYTHING") and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"left out, but everything is to be tested: {reason}"
    return report


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.fixture
def environ() -> dict[str, str]:
    """The variables that a working installation has, without its database and queue."""
    return ENVIRONMENT | {"HELPLINE_DATA_DIR": str(servers.new_folder())}


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    """Settings of an installation whose carrier answers nobody."""
    return Settings.from_env(environ)


@pytest.fixture(scope="session")
def _servers(worker_id: str) -> Iterator[servers.Servers]:
    with servers.of_worker(worker_id) as ours:
        yield ours


class _Pools:
    """Connections to our servers, dialled once for all tests of this process: what one compiled serves the next."""

    def __init__(self, ours: servers.Servers) -> None:
        self.servers = ours
        self.held: Any = None

    def take_up(self, settings: Settings) -> None:
        """Let this process use them, with the keys of these settings."""
        from helpline import db

        if self.held is None:
            db.connect(settings, database_url=self.servers.database_url, redis_url=self.servers.redis_url)
            self.held = db._database
        db._database = self.held
        db.use_keys(db.Keys(settings.data_keys, settings.secret_key))

    def put_down(self) -> None:
        """Let this process use none. What a test connected it to instead is closed."""
        from helpline import db

        if db._database is not self.held:
            db.disconnect()
        else:  # of what threads dialled one is enough: most tests have one thread
            while len(self.held.lines._idle) > 1:
                self.held.lines._idle.pop().connection.close()
        db._database = None

    def throw_away(self) -> None:
        """Close them; the next test has others."""
        from helpline import db

        db._database, self.held = self.held, None
        db.disconnect()


@pytest.fixture(scope="session")
def _pools(_servers: servers.Servers) -> Iterator[_Pools]:
    pools = _Pools(_servers)
    yield pools
    pools.throw_away()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this process among those that test at once (`alone` when it is the only one)."""
    given: dict[str, Any] = getattr(request.config, "workerinput", {})
    return str(given.get("workerid", "alone"))


@pytest.fixture
def database(settings: Settings, _servers: servers.Servers, _pools: _Pools) -> Iterator[servers.Servers]:
    """A real PostgreSQL with our tables, empty, and this process connected to it (with a real queue)."""
    from helpline import line
    from helpline.voice import current

    _pools.take_up(settings)
    yield _servers
    _pools.put_down()
    line.forget()
    current.forget()
    if servers.empty(_servers):  # the test had everybody thrown out: no connection of before is any good
        _pools.throw_away()


@pytest.fixture
def valkey(_servers: servers.Servers) -> Iterator[Any]:
    """A client of a real queue server, in a numbered database of this process's own, empty before and after."""
    from redis import Redis

    with Redis.from_url(_servers.redis_url) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture
def at() -> Callable[[str], datetime]:
    """Set the clock: `at("2026-12-24 17:59")` makes it that time in Rome, from which it runs on."""

    def set_clock(text: str, *, fold: int = 0) -> datetime:
        moment = datetime.fromisoformat(text).replace(tzinfo=clock.ROME, fold=fold)
        clock.set_offset(timedelta(0))
        clock.set_offset(moment - clock.now())
        return moment

    return set_clock


@pytest.fixture(scope="session", autouse=True)
def _quick_hashing() -> Iterator[Any]:
    """What makes it slow to guess a password would make it slow to test; gives what hashes them in earnest."""
    from argon2 import PasswordHasher

    from helpline.people import passwords

    earnest = passwords._hasher
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=16, parallelism=1))
        yield earnest


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """What each application would compile for itself is compiled for the first, templates once for all processes."""
    from tests import compiled

    with pytest.MonkeyPatch.context() as patch:
        compiled.once(patch, servers.run_folder() / "templates")
        yield


@pytest.fixture
def hashed_in_earnest(_quick_hashing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as they are in an installation."""
    from helpline.people import passwords

    monkeypatch.setattr(passwords, "_hasher", _quick_hashing)


@pytest.fixture(autouse=True)
def _real_time() -> Iterator[None]:
    yield
    clock.set_offset(timedelta(0))


class NetworkForbidden(RuntimeError):
    """A test tried to reach another machine."""


def _forbid_network() -> None:
    """Let this process connect to itself and to the servers it was given; to nobody else."""
    allowed = {"127.0.0.1", "::1", "localhost", "0.0.0.0", *servers.given_hosts()}
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and name not in allowed:
            raise NetworkForbidden(f"tests reach no other machine: {name}")

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX:
                check(address[0])
            return real(self, address)

        return call

    def guarded_look_up(host: Any, *words: Any, **more: Any) -> Any:
        check(host)
        found = look_up(host, *words, **more)
        if host not in {"localhost", None}:
            allowed.update(str(address[4][0]) for address in found)
        return found

    socket.socket.connect = guarded(connect)
    socket.socket.connect_ex = guarded(connect_ex)
    socket.getaddrinfo = guarded_look_up
    os.environ.pop("HTTP_PROXY", None)
