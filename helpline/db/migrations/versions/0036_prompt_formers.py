"""prompt formers: what the repository said until a release changed it, so that an older set is heard again as it was"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompt_formers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_formers")),
    )
    op.create_index("ix_prompt_formers_until", "prompt_formers", ["until"])
    op.execute(
        "INSERT INTO prompt_formers (language, prompt, text, until) "
        "SELECT language, prompt, before, changed_at FROM prompt_seen WHERE before IS NOT NULL AND changed_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("prompt_formers")
