"""focal points are told by mail"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BEFORE = "'offer_made', 'offer_reminder', 'offer_expired', 'offer_withdrawn', 'offer_extended', 'entity_paused', 'test'"
MAIL = "uq_deliveries_mail"
FOCAL = "uq_deliveries_focal_point"


def upgrade() -> None:
    _only(f"{BEFORE}, 'signal_came', 'office_called'")
    op.add_column("deliveries", sa.Column("focal_point_id", sa.Text(), nullable=True))
    op.alter_column("deliveries", "entity_id", nullable=True)
    op.create_check_constraint(
        op.f("ck_deliveries_to_whom"), "deliveries", "(entity_id IS NULL) = (focal_point_id IS NOT NULL)"
    )
    op.drop_index(MAIL, table_name="deliveries")
    _mail("endpoint_id IS NULL AND focal_point_id IS NULL")
    op.create_index(
        FOCAL,
        "deliveries",
        ["outbox_id", "focal_point_id"],
        unique=True,
        postgresql_where=sa.text("focal_point_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE entity_id IS NULL")
    op.execute("DELETE FROM outbox WHERE kind IN ('signal_came', 'office_called')")
    op.drop_index(FOCAL, table_name="deliveries")
    op.drop_index(MAIL, table_name="deliveries")
    op.drop_constraint(op.f("ck_deliveries_to_whom"), "deliveries", type_="check")
    op.alter_column("deliveries", "entity_id", nullable=False)
    op.drop_column("deliveries", "focal_point_id")
    _mail("endpoint_id IS NULL")
    _only(BEFORE)


def _mail(where: str) -> None:
    op.create_index(MAIL, "deliveries", ["outbox_id"], unique=True, postgresql_where=sa.text(where))


def _only(kinds: str) -> None:
    op.drop_constraint(op.f("ck_outbox_kind"), "outbox", type_="check")
    op.create_check_constraint(op.f("ck_outbox_kind"), "outbox", f"kind IN ({kinds})")
