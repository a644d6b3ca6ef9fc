"""resting mailboxes: until when no further mail goes to a Focal Point; what comes meanwhile is told in one

Found by whose it is, a delivery that waits for the same mailbox needs an index of its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("focal_points", sa.Column("mail_rests_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_deliveries_focal_point_due",
        "deliveries",
        ["focal_point_id"],
        postgresql_where=sa.text("state = 'due' AND focal_point_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_focal_point_due", table_name="deliveries")
    op.drop_column("focal_points", "mail_rests_until")
