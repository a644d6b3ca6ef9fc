"""Tables of the interface: tokens, answers that were given, counts of calls; ways to tell entities, and what was told."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
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
    """A program of an entity that may ask; the token is nowhere, only its hash. Its row is what the audit names."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("entities.id"), index=True)
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]
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
    body: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))


class ApiCount(Base):
    """How often one token asked, or one network came with a wrong one, since a minute began."""

    __tablename__ = "api_counts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    began: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


class Channel(Base):
    """Where an entity wants to be told: an address for webhooks with its secret, or a mailbox."""

    __tablename__ = "channels"
    __table_args__ = (
        CheckConstraint(_one_of("way", Way), "way"),
        CheckConstraint("(way = 'webhook') = (secret IS NOT NULL)", "secret"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("entities.id"), index=True)
    way: Mapped[str]
    address: Mapped[str] = mapped_column(Encrypted)
    secret: Mapped[str | None] = mapped_column(Encrypted)
    made_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]


class Delivery(Base):
    """One thing told by one channel: tried again at `next_at` until it arrived or a day has passed."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("outbox_id", "channel_id"),
        CheckConstraint(_one_of("state", DeliveryState), "state"),
        Index("ix_deliveries_due", "next_at", postgresql_where=text("state = 'due'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), index=True)
    state: Mapped[str] = mapped_column(default=DeliveryState.DUE)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    settled_at: Mapped[datetime | None]
