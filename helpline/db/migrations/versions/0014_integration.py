"""integration: tokens that expire, endpoints that are paused, tests of telling"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BEFORE = (
    "'offer_made', 'offer_reminder', 'offer_expired', 'offer_withdrawn', 'offer_extended', 'entity_paused'"
)
AFTER = f"{BEFORE}, 'test'"


def _only(kinds: str) -> None:
    op.drop_constraint(op.f("ck_outbox_kind"), "outbox", type_="check")
    op.create_check_constraint(op.f("ck_outbox_kind"), "outbox", f"kind IN ({kinds})")


def upgrade() -> None:
    op.add_column("api_tokens", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("endpoints", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    _only(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE outbox_id IN (SELECT id FROM outbox WHERE kind = 'test')")
    op.execute("DELETE FROM outbox WHERE kind = 'test'")
    _only(BEFORE)
    op.drop_column("endpoints", "paused_at")
    op.drop_column("api_tokens", "expires_at")
