"""live"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("(weekday IS NULL) <> (day IS NULL)", name=op.f("ck_shifts_weekly_or_dated")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_shifts_weekday")),
        sa.CheckConstraint("0 <= begins AND begins < ends AND ends <= 1440", name=op.f("ck_shifts_minutes")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_shifts_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_index(op.f("ix_shifts_person_id"), "shifts", ["person_id"])
    op.create_table(
        "presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("idle_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_presence_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
        sa.UniqueConstraint("person_id", name=op.f("uq_presence_person_id")),
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("minor", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("queued_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offer_due", sa.Boolean(), nullable=False),
        sa.Column("rung_person_id", sa.Integer(), nullable=True),
        sa.Column("leg_id", sa.Integer(), nullable=True),
        sa.Column("tried", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'talking', 'done', 'kept', 'left', 'nobody')",
            name=op.f("ck_holds_state"),
        ),
        sa.CheckConstraint(
            "NOT (state IN ('taken', 'talking')) OR person_id IS NOT NULL",
            name=op.f("ck_holds_with_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["rung_person_id"], ["people.id"], name=op.f("fk_holds_rung_person_id_people")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_holds_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    live = sa.text("state IN ('waiting', 'taken', 'talking')")
    op.create_index("uq_holds_live_call", "holds", ["call_sid"], unique=True, postgresql_where=live)
    op.create_index(
        "uq_holds_rung",
        "holds",
        ["rung_person_id"],
        unique=True,
        postgresql_where=sa.text("rung_person_id IS NOT NULL"),
    )
    op.create_index(
        "uq_holds_with_person",
        "holds",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('taken', 'talking')"),
    )
    op.create_index("ix_holds_call_sid", "holds", ["call_sid"])
    op.create_index("ix_holds_leg_id", "holds", ["leg_id"])
    op.create_index("ix_holds_live", "holds", ["state"], postgresql_where=live)


def downgrade() -> None:
    op.drop_table("holds")
    op.drop_table("presence")
    op.drop_table("shifts")
