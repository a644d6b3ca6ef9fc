"""the handbook: how its key phrases sound, and the house's own pages with each version"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phrase_clips",
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("wav", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("language", "phrase", name=op.f("pk_phrase_clips")),
    )
    op.create_index(op.f("ix_phrase_clips_hash"), "phrase_clips", ["hash"])
    op.create_table(
        "handbook_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chapter", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handbook_pages")),
    )
    op.create_table(
        "handbook_versions",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title_it", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("text_it", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_handbook_versions_version")),
        sa.ForeignKeyConstraint(
            ["page_id"], ["handbook_pages.id"], name=op.f("fk_handbook_versions_page_id_handbook_pages")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_handbook_versions_by_id_people")),
        sa.PrimaryKeyConstraint("page_id", "version", name=op.f("pk_handbook_versions")),
    )


def downgrade() -> None:
    op.drop_table("handbook_versions")
    op.drop_table("handbook_pages")
    op.drop_table("phrase_clips")
