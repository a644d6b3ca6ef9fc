"""live sheets"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OUTCOMES = "'helped', 'written_down', 'emergency', 'silent', 'not_for_us'"


def upgrade() -> None:
    empty = sa.text("'{}'::jsonb")
    op.add_column("holds", sa.Column("recognised", postgresql.JSONB(), nullable=False, server_default=empty))
    op.alter_column("holds", "recognised", server_default=None)
    op.add_column("holds", sa.Column("note", sa.LargeBinary(), nullable=True))
    op.add_column("holds", sa.Column("outcome", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_holds_outcome"), "holds", f"outcome IN ({OUTCOMES})")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_holds_outcome"), "holds", type_="check")
    for column in ("outcome", "note", "recognised"):
        op.drop_column("holds", column)
