"""Tables of counts: what each call came to, and sums by hour and day. Nothing here names, or leads to, a person."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from helpline import clock
from helpline.db import Base

NONE = ""
"""In a column by which is counted: there was none, or it is not known."""


class Spread(StrEnum):
    """Lengths of time whose median and 90th percentile are told, each in its unit."""

    USEFUL_SECONDS = "useful_seconds"
    USEFUL_KEYS = "useful_keys"
    WAIT_SECONDS = "wait_seconds"
    FIRST_TRY_MINUTES = "first_try_minutes"
    CONTACT_MINUTES = "contact_minutes"
    OFFER_MINUTES = "offer_minutes"
    ACCEPTANCE_MINUTES = "acceptance_minutes"


class CallSum(Base):
    """What one finished call came to. `hour`: the hour in which it began. `wait_seconds`: until somebody took it, or the
    wait ended (None: it did not wait for a person). `nobody`: nobody was there any more for its language while it waited;
    `hung_up`: its last wait ended with the call, and by no key of the caller's;
    `turned_away`: it asked for a person, was told that nobody is there, and never waited. `came_to`: every step it came to."""

    __tablename__ = "call_sums"
    __table_args__ = (
        Index("ix_call_sums_hour", "hour"),
        Index("ix_call_sums_last_step", "last_step", "language", "hour"),
        # What the log is asked for is rare: the longest calls, those that wanted a person, those for whom nobody was there.
        Index("ix_call_sums_seconds", "seconds", "hour"),
        Index("ix_call_sums_wanted_person", "hour", postgresql_where=text("wait_seconds IS NOT NULL")),
        Index("ix_call_sums_nobody", "hour", postgresql_where=text("nobody")),
        Index("ix_call_sums_hung_up", "hour", postgresql_where=text("hung_up")),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[datetime]
    language: Mapped[str]
    number: Mapped[str]
    outcome: Mapped[str]
    seconds: Mapped[int]
    last_step: Mapped[str]
    keys: Mapped[int]
    listened: Mapped[bool]
    useful_seconds: Mapped[int | None]
    useful_keys: Mapped[int | None]
    wait_seconds: Mapped[int | None]
    answered: Mapped[bool]
    nobody: Mapped[bool]
    turned_away: Mapped[bool]
    hung_up: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    came_to: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))


class CallDue(Base):
    """A call that was finished, or settled anew, and is to be counted. Written by the database itself (a trigger)."""

    __tablename__ = "calls_to_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int]


class _Calls:
    """Sums of calls, by language, number dialled and outcome. `in_time`: answered within a minute of asking;
    `left_waiting`: hung up after more than ten seconds in the line; `nobody`: nobody was there any more; `turned_away`: nobody
    was there when they asked, and they never waited; `closed`: of these, those who were told that the line is closed."""

    language: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    calls: Mapped[int]
    seconds: Mapped[int]
    listened: Mapped[int]
    useful: Mapped[int]
    wanted_person: Mapped[int]
    answered: Mapped[int]
    in_time: Mapped[int]
    left_waiting: Mapped[int]
    nobody: Mapped[int]
    turned_away: Mapped[int]
    closed: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class CallHour(_Calls, Base):
    """Calls that began in one hour (of UTC)."""

    __tablename__ = "call_hours"

    hour: Mapped[datetime] = mapped_column(primary_key=True, sort_order=-1)


class CallDay(_Calls, Base):
    """Calls that began on one day of Rome: what long periods are read from."""

    __tablename__ = "call_days"

    day: Mapped[date] = mapped_column(primary_key=True, sort_order=-1)


class _Steps:
    """How often one arrow of the menu was gone. `to_step` empty: calls that ended at `step`; `step` empty: that began with
    `to_step`. `seconds`: spent at `step` before."""

    language: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    to_step: Mapped[str] = mapped_column(primary_key=True)
    passed: Mapped[int]
    seconds: Mapped[int]


class StepDay(_Steps, Base):
    """Arrows that were gone on a day."""

    __tablename__ = "step_days"

    day: Mapped[date] = mapped_column(primary_key=True, sort_order=-1)


class StepMonth(_Steps, Base):
    """The same of a whole month, which begins on the day `month`: the sums of its days, so that a year is soon read."""

    __tablename__ = "step_months"

    month: Mapped[date] = mapped_column(primary_key=True, sort_order=-1)


class _Spreads:
    """How often a length of time was seen, whole: below a hundred exact, above in two digits."""

    what: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]


class SpreadDay(_Spreads, Base):
    """Lengths of time that were seen on a day."""

    __tablename__ = "spread_days"
    __table_args__ = (
        CheckConstraint(f"what IN ({', '.join(repr(str(one)) for one in Spread)})", "what"),
        Index("ix_spread_days_what", "what", "day"),
    )

    day: Mapped[date] = mapped_column(primary_key=True, sort_order=-1)


class SpreadMonth(_Spreads, Base):
    """The same of a whole month, which begins on the day `month`: the sums of its days."""

    __tablename__ = "spread_months"

    month: Mapped[date] = mapped_column(primary_key=True, sort_order=-1)


class CallbackDay(Base):
    """Callbacks asked for on a day, by language, where they stand and who is to be helped by them (`topic`)."""

    __tablename__ = "callback_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    callbacks: Mapped[int]
    attempts: Mapped[int]
    late: Mapped[int]


NEVER_OFFERED = "never_offered"
"""Why a request that was taken back had no place: no organisation was ever asked."""


class RequestDay(Base):
    """Requests made on a day, by whom they are about, where they stand, which organisation has them, and how they ended.

    `why`: why it waits, or `NEVER_OFFERED`."""

    __tablename__ = "request_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(primary_key=True)
    group: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(primary_key=True)
    requests: Mapped[int]


class CaseDay(Base):
    """Cases of which an organisation first reported something on a day. `what`: `counselled` (counselling was begun, or
    what comes after it), `plans`, `returned`. A case is one person, or one family."""

    __tablename__ = "case_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    cases: Mapped[int]


class Counted(Base):
    """Until when changes have been counted: one row for each kind of count."""

    __tablename__ = "counted"

    kind: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]


class CallSearch(Base):
    """A search of the log of calls that somebody kept: what was chosen, under a random token that may stand in a URL.

    `callers`: pseudonyms of a number that was searched for (one for each year); such a search ends after a day.
    """

    __tablename__ = "call_searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    chosen: Mapped[dict[str, str]] = mapped_column(JSONB)
    callers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Screen(Base):
    """A screen on a wall that shows the wallboard. `token_hash`: first of the link that connects it, then of what its browser holds."""

    __tablename__ = "screens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    opened_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
