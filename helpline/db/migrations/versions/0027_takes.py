"""takes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("prompt_clips", "wav", existing_type=sa.LargeBinary(), nullable=True)
    op.create_table(
        "prompt_originals",
        sa.Column("sha", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha", name=op.f("pk_prompt_originals")),
    )
    op.create_table(
        "prompt_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("left_out", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('working', 'done')", name=op.f("ck_prompt_batches_state")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_prompt_batches_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_batches")),
    )
    op.create_table(
        "prompt_takes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("original_sha", sa.Text(), nullable=False),
        sa.Column("clip_hash", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("refusals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("measured", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('received', 'ready', 'refused')", name=op.f("ck_prompt_takes_state")),
        sa.CheckConstraint("way in ('browser', 'telephone', 'file')", name=op.f("ck_prompt_takes_way")),
        sa.ForeignKeyConstraint(
            ["original_sha"],
            ["prompt_originals.sha"],
            name=op.f("fk_prompt_takes_original_sha_prompt_originals"),
        ),
        sa.ForeignKeyConstraint(
            ["clip_hash"], ["prompt_clips.hash"], name=op.f("fk_prompt_takes_clip_hash_prompt_clips")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["prompt_batches.id"], name=op.f("fk_prompt_takes_batch_id_prompt_batches")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_prompt_takes_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_takes")),
    )
    op.create_index("ix_prompt_takes_prompt", "prompt_takes", ["language", "prompt", "id"], unique=False)
    op.create_index(
        "ix_prompt_takes_received",
        "prompt_takes",
        ["made_at"],
        unique=False,
        postgresql_where=sa.text("state = 'received'"),
    )
    op.create_index(
        "ix_prompt_takes_batch",
        "prompt_takes",
        ["batch_id"],
        unique=False,
        postgresql_where=sa.text("batch_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("prompt_takes")
    op.drop_table("prompt_batches")
    op.drop_table("prompt_originals")
    # What lies in another storage (move it back first) is found damaged by the older release, and not played.
    op.execute("UPDATE prompt_clips SET wav = '' WHERE wav IS NULL")
    op.alter_column("prompt_clips", "wav", existing_type=sa.LargeBinary(), nullable=False)
