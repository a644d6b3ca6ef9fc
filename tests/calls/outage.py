"""Takes the database or the queue away from this process, really, and gives it back."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from helpline import db
from helpline.config import Settings
from helpline.ivr.conduct import breaker
from tests.servers import Servers, plain


@contextmanager
def database_down(servers: Servers) -> Iterator[None]:
    """Our database throws everybody out and lets nobody in, as when its server stops."""
    name = make_url(servers.database_url).database
    elsewhere = make_url(servers.database_url).set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(plain(elsewhere), autocommit=True) as connection:
        ours = sql.Identifier(str(name))
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(ours))
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(ours))
            breaker.until = 0.0


def queue_down(settings: Settings, servers: Servers) -> None:
    """From here on the queue is an address at which nobody answers."""
    db.connect(settings, database_url=servers.database_url, redis_url="redis://127.0.0.1:9/0")


def queue_back(settings: Settings, servers: Servers) -> None:
    """The queue answers again, and knows of nothing that was rung meanwhile."""
    db.connect(settings, database_url=servers.database_url, redis_url=servers.redis_url)
