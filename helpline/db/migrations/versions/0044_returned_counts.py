"""returned counts: what organisations count of a project's month, every version kept; and cases by the day of each step"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_WHAT = (
    "counselled",
    "plans",
    "returned",
    "business",
    "employment",
    "training",
    "education",
    "housing",
    "health",
    "other",
)


def upgrade() -> None:
    op.create_table(
        "count_returns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_count_returns_version")),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("ck_count_returns_month")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_count_returns_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_returns")),
        sa.UniqueConstraint(
            "project_id", "month", "version", name=op.f("uq_count_returns_project_id_month_version")
        ),
    )
    op.create_table(
        "returned_counts",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            f"what IN ({', '.join(repr(one) for one in _WHAT)})", name=op.f("ck_returned_counts_what")
        ),
        sa.CheckConstraint("people > 0", name=op.f("ck_returned_counts_people")),
        sa.ForeignKeyConstraint(
            ["return_id"], ["count_returns.id"], name=op.f("fk_returned_counts_return_id_count_returns")
        ),
        sa.PrimaryKeyConstraint("return_id", "country", "what", name=op.f("pk_returned_counts")),
    )
    op.create_table(
        "case_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "project_id", "country", "what", name=op.f("pk_case_days")),
    )
    op.create_index("ix_case_reports_at", "case_reports", ["at"])


def downgrade() -> None:
    op.drop_index("ix_case_reports_at", table_name="case_reports")
    for table in ("case_days", "returned_counts", "count_returns"):
        op.drop_table(table)
