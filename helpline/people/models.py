"""Tables of people: accounts, invitations, sessions, wrong guesses, and the lines of the audit. Knows nothing of callers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from helpline import clock
from helpline.db import Base, Encrypted


class Person(Base):
    """Somebody who may sign in. Never deleted, since lines of the audit name its id; forgotten after being disabled.

    `login` is in small letters, and None once forgotten. Without `password_hash` nobody has accepted the invitation.
    `phone_changed_at`: when somebody else gave the account another telephone, until the person has seen that.
    `organisation`: the service or association of a network member, which whoever invites has verified.
    `prompt_languages`: in which languages an editor may change what callers hear; empty means all of them.
    A `totp_secret` counts from `totp_confirmed_at`; `totp_step` is the last time step whose code was used.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    prompt_languages: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default=text("'{}'")
    )
    phone: Mapped[str | None] = mapped_column(Encrypted)
    phone_changed_at: Mapped[datetime | None]
    entity_id: Mapped[str | None] = mapped_column(ForeignKey("entities.id"), index=True)
    organisation: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="it")
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None] = mapped_column(Encrypted)
    totp_confirmed_at: Mapped[datetime | None]
    totp_step: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    disabled_at: Mapped[datetime | None]


class Invitation(Base):
    """A one-time link that lets a person choose a password; the link itself is nowhere, only its hash."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code for the day on which the telephone with the second factor is lost; works once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class PendingSignIn(Base):
    """A right password that waits for its second factor."""

    __tablename__ = "pending_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    failures: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]


class SessionRow(Base):
    """Somebody who is signed in, in one browser; the cookie holds a token, the row its hash."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_person_id", "person_id", postgresql_where=text("ended_at IS NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]


class Guesses(Base):
    """Wrong guesses at one login or from one address, both known by keyed hash alone. Its row is the lock of a guess."""

    __tablename__ = "guesses"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    locked_until: Mapped[datetime | None]


class AuditLine(Base):
    """Somebody did or saw something: who, what, about which thing. Appended, never changed.

    `day` is the day in Rome whose chain the line is in, `position` its place there and `hash` its link: both are given
    at the very end of the transaction (`people.chain`), so a line without them was not written by us.
    """

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("day", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    who: Mapped[str]
    what: Mapped[str]
    about: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    day: Mapped[date]
    position: Mapped[int | None]
    hash: Mapped[str | None]


class AuditDay(Base):
    """How one day's chain stands: so many lines, the last one's hash, which day with lines came `before`; all signed."""

    __tablename__ = "audit_days"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    before: Mapped[date | None]
    lines: Mapped[int]
    head: Mapped[str]
    signature: Mapped[str]
