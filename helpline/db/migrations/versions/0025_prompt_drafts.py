"""prompt drafts"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompt_seen",
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("language", "prompt", name=op.f("pk_prompt_seen")),
    )
    op.create_table(
        "prompt_editing",
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_prompt_editing_person_id_people")
        ),
        sa.PrimaryKeyConstraint("language", "prompt", "person_id", name=op.f("pk_prompt_editing")),
    )
    op.create_table(
        "prompt_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("repository_hash", sa.Text(), nullable=True),
        sa.Column("master_hash", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "origin in ('console', 'import', 'repository')", name=op.f("ck_prompt_texts_origin")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_prompt_texts_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_texts")),
    )
    op.create_index("ix_prompt_texts_prompt", "prompt_texts", ["language", "prompt"], unique=False)
    op.create_table(
        "prompt_draft",
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=True),
        sa.Column("drops_text", sa.Boolean(), nullable=False),
        sa.Column("clip_hash", sa.Text(), nullable=True),
        sa.Column("drops_clip", sa.Boolean(), nullable=False),
        sa.Column("conflict_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("clip_hash IS NULL OR NOT drops_clip", name=op.f("ck_prompt_draft_one_clip")),
        sa.CheckConstraint("text_id IS NULL OR NOT drops_text", name=op.f("ck_prompt_draft_one_text")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["people.id"], name=op.f("fk_prompt_draft_changed_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["clip_hash"], ["prompt_clips.hash"], name=op.f("fk_prompt_draft_clip_hash_prompt_clips")
        ),
        sa.ForeignKeyConstraint(
            ["conflict_id"], ["prompt_texts.id"], name=op.f("fk_prompt_draft_conflict_id_prompt_texts")
        ),
        sa.ForeignKeyConstraint(
            ["text_id"], ["prompt_texts.id"], name=op.f("fk_prompt_draft_text_id_prompt_texts")
        ),
        sa.PrimaryKeyConstraint("language", "prompt", name=op.f("pk_prompt_draft")),
    )
    op.create_table(
        "prompt_schedules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("entries", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_id", sa.Integer(), nullable=True),
        sa.Column("faults", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'published', 'refused', 'cancelled')",
            name=op.f("ck_prompt_schedules_state"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_prompt_schedules_by_id_people")),
        sa.ForeignKeyConstraint(
            ["set_id"], ["prompt_sets.id"], name=op.f("fk_prompt_schedules_set_id_prompt_sets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_schedules")),
    )
    op.create_index(
        "ix_prompt_schedules_due",
        "prompt_schedules",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "prompt_set_texts",
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"],
            ["prompt_sets.id"],
            name=op.f("fk_prompt_set_texts_set_id_prompt_sets"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["text_id"], ["prompt_texts.id"], name=op.f("fk_prompt_set_texts_text_id_prompt_texts")
        ),
        sa.PrimaryKeyConstraint("set_id", "language", "prompt", name=op.f("pk_prompt_set_texts")),
    )
    op.create_table(
        "prompt_verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clip_hash", sa.Text(), nullable=True),
        sa.Column("text_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict in ('approved', 'rejected')", name=op.f("ck_prompt_verdicts_verdict")),
        sa.CheckConstraint(
            "(clip_hash IS NULL) <> (text_id IS NULL)", name=op.f("ck_prompt_verdicts_about_one")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_prompt_verdicts_by_id_people")),
        sa.ForeignKeyConstraint(
            ["clip_hash"], ["prompt_clips.hash"], name=op.f("fk_prompt_verdicts_clip_hash_prompt_clips")
        ),
        sa.ForeignKeyConstraint(
            ["text_id"], ["prompt_texts.id"], name=op.f("fk_prompt_verdicts_text_id_prompt_texts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_verdicts")),
    )
    op.create_index(
        "ix_prompt_verdicts_clip",
        "prompt_verdicts",
        ["clip_hash"],
        unique=False,
        postgresql_where=sa.text("clip_hash IS NOT NULL"),
    )
    op.create_index(
        "ix_prompt_verdicts_text",
        "prompt_verdicts",
        ["text_id"],
        unique=False,
        postgresql_where=sa.text("text_id IS NOT NULL"),
    )
    op.add_column(
        "people",
        sa.Column(
            "prompt_languages", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
    )
    op.add_column("prompt_clips", sa.Column("way", sa.Text(), nullable=True))
    op.add_column("prompt_clips", sa.Column("original_sha", sa.Text(), nullable=True))
    op.add_column("prompt_clips", sa.Column("speaker", sa.Text(), nullable=True))
    op.add_column("prompt_clips", sa.Column("made_by_id", sa.Integer(), nullable=True))
    op.add_column(
        "prompt_clips",
        sa.Column(
            "measured",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.create_foreign_key(
        op.f("fk_prompt_clips_made_by_id_people"), "prompt_clips", "people", ["made_by_id"], ["id"]
    )
    op.add_column("prompt_sets", sa.Column("by_id", sa.Integer(), nullable=True))
    op.add_column("prompt_sets", sa.Column("note", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "prompt_sets",
        sa.Column("languages", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("prompt_sets", sa.Column("restores", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_prompt_sets_restores_prompt_sets"), "prompt_sets", "prompt_sets", ["restores"], ["id"]
    )
    op.create_foreign_key(op.f("fk_prompt_sets_by_id_people"), "prompt_sets", "people", ["by_id"], ["id"])


def downgrade() -> None:
    op.execute("UPDATE people SET roles = array_remove(roles, 'approver') WHERE 'approver' = ANY(roles)")
    op.drop_constraint(op.f("fk_prompt_sets_by_id_people"), "prompt_sets", type_="foreignkey")
    op.drop_constraint(op.f("fk_prompt_sets_restores_prompt_sets"), "prompt_sets", type_="foreignkey")
    op.drop_column("prompt_sets", "restores")
    op.drop_column("prompt_sets", "languages")
    op.drop_column("prompt_sets", "note")
    op.drop_column("prompt_sets", "by_id")
    op.drop_constraint(op.f("fk_prompt_clips_made_by_id_people"), "prompt_clips", type_="foreignkey")
    op.drop_column("prompt_clips", "measured")
    op.drop_column("prompt_clips", "made_by_id")
    op.drop_column("prompt_clips", "speaker")
    op.drop_column("prompt_clips", "original_sha")
    op.drop_column("prompt_clips", "way")
    op.drop_column("people", "prompt_languages")
    op.drop_index(
        "ix_prompt_verdicts_text",
        table_name="prompt_verdicts",
        postgresql_where=sa.text("text_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_prompt_verdicts_clip",
        table_name="prompt_verdicts",
        postgresql_where=sa.text("clip_hash IS NOT NULL"),
    )
    op.drop_table("prompt_verdicts")
    op.drop_table("prompt_set_texts")
    op.drop_index(
        "ix_prompt_schedules_due",
        table_name="prompt_schedules",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_table("prompt_schedules")
    op.drop_table("prompt_draft")
    op.drop_index("ix_prompt_texts_prompt", table_name="prompt_texts")
    op.drop_table("prompt_texts")
    op.drop_table("prompt_editing")
    op.drop_table("prompt_seen")
