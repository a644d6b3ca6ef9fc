"""exports: files of rows of the log that somebody asked for, and their pieces"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("chosen", postgresql.JSONB(), nullable=False),
        sa.Column("words", postgresql.JSONB(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("worked_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("upto", sa.Integer(), nullable=True),
        sa.Column("after_at", moment, nullable=True),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("packed", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("form IN ('csv', 'xlsx', 'jsonl')", name=op.f("ck_exports_form")),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'cancelled', 'failed')", name=op.f("ck_exports_state")
        ),
        sa.CheckConstraint("what IN ('calls', 'steps')", name=op.f("ck_exports_what")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_exports_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_by_id", "exports", ["by_id", "id"])
    alive = sa.text("state IN ('waiting', 'running')")
    op.create_index("ix_exports_one_at_a_time", "exports", ["by_id"], unique=True, postgresql_where=alive)
    op.create_table(
        "export_pieces",
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["exports.id"], name=op.f("fk_export_pieces_export_id_exports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("export_id", "number", name=op.f("pk_export_pieces")),
    )
    # They are packed already: to try again costs time and saves nothing.
    op.execute("ALTER TABLE export_pieces ALTER COLUMN content SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.drop_table("export_pieces")
    op.drop_table("exports")
