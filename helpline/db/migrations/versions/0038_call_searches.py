"""call searches: kept for coordinators, under a token that may stand in a URL"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("chosen", postgresql.JSONB(), nullable=False),
        sa.Column("callers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_call_searches_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_searches")),
        sa.UniqueConstraint("token", name=op.f("uq_call_searches_token")),
    )


def downgrade() -> None:
    op.drop_table("call_searches")
