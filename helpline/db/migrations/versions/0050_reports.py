"""reports: made, issued under number and version with their numbers as issued, as PDF; and the dates of funds and their projects"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", postgresql.JSONB(), nullable=True),
        sa.Column("facts", postgresql.JSONB(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('making', 'ready', 'issued', 'failed')", name=op.f("ck_reports_state")),
        sa.CheckConstraint(
            "(state = 'issued') = (version IS NOT NULL AND number IS NOT NULL AND issued_at IS NOT NULL)",
            name=op.f("ck_reports_issued"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('ready', 'issued') OR content IS NOT NULL", name=op.f("ck_reports_content")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_reports_asked_by_id_people")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["people.id"], name=op.f("fk_reports_issued_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("period", "version", name=op.f("uq_reports_period_version")),
        sa.UniqueConstraint("year", "number", "version", name=op.f("uq_reports_year_number_version")),
    )
    op.create_index(
        "uq_reports_draft",
        "reports",
        ["period"],
        unique=True,
        postgresql_where=sa.text("state IN ('making', 'ready', 'failed')"),
    )
    op.create_table(
        "report_files",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_files_report_id_reports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("report_id", "language", name=op.f("pk_report_files")),
    )
    op.create_table(
        "funding_periods",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_funding_periods_order")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_funding_periods")),
    )


def downgrade() -> None:
    op.drop_table("funding_periods")
    op.drop_table("report_files")
    op.drop_index("uq_reports_draft", table_name="reports")
    op.drop_table("reports")
