"""legs"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PURPOSES = "'callback_operator', 'callback_caller', 'live_operator', 'interpreter'"
STATES = "'intended', 'asked', 'ringing', 'answered', 'ended'"
CAUSES = "'completed', 'busy', 'no_answer', 'failed', 'canceled', 'machine', 'refused', 'gave_up', 'network'"
ONCE = "purpose IN ('callback_operator', 'callback_caller')"


def upgrade() -> None:
    op.create_table(
        "legs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("to_number", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("ring_seconds", sa.Integer(), nullable=False),
        sa.Column("detect_machine", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("sid", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("recognised", sa.Text(), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.CheckConstraint(f"purpose IN ({PURPOSES})", name=op.f("ck_legs_purpose")),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_legs_state")),
        sa.CheckConstraint(f"cause IN ({CAUSES})", name=op.f("ck_legs_cause")),
        sa.CheckConstraint("(state = 'ended') = (cause IS NOT NULL)", name=op.f("ck_legs_ended_how")),
        sa.CheckConstraint("wanted IN ('end', 'farewell')", name=op.f("ck_legs_wanted")),
        sa.CheckConstraint("recognised IN ('code', 'words')", name=op.f("ck_legs_recognised")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legs")),
        sa.UniqueConstraint("sid", name=op.f("uq_legs_sid")),
    )
    op.create_index("ix_legs_subject", "legs", ["purpose", "subject_id"])
    op.create_index(
        "uq_legs_once", "legs", ["purpose", "subject_id"], unique=True, postgresql_where=sa.text(ONCE)
    )
    op.create_index("ix_legs_alive", "legs", ["state"], postgresql_where=sa.text("state <> 'ended'"))
    op.create_index(
        "ix_legs_unsettled",
        "legs",
        ["ended_at"],
        postgresql_where=sa.text("state = 'ended' AND NOT settled"),
    )
    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=True),
        sa.Column("sid", sa.Text(), nullable=True),
        sa.Column("guest_sid", sa.Text(), nullable=True),
        sa.Column("guest_wanted", sa.Text(), nullable=True),
        sa.Column("guest_held", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("guest_wanted IN ('join', 'held', 'back')", name=op.f("ck_rooms_guest_wanted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("name", name=op.f("uq_rooms_name")),
    )
    op.create_index(
        "ix_rooms_wanted",
        "rooms",
        ["changed_at"],
        postgresql_where=sa.text("guest_wanted IS NOT NULL"),
    )
    op.create_table(
        "pace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pace")),
    )


def downgrade() -> None:
    op.drop_table("pace")
    op.drop_table("rooms")
    op.drop_table("legs")
