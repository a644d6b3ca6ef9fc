"""entity calls"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BEFORE = "'callback_operator', 'callback_caller', 'live_operator', 'interpreter'"
AFTER = f"{BEFORE}, 'offer_member', 'offer_person'"


def _only(purposes: str) -> None:
    op.drop_constraint(op.f("ck_legs_purpose"), "legs", type_="check")
    op.create_check_constraint(op.f("ck_legs_purpose"), "legs", f"purpose IN ({purposes})")


def upgrade() -> None:
    _only(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM legs WHERE purpose IN ('offer_member', 'offer_person')")
    _only(BEFORE)
