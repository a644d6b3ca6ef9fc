"""Tables of the interface: tokens, answers given, counts; where entities are told, and what."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from helpline import clock
from helpline.db import Base, Encrypted


class Way(StrEnum):
    """How an entity is told."""

    WEBHOOK = "webhook"
    MAIL = "mail"


class DeliveryState(StrEnum):
    """How far one telling has come. `dropped`: it was true no more when it was to be sent."""

    DUE = "due"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"


def _one_of(column: str, words: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class ApiToken(Base):
    """A program of an entity that may ask; the token is nowhere, only its hash. Its row is what the audit names.

    `warned_at`: when its entity was told that it ends soon.
    """

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("entities.id"), index=True)
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ApiAnswer(Base):
    """What was answered to one idempotency key of a token. `body` is None where the answer shows a person: that one is
    never kept, but made again."""

    __tablename__ = "api_answers"
    __table_args__ = (UniqueConstraint("token_id", "key_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id"))
    key_hash: Mapped[str]
    request_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    body: Mapped[str | None]


class ApiCount(Base):
    """How often one token asked, or one network came with a wrong one, since a minute began."""

    __tablename__ = "api_counts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    began: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


class Endpoint(Base):
    """Where a program of an entity wants to hear of its offers, and the secret that we sign with.

    `rests_until`: it could not be reached a moment ago; until then nothing else tries, and waits for it in vain.
    `paused_at`: its entity wants nothing there for now; what would be told is dropped, and told once the pause ends.
    `unheard_since`: something was given up there, and nothing has arrived since; it is tried all the same.
    """

    __tablename__ = "endpoints"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("entities.id"), index=True)
    address: Mapped[str] = mapped_column(Encrypted)
    secret: Mapped[str] = mapped_column(Encrypted)
    made_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]
    unheard_since: Mapped[datetime | None]


class Delivery(Base):
    """One thing told in one way: tried again at `next_at` until it arrived or a day has passed.

    A webhook goes to its endpoint, a mail (without one) to the entity's mailbox as it is when it is sent, or to that of the
    Focal Point `focal_point_id` (who may be forgotten before this is).
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("outbox_id", "endpoint_id"),
        Index(
            "uq_deliveries_mail",
            "outbox_id",
            unique=True,
            postgresql_where=text("endpoint_id IS NULL AND focal_point_id IS NULL"),
        ),
        Index(
            "uq_deliveries_focal_point",
            "outbox_id",
            "focal_point_id",
            unique=True,
            postgresql_where=text("focal_point_id IS NOT NULL"),
        ),
        Index(
            "ix_deliveries_focal_point_due",
            "focal_point_id",
            postgresql_where=text("state = 'due' AND focal_point_id IS NOT NULL"),
        ),
        CheckConstraint("(entity_id IS NULL) = (focal_point_id IS NOT NULL)", "to_whom"),
        CheckConstraint(_one_of("state", DeliveryState), "state"),
        Index("ix_deliveries_due", "next_at", postgresql_where=text("state = 'due'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    entity_id: Mapped[str | None] = mapped_column(ForeignKey("entities.id"), index=True)
    focal_point_id: Mapped[str | None]
    endpoint_id: Mapped[int | None] = mapped_column(ForeignKey("endpoints.id"), index=True)
    state: Mapped[str] = mapped_column(default=DeliveryState.DUE)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    settled_at: Mapped[datetime | None]

    @property
    def way(self) -> Way:
        """How it is told."""
        return Way.MAIL if self.endpoint_id is None else Way.WEBHOOK
