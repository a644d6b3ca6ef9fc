"""notices"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("id", sa.Integer(), sa.Identity(), nullable=False))
    op.add_column("notices", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "notices",
        sa.Column("clips", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("notices", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    op.create_unique_constraint(op.f("uq_notices_id"), "notices", ["id"])
    op.add_column("line_versions", sa.Column("why", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("line_versions", "why")
    op.drop_constraint(op.f("uq_notices_id"), "notices", type_="unique")
    for column in ("revision", "clips", "ended_at", "id"):
        op.drop_column("notices", column)
