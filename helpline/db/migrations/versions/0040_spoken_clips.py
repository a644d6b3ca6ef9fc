"""spoken clips: what was spoken into a telephone is prepared and judged before it is heard again"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_STATE = op.f("ck_prompt_spoken_state")
_BEFORE = "state in ('spoken', 'kept', 'dropped', 'lost')"


def upgrade() -> None:
    op.add_column("prompt_spoken", sa.Column("clip", sa.LargeBinary(), nullable=True))
    op.add_column("prompt_spoken", sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True))
    # The release before writes rows without it while the new one starts.
    op.add_column("prompt_spoken", sa.Column("refusals", JSONB(), server_default="[]", nullable=False))
    op.drop_constraint(_STATE, "prompt_spoken", type_="check")
    op.create_check_constraint(
        _STATE, "prompt_spoken", "state in ('spoken', 'kept', 'dropped', 'refused', 'lost')"
    )


def downgrade() -> None:
    op.execute("UPDATE prompt_spoken SET state = 'dropped' WHERE state = 'refused'")
    op.drop_constraint(_STATE, "prompt_spoken", type_="check")
    op.create_check_constraint(_STATE, "prompt_spoken", _BEFORE)
    for column in ("refusals", "judged_at", "clip"):
        op.drop_column("prompt_spoken", column)
