"""Wrong guesses, counted for each login and each address, and the growing pause after too many. Knows no person.

Whoever guesses holds the rows of the login and of the address until the transaction ends, so that twenty guesses sent
at once are counted one after the other. Logins that nobody has are counted like others.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import keyed_hash
from helpline.people import addresses
from helpline.people.models import Guesses


class Kind(StrEnum):
    """Of what guesses are counted."""

    LOGIN = "login"
    ADDRESS = "address"


FREE = {Kind.LOGIN: 5, Kind.ADDRESS: 20}
"""So many wrong guesses in a row before there is a pause."""

FORGOTTEN = {Kind.LOGIN: timedelta(hours=24), Kind.ADDRESS: timedelta(hours=1)}
"""After so long without a wrong guess counting begins anew. Many people share the address of an office."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)
"""The pause doubles with each further guess. It has an end, since anybody can lock out somebody whose login they know."""


def pause_after(kind: Kind, failures: int) -> timedelta:
    """How long nothing is tried after this many wrong guesses."""
    beyond = failures - FREE[kind]
    if beyond < 0:
        return timedelta(0)
    return min(FIRST_PAUSE * 2 ** min(beyond, 10), LONGEST_PAUSE)


@dataclass(frozen=True)
class Gate:
    """What stands before one guess; `pause_seconds` above 0: do not even look at the password."""

    session: Session
    login: Guesses
    address: Guesses | None
    pause_seconds: int

    def failed(self) -> int:
        """Count a wrong guess; how many seconds nothing will be tried from now on."""
        now = clock.now()
        for kind, row in ((Kind.LOGIN, self.login), (Kind.ADDRESS, self.address)):
            if row is None:
                continue
            row.failures += 1
            row.last_at = now
            pause = pause_after(kind, row.failures)
            row.locked_until = now + pause if pause else None
        self.session.flush()
        return _longest_pause(now, self.login, self.address)

    @property
    def locks_login(self) -> bool:
        """Whether the login, not only the address, has just been locked for the first time in this row of guesses."""
        return self.login.failures == FREE[Kind.LOGIN]

    def passed(self) -> None:
        """Somebody signed in: this login's guesses are forgotten. Those of the address go on, as it is shared."""
        self.login.failures = 0
        self.login.locked_until = None
        self.session.flush()


def gate(session: Session, login: str, address: str) -> Gate:
    """Come to guess: waits for other guesses at the same login or from the same address.

    `address`: the client's (`addresses.of_client`). IPv6 is counted by its /64, as one line has. This machine's own
    address, and none at all, are everybody's behind a web server that does not say who asks: they are not counted.
    """
    network = addresses.network(address)
    of_login = _row(session, Kind.LOGIN, login)
    of_address = _row(session, Kind.ADDRESS, network) if network else None
    return Gate(session, of_login, of_address, _longest_pause(clock.now(), of_login, of_address))


def forget(session: Session, login: str) -> None:
    """Begin counting anew for a login: its owner has a new link."""
    session.execute(delete(Guesses).where(Guesses.key_hash == _key(Kind.LOGIN, login)))


def _row(session: Session, kind: Kind, key: str) -> Guesses:
    hashed = _key(kind, key)
    now = clock.now()
    lock = (
        insert(Guesses)
        .values(key_hash=hashed, failures=0, last_at=now)
        .on_conflict_do_update(index_elements=["key_hash"], set_={"key_hash": hashed})
        .returning(Guesses)
        .execution_options(populate_existing=True)
    )
    row = session.scalars(lock).one()
    if row.last_at < now - FORGOTTEN[kind]:
        row.failures = 0
        row.locked_until = None
    return row


def _key(kind: Kind, key: str) -> str:
    return keyed_hash(f"guesses {kind}", key)


def _longest_pause(now: datetime, *rows: Guesses | None) -> int:
    return max(_seconds_left(row, now) for row in rows if row)


def _seconds_left(row: Guesses, now: datetime) -> int:
    if row.locked_until is None or row.locked_until <= now:
        return 0
    return ceil((row.locked_until - now).total_seconds())
