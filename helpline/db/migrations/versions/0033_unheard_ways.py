"""unheard ways: since when nothing arrives at an address for webhooks, or at an organisation's mailbox

What was given up before, with nothing that arrived there since, counts from when it was given up.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_SINCE = """
SELECT min(g.settled_at) FROM deliveries g WHERE g.state = 'given_up' AND {same} AND g.settled_at > coalesce(
    (SELECT max(d.settled_at) FROM deliveries d WHERE d.state = 'delivered' AND {so}), '-infinity')
"""


def upgrade() -> None:
    op.add_column("endpoints", sa.Column("unheard_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("entities", sa.Column("mail_unheard_since", sa.DateTime(timezone=True), nullable=True))
    of_endpoint = _SINCE.format(same="g.endpoint_id = e.id", so="d.endpoint_id = e.id")
    mailed = "{0}.endpoint_id IS NULL AND {0}.entity_id = e.id"
    by_mail = _SINCE.format(same=mailed.format("g"), so=mailed.format("d"))
    op.execute(f"UPDATE endpoints e SET unheard_since = ({of_endpoint})")  # noqa: S608 - words of ours
    op.execute(f"UPDATE entities e SET mail_unheard_since = ({by_mail}) WHERE email_proved_at IS NOT NULL")  # noqa: S608 - words of ours


def downgrade() -> None:
    op.drop_column("entities", "mail_unheard_since")
    op.drop_column("endpoints", "unheard_since")
