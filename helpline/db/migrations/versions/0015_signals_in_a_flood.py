"""signals in a flood"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BEFORE = "'full', 'barred'"


def _only(reasons: str) -> None:
    op.drop_constraint(op.f("ck_signals_kept_because"), "signals", type_="check")
    op.create_check_constraint(op.f("ck_signals_kept_because"), "signals", f"kept_because IN ({reasons})")


def upgrade() -> None:
    _only(f"{BEFORE}, 'review'")
    op.add_column(
        "signal_tries", sa.Column("signed_in", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("signal_tries", "signed_in")
    op.execute("UPDATE signals SET kept_because = 'full' WHERE kept_because = 'review'")
    _only(BEFORE)
