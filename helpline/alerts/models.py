"""Tables of alerts: what stands and stood, who is told and was told what, limits that were chosen. No person is in them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.alerts.kinds import Kind, Severity
from helpline.db import Base, Encrypted


class Way(StrEnum):
    """How somebody is told."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class MessageState(StrEnum):
    """How far a message has come. `failed`: it did not arrive; what was to be told is told anew, as it is by then."""

    DUE = "due"
    DELIVERED = "delivered"
    FAILED = "failed"


def _one_of(column: str, words: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class AlertRow(Base):
    """One alert, from the first moment on which it held. `seen_at`: when it held last; `raised_at`: since when it stands
    (None: it has not held for long enough); `gone_since`: it does not hold any more, but may again; `cleared_at`: over.

    `about` names the organisation that it is about, as it was called. `facts` are numbers.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index("uq_alerts_open", "kind", "subject", unique=True, postgresql_where=text("cleared_at IS NULL")),
        Index("ix_alerts_cleared_at", "cleared_at"),
        CheckConstraint(_one_of("kind", Kind), "kind"),
        CheckConstraint(_one_of("severity", Severity), "severity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    about: Mapped[str]
    severity: Mapped[str]
    facts: Mapped[dict[str, int]] = mapped_column(JSONB)
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
    raised_at: Mapped[datetime | None]
    gone_since: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    note: Mapped[str | None]


class AlertSetting(Base):
    """How somebody chose that a kind works; the newest of a kind holds, the others are its history."""

    __tablename__ = "alert_settings"
    __table_args__ = (
        CheckConstraint(_one_of("kind", Kind), "kind"),
        Index("ix_alert_settings", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    on: Mapped[bool]
    limit: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    who: Mapped[str]
    why: Mapped[str]


class AlertRecipient(Base):
    """Where alerts are told: a mailbox, once it is proved, or an address for signed webhooks. `least`: how pressing what
    is told there must be. `rests_until`: no message before; `failures`: so many in a row did not arrive.

    Once it is ended, its address and its secret are gone.
    """

    __tablename__ = "alert_recipients"
    __table_args__ = (
        CheckConstraint(_one_of("way", Way), "way"),
        CheckConstraint(_one_of("least", Severity), "least"),
        CheckConstraint("locale IN ('it', 'en')", "locale"),
        CheckConstraint("(ended_at IS NULL) = (address IS NOT NULL)", "address_while_open"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    way: Mapped[str]
    name: Mapped[str]
    address: Mapped[str | None] = mapped_column(Encrypted)
    secret: Mapped[str | None] = mapped_column(Encrypted)
    locale: Mapped[str]
    least: Mapped[str]
    made_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    heard_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AlertMessage(Base):
    """One message to one recipient, with all that it says (numbers, words of ours, names of organisations): whoever dies
    while sending it leaves it due, and the same is sent again, under the same id. `purpose`: `alerts`, `test`, `proof`."""

    __tablename__ = "alert_messages"
    __table_args__ = (
        CheckConstraint(_one_of("state", MessageState), "state"),
        CheckConstraint("purpose IN ('alerts', 'test', 'proof')", "purpose"),
        Index(
            "uq_alert_messages_due",
            "recipient_id",
            unique=True,
            postgresql_where=text("state = 'due' AND purpose = 'alerts'"),
        ),
        Index("ix_alert_messages_due", "next_at", postgresql_where=text("state = 'due'")),
        Index("ix_alert_messages_recipient_id", "recipient_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("alert_recipients.id"))
    purpose: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(default=MessageState.DUE)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_error: Mapped[str | None]
    settled_at: Mapped[datetime | None]


class AlertTold(Base):
    """That a recipient knows of an alert, since when, when they were reminded, and when they heard that it is over."""

    __tablename__ = "alert_told"

    recipient_id: Mapped[int] = mapped_column(ForeignKey("alert_recipients.id"), primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True)
    told_at: Mapped[datetime]
    reminded_at: Mapped[datetime]
    over_at: Mapped[datetime | None]


class Probe(Base):
    """A place outside from which somebody looks whether the line can be reached: when they last found that it can."""

    __tablename__ = "alert_probes"

    place: Mapped[str] = mapped_column(primary_key=True)
    good_at: Mapped[datetime]
    took_ms: Mapped[int]
