"""dictations"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_BEFORE = (
    "callback_operator",
    "callback_caller",
    "live_operator",
    "interpreter",
    "offer_member",
    "offer_person",
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_legs_purpose"), "legs", type_="check")
    op.create_check_constraint(op.f("ck_legs_purpose"), "legs", _one_of((*_BEFORE, "prompt_editor")))
    op.create_table(
        "prompt_dictations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_prompt_dictations_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_dictations")),
    )
    op.create_index("ix_prompt_dictations_person", "prompt_dictations", ["person_id", "id"])
    op.create_table(
        "prompt_spoken",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dictation_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("read_from", sa.Text(), nullable=False),
        sa.Column("recording_sid", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at_carrier", sa.Boolean(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("wav", sa.LargeBinary(), nullable=True),
        sa.Column("take_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('spoken', 'kept', 'dropped', 'lost')", name=op.f("ck_prompt_spoken_state")
        ),
        sa.ForeignKeyConstraint(
            ["dictation_id"],
            ["prompt_dictations.id"],
            name=op.f("fk_prompt_spoken_dictation_id_prompt_dictations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["take_id"], ["prompt_takes.id"], name=op.f("fk_prompt_spoken_take_id_prompt_takes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_spoken")),
        sa.UniqueConstraint("recording_sid", name=op.f("uq_prompt_spoken_recording_sid")),
        sa.UniqueConstraint("token", name=op.f("uq_prompt_spoken_token")),
    )
    op.create_index("ix_prompt_spoken_dictation", "prompt_spoken", ["dictation_id"])
    op.create_index(
        "ix_prompt_spoken_at_carrier", "prompt_spoken", ["at"], postgresql_where=sa.text("at_carrier")
    )


def downgrade() -> None:
    op.drop_table("prompt_spoken")
    op.drop_table("prompt_dictations")
    op.execute("DELETE FROM legs WHERE purpose = 'prompt_editor'")
    op.drop_constraint(op.f("ck_legs_purpose"), "legs", type_="check")
    op.create_check_constraint(op.f("ck_legs_purpose"), "legs", _one_of(_BEFORE))


def _one_of(words: tuple[str, ...]) -> str:
    return f"purpose IN ({', '.join(repr(word) for word in words)})"
