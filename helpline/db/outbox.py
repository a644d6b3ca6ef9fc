"""What must leave this house, written down with what it tells of: in one transaction, as ids. Sends nothing itself.

Whoever changes something that others must hear of calls `put` in the same transaction. After the commit the row's id
is rung; should the bell be lost, the sweep finds the row. What is sent, and to whom, is read anew when it is sent
(`helpline.api.telling`), so a row never holds a name, a number, or words.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline import clock
from helpline.db import Base, ring

QUEUE = "slow"
"""Other people's machines may be slow; nobody on the telephone waits for them."""

RUNG_AT_ONCE = 10
"""As many as are put at once and no more are rung; more than that is the sweep's work, within seconds."""


class Kind(StrEnum):
    """What happened to an offer, of which its entity must hear; or a trial of one way of telling (of no offer: 0)."""

    OFFER_MADE = "offer_made"
    OFFER_REMINDER = "offer_reminder"
    OFFER_EXPIRED = "offer_expired"
    OFFER_WITHDRAWN = "offer_withdrawn"
    OFFER_EXTENDED = "offer_extended"
    ENTITY_PAUSED = "entity_paused"
    TEST = "test"


class NetworkKind(StrEnum):
    """What came to the network, of which the Focal Points of its region must hear."""

    SIGNAL_CAME = "signal_came"
    OFFICE_CALLED = "office_called"


class EntityKind(StrEnum):
    """What an entity itself must hear by mail, of no offer: its mailbox is to be proved, a token of its ends soon."""

    MAILBOX_TO_PROVE = "mailbox_to_prove"
    TOKEN_ENDS = "token_ends"  # noqa: S105 - the name of a message


KINDS = (*Kind, *NetworkKind, *EntityKind)


class Leaving(Base):
    """One thing to be told: of which `kind`, about which offer (of the network's kinds: which signal, or which callback
    of an office, stands in `offer_id`; of an entity's own kinds: which proof, or which token). `key` makes it once, however often it is put.

    `sent_at`: when it was handed to all that its entity wants to be told by (`deliveries`), each of which then has
    a schedule of its own. Until then it is tried again at `next_at`.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(str(kind)) for kind in KINDS)})", "kind"),
        Index("ix_outbox_unsent", "next_at", postgresql_where=text("sent_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    offer_id: Mapped[int]
    key: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    next_at: Mapped[datetime] = mapped_column(default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]


def put(
    session: Session, kind: Kind | NetworkKind | EntityKind | str, offer_id: int, key: str | int = ""
) -> int | None:
    """Write down, in the caller's transaction, that the offer's entity must hear of this; rung after the commit.

    `key` tells one happening of this kind to this offer from another (the moment a deadline was moved to, the reminder's
    number); without one the kind happens to an offer once. Returns the row's id, or None when the same was put
    before: then nothing is sent again. Of the network's kinds the Focal Points hear, and `offer_id` is what it is about. `entity_paused` names the offer over which the entity was paused.
    Raises ValueError for an unknown kind.
    """
    kind = next((of(kind) for of in (NetworkKind, EntityKind) if kind in tuple(of)), None) or Kind(kind)
    row = {"kind": kind, "offer_id": offer_id, "key": f"{kind}:{offer_id}:{key}"}
    written = session.scalar(
        insert(Leaving).values(**row).on_conflict_do_nothing(index_elements=["key"]).returning(Leaving.id)
    )
    if written is not None:
        ring(session, "tell_entity", written, queue=QUEUE)
    return written


PUT_ALL = """
INSERT INTO outbox (kind, offer_id, key, at, next_at, attempts)
SELECT %(told)s, id, %(told)s || ':' || id || ':', %(at)s, %(at)s, 0 FROM made RETURNING id
"""
"""As `put`, as a part of the caller's own statement: for each new offer that another part of it, `made`, has just made.

It is given `told` (the kind) and `at`; the ids that it returns are for `ring_all`.
"""


def ring_all(session: Session, ids: Sequence[int]) -> None:
    """Ring after the commit for what `PUT_ALL` wrote down; of many the sweep sends them."""
    for id in ids if len(ids) <= RUNG_AT_ONCE else ():
        ring(session, "tell_entity", id, queue=QUEUE)


def ints(ids: Iterable[int]) -> str:
    """Many numbers as the text of an array: the driver would look at each of them."""
    return "{" + ",".join(map(str, ids)) + "}"
