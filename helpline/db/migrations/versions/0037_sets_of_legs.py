"""sets of legs: the set of prompts that a call of ours began with, and that of whoever is the guest in a room"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("legs", sa.Column("set_id", sa.Integer(), nullable=True))
    op.add_column("rooms", sa.Column("set_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("rooms", "set_id")
    op.drop_column("legs", "set_id")
