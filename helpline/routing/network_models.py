"""Tables of the network: who signals people, the Focal Points of the regions, their information and training sessions."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from helpline import clock
from helpline.db import Base, Encrypted

KEPT_BECAUSE = ("full", "barred", "review")
SESSION_KINDS = ("information", "training")
AUDIENCES = ("communities", "reception", "social_services", "associations", "authorities", "others")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


class FocalPoint(Base):
    """A person of the network to whom offices of some regions may turn. What stands here is public: an office's, no
    caller's. `person_id`: their account here, if they have one. `ended_at`: since when they are it no more.
    `mail_rests_until`: their mailbox got a mail a moment ago; what comes until then is told in one."""

    __tablename__ = "focal_points"
    __table_args__ = (CheckConstraint("telephone ~ '^[0-9]+$'", "telephone"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    organisation: Mapped[str]
    regions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    telephone: Mapped[str]
    email: Mapped[str | None]
    hours: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), unique=True)
    ended_at: Mapped[datetime | None]
    mail_rests_until: Mapped[datetime | None]


class Signal(Base):
    """Somebody of a service, a reception centre or an association gave us the number of a person who agreed to be called.

    It makes a callback (`ask_id`), with the code that was shown. Where none could be made (`kept_because`) the number
    stays here until a coordinator has seen to it; whoever signalled was told the same. By `number_hash` the code of a
    kept one is found at the keypad, where it sounds as if a call had been made of it. No region is kept of a child.
    `verified`: it came from an account, which stays known when whose is forgotten.
    """

    __tablename__ = "signals"
    __table_args__ = (
        CheckConstraint(_one_of("kept_because", KEPT_BECAUSE), "kept_because"),
        CheckConstraint("\"window\" IN ('morning', 'afternoon', 'evening', 'any')", "window"),
        CheckConstraint("ask_id IS NOT NULL OR kept_because IS NOT NULL", "called_or_kept"),
        Index(
            "ix_signals_kept",
            "id",
            postgresql_where=text("ask_id IS NULL AND closed_at IS NULL"),
        ),
        Index("ix_signals_number_hash", "number_hash", postgresql_where=text("ask_id IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    call_sid: Mapped[str] = mapped_column(unique=True)
    reference: Mapped[str] = mapped_column(unique=True)
    organisation: Mapped[str | None]
    contact: Mapped[str | None] = mapped_column(Encrypted)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    verified: Mapped[bool] = mapped_column(server_default=text("false"))
    number: Mapped[str | None] = mapped_column(Encrypted)
    number_hash: Mapped[str | None]
    code: Mapped[str | None] = mapped_column(Encrypted)
    read_in: Mapped[str]
    language: Mapped[str]
    window: Mapped[str]
    region: Mapped[str | None]
    minor: Mapped[bool]
    ask_id: Mapped[int | None] = mapped_column(ForeignKey("asks.id"), unique=True)
    kept_because: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_why: Mapped[str | None] = mapped_column(Encrypted)


class SignalTry(Base):
    """That a signal was sent from an address, or by a person who was `signed_in`; only its keyed hash is kept, for a day."""

    __tablename__ = "signal_tries"
    __table_args__ = (Index("ix_signal_tries_address_hash", "address_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    address_hash: Mapped[str]
    signed_in: Mapped[bool] = mapped_column(server_default=text("false"))


class InformationSession(Base):
    """A meeting at which people were told about the help to return, or those who tell them were trained."""

    __tablename__ = "information_sessions"
    __table_args__ = (
        CheckConstraint(_one_of("kind", SESSION_KINDS), "kind"),
        CheckConstraint(_one_of("audience", AUDIENCES), "audience"),
        CheckConstraint("people >= 0 AND brochures >= 0", "counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    day: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str]
    place: Mapped[str]
    region: Mapped[str | None]
    audience: Mapped[str]
    people: Mapped[int]
    brochures: Mapped[int]
    held_by: Mapped[str]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
