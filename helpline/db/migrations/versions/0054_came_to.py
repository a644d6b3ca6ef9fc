"""came to: which steps each finished call came to, so that those who came to one are soon found"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "call_sums",
        sa.Column("came_to", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    # Sorted as the worker sorts them, by their letters alone.
    op.execute(
        'UPDATE call_sums s SET came_to = w.steps FROM (SELECT c.id, array_agg(DISTINCT t.to_step COLLATE "C") AS steps'
        " FROM calls c JOIN steps t ON t.call_sid = c.sid WHERE c.finished AND t.to_step <> '' GROUP BY c.id) w"
        " WHERE w.id = s.call_id"
    )


def downgrade() -> None:
    op.drop_column("call_sums", "came_to")
