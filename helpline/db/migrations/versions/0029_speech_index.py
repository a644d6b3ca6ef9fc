"""speech is found without looking through every recording"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_prompt_clips_speech",
        "prompt_clips",
        ["language", "prompt"],
        postgresql_where=sa.text("source = 'speech'"),
    )


def downgrade() -> None:
    op.drop_index("ix_prompt_clips_speech", table_name="prompt_clips")
