"""beats of web, and gaps"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("routing_heartbeat", sa.Column("web_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "routing_gaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("part IN ('clock', 'web')", name=op.f("ck_routing_gaps_part")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_gaps")),
    )
    op.create_index(
        "ix_routing_gaps_uncounted", "routing_gaps", ["id"], postgresql_where=sa.text("NOT counted")
    )


def downgrade() -> None:
    op.drop_table("routing_gaps")
    op.drop_column("routing_heartbeat", "web_at")
