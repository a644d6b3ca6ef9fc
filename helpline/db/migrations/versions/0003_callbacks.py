"""callbacks"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LIVE = "state IN ('waiting', 'claimed', 'ringing', 'talking')"
ENGAGED = "state IN ('claimed', 'ringing', 'talking')"
CAUSES = (
    "'operator_no_key', 'operator_unreached', 'taken_back', 'busy', 'no_answer', 'machine', 'refused', "
    "'wrong_moment', 'network', 'connected'"
)
NEW = (
    sa.Column("claim_no", sa.Integer(), nullable=True),
    sa.Column("holder_id", sa.Integer(), nullable=True),
    sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
    sa.Column("queued_since", sa.DateTime(timezone=True), nullable=True),
    sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("due_on", sa.Date(), nullable=True),
    sa.Column(
        "rank",
        sa.SmallInteger(),
        sa.Computed("CASE priority WHEN 'minor' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END", persisted=True),
        nullable=False,
    ),
    sa.Column("followed_up", sa.Boolean(), nullable=True),
    sa.Column("urgent_reason", sa.LargeBinary(), nullable=True),
    sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
)


def upgrade() -> None:
    for column in NEW:
        op.add_column("callbacks", column)
    op.execute(
        "UPDATE callbacks SET claim_no = 0, followed_up = false, queued_since = created_at, next_at = created_at, "
        "due_on = coalesce(promised_on, (created_at AT TIME ZONE 'Europe/Rome')::date + 14)"
    )
    for name in ("claim_no", "followed_up", "queued_since", "next_at", "due_on"):
        op.alter_column("callbacks", name, nullable=False)
    op.create_foreign_key(op.f("fk_callbacks_holder_id_people"), "callbacks", "people", ["holder_id"], ["id"])
    engaged, live = sa.text(ENGAGED), sa.text(LIVE)
    op.create_index(
        "uq_callbacks_engaged_plan", "callbacks", ["plan_id"], unique=True, postgresql_where=engaged
    )
    op.create_index(
        "uq_callbacks_engaged_holder", "callbacks", ["holder_id"], unique=True, postgresql_where=engaged
    )
    op.create_index(
        "ix_callbacks_next",
        "callbacks",
        ["language", "window", "rank", "due_on", "queued_since", "id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_callbacks_order", "callbacks", ["rank", "due_on", "queued_since", "id"], postgresql_where=live
    )
    op.create_index(
        "ix_callbacks_unreachable",
        "callbacks",
        ["closed_at"],
        postgresql_where=sa.text("state = 'unreachable'"),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("callback_id", sa.Integer(), nullable=False),
        sa.Column("claim_no", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (cause IS NULL)", name=op.f("ck_attempts_ended_with_cause")),
        sa.CheckConstraint(f"cause IN ({CAUSES})", name=op.f("ck_attempts_cause")),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callbacks.id"], name=op.f("fk_attempts_callback_id_callbacks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_callback_id"), "attempts", ["callback_id"])
    op.create_index(
        "uq_attempts_open",
        "attempts",
        ["callback_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "callback_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("callback_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callbacks.id"], name=op.f("fk_callback_notes_callback_id_callbacks")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_callback_notes_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_notes")),
    )
    op.create_index(op.f("ix_callback_notes_callback_id"), "callback_notes", ["callback_id"])
    op.create_table(
        "at_desks",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_at_desks_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_at_desks")),
    )
    op.create_table(
        "barred_numbers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number_hash", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barred_numbers")),
        sa.UniqueConstraint("number_hash", name=op.f("uq_barred_numbers_number_hash")),
    )
    # Who heard what somebody agreed to in a talk; None where a key was pressed.
    op.add_column("agreements", sa.Column("heard_by", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_agreements_heard_by_people"), "agreements", "people", ["heard_by"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_agreements_heard_by_people"), "agreements", type_="foreignkey")
    op.drop_column("agreements", "heard_by")
    for table in ("barred_numbers", "at_desks", "callback_notes", "attempts"):
        op.drop_table(table)
    for index in (
        "ix_callbacks_unreachable", "ix_callbacks_order", "ix_callbacks_next", "uq_callbacks_engaged_holder", "uq_callbacks_engaged_plan",
    ):  # fmt: skip
        op.drop_index(index, table_name="callbacks")
    op.drop_constraint(op.f("fk_callbacks_holder_id_people"), "callbacks", type_="foreignkey")
    for column in NEW:
        op.drop_column("callbacks", column.name)
