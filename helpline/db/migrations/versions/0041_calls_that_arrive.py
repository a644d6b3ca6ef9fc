"""calls that arrive: the log's two indexes hold what is known of a call; the first webhook, which knows neither, writes into none"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def _made_again(known: bool) -> None:
    for column in ("language", "outcome"):
        name = f"ix_calls_{column}"
        op.drop_index(name, table_name="calls")
        where = sa.text(f"{column} IS NOT NULL") if known else None
        op.create_index(name, "calls", [column, "started_at", "id"], postgresql_where=where)


def upgrade() -> None:
    _made_again(known=True)


def downgrade() -> None:
    _made_again(known=False)
