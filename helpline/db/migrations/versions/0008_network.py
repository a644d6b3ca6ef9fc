"""network"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "focal_points",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("regions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("telephone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("telephone ~ '^[0-9]+$'", name=op.f("ck_focal_points_telephone")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_focal_points_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focal_points")),
        sa.UniqueConstraint("person_id", name=op.f("uq_focal_points_person_id")),
    )
    op.create_table(
        "signals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("read_in", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("window", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("minor", sa.Boolean(), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=True),
        sa.Column("kept_because", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_why", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kept_because IN ('full', 'barred')", name=op.f("ck_signals_kept_because")),
        sa.CheckConstraint(
            "\"window\" IN ('morning', 'afternoon', 'evening', 'any')", name=op.f("ck_signals_window")
        ),
        sa.CheckConstraint(
            "ask_id IS NOT NULL OR kept_because IS NOT NULL", name=op.f("ck_signals_called_or_kept")
        ),
        sa.ForeignKeyConstraint(["ask_id"], ["asks.id"], name=op.f("fk_signals_ask_id_asks")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_signals_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
        sa.UniqueConstraint("ask_id", name=op.f("uq_signals_ask_id")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_signals_call_sid")),
        sa.UniqueConstraint("reference", name=op.f("uq_signals_reference")),
    )
    op.create_index(op.f("ix_signals_created_at"), "signals", ["created_at"])
    op.create_index(op.f("ix_signals_person_id"), "signals", ["person_id"])
    op.create_index(
        "ix_signals_kept",
        "signals",
        ["id"],
        postgresql_where=sa.text("ask_id IS NULL AND closed_at IS NULL"),
    )
    op.create_table(
        "signal_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_tries")),
    )
    op.create_index(op.f("ix_signal_tries_at"), "signal_tries", ["at"])
    op.create_index("ix_signal_tries_address_hash", "signal_tries", ["address_hash", "at"])
    op.create_table(
        "information_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("brochures", sa.Integer(), nullable=False),
        sa.Column("held_by", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('information', 'training')", name=op.f("ck_information_sessions_kind")),
        sa.CheckConstraint(
            "audience IN ('communities', 'reception', 'social_services', 'associations', 'authorities', 'others')",
            name=op.f("ck_information_sessions_audience"),
        ),
        sa.CheckConstraint("people >= 0 AND brochures >= 0", name=op.f("ck_information_sessions_counts")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["people.id"], name=op.f("fk_information_sessions_recorded_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_sessions")),
    )
    op.create_index(op.f("ix_information_sessions_day"), "information_sessions", ["day"])
    op.add_column("asks", sa.Column("source", sa.Text(), nullable=False, server_default="call"))
    op.alter_column("asks", "source", server_default=None)
    op.add_column("asks", sa.Column("region", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_asks_source"), "asks", "source IN ('call', 'signal')")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_asks_source"), "asks", type_="check")
    op.drop_column("asks", "region")
    op.drop_column("asks", "source")
    op.drop_table("information_sessions")
    op.drop_table("signal_tries")
    op.drop_table("signals")
    op.drop_table("focal_points")
