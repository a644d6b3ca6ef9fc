"""forgotten columns"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FORGOTTEN = {"requests": ("language", "group"), "agreements": ("call_sid", "language")}


def upgrade() -> None:
    for table, columns in FORGOTTEN.items():
        for column in columns:
            op.alter_column(table, column, nullable=True)


def downgrade() -> None:
    op.execute("UPDATE requests SET language = 'it' WHERE language IS NULL")
    op.execute('UPDATE requests SET "group" = \'self\' WHERE "group" IS NULL')
    op.execute("UPDATE agreements SET call_sid = 'forgotten-' || id, language = 'it' WHERE call_sid IS NULL")
    for table, columns in FORGOTTEN.items():
        for column in columns:
            op.alter_column(table, column, nullable=False)
