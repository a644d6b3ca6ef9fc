"""figures: what each finished call came to, and counts by hour and day; the database notes each call that was finished"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_TRIGGER = """
CREATE FUNCTION note_call_to_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO calls_to_count (call_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER call_finished AFTER UPDATE OF finished ON calls
  FOR EACH ROW WHEN (NEW.finished AND NOT OLD.finished) EXECUTE FUNCTION note_call_to_count();
"""
_SPREADS = (
    "useful_seconds", "useful_keys", "wait_seconds", "first_try_minutes", "contact_minutes", "offer_minutes",
    "acceptance_minutes",
)  # fmt: skip


def _counts(name: str, when: sa.Column, by: tuple[str, ...], counts: tuple[str, ...]) -> None:
    """A table of counts: by an hour or a day and some words, of which none is null."""
    op.create_table(
        name,
        when,
        *(sa.Column(one, sa.Text(), nullable=False) for one in by),
        *(sa.Column(one, sa.Integer(), nullable=False) for one in counts),
        sa.PrimaryKeyConstraint(when.name, *by, name=op.f(f"pk_{name}")),
    )


def _day() -> sa.Column:
    return sa.Column("day", sa.Date(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "call_sums",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(one, sa.Text(), nullable=False) for one in ("language", "number", "outcome")),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("last_step", sa.Text(), nullable=False),
        sa.Column("keys", sa.Integer(), nullable=False),
        sa.Column("listened", sa.Boolean(), nullable=False),
        *(
            sa.Column(one, sa.Integer(), nullable=True)
            for one in ("useful_seconds", "useful_keys", "wait_seconds")
        ),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("nobody", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_call_sums_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_sums")),
    )
    op.create_index("ix_call_sums_hour", "call_sums", ["hour"])
    op.create_index("ix_call_sums_last_step", "call_sums", ["last_step", "language", "hour"])
    op.create_table(
        "calls_to_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls_to_count")),
    )
    hour = sa.Column("hour", sa.DateTime(timezone=True), nullable=False)
    sums = (
        "calls",
        "seconds",
        "listened",
        "useful",
        "wanted_person",
        "answered",
        "in_time",
        "left_waiting",
        "nobody",
    )
    _counts("call_hours", hour, ("language", "number", "outcome"), sums)
    _counts("step_days", _day(), ("language", "step", "to_step"), ("passed", "seconds"))
    op.create_table(
        "spread_days",
        _day(),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"what IN ({', '.join(map(repr, _SPREADS))})", name=op.f("ck_spread_days_what")),
        sa.PrimaryKeyConstraint("day", "what", "language", "value", name=op.f("pk_spread_days")),
    )
    op.create_index("ix_spread_days_what", "spread_days", ["what", "day"])
    of_callbacks = ("language", "topic", "source", "state")
    _counts("callback_days", _day(), of_callbacks, ("callbacks", "attempts", "late"))
    of_requests = (
        "language", "region", "country", "group", "entity_id", "project_id", "state", "outcome", "why",
    )  # fmt: skip
    _counts("request_days", _day(), of_requests, ("requests",))
    op.create_table(
        "counted",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_counted")),
    )
    for table in ("callbacks", "requests", "moves"):
        column = "at" if table == "moves" else "created_at"
        op.create_index(f"ix_{table}_{column}", table, [column], postgresql_using="brin")
    for language in ("language", "outcome"):
        op.create_index(f"ix_calls_{language}", "calls", [language, "started_at", "id"])
    op.execute(_TRIGGER)
    # What has happened before is counted too.
    op.execute("INSERT INTO calls_to_count (call_id) SELECT id FROM calls WHERE finished ORDER BY id")


def downgrade() -> None:
    op.execute("DROP TRIGGER call_finished ON calls")
    op.execute("DROP FUNCTION note_call_to_count()")
    for table in ("calls_language", "calls_outcome"):
        op.drop_index(f"ix_{table}", table_name="calls")
    for table in ("callbacks", "requests", "moves"):
        op.drop_index(f"ix_{table}_{'at' if table == 'moves' else 'created_at'}", table_name=table)
    for table in (
        "counted", "request_days", "callback_days", "spread_days", "step_days", "call_hours", "calls_to_count",
        "call_sums",
    ):  # fmt: skip
        op.drop_table(table)
