"""proved mailboxes, tokens that end"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BEFORE = (
    "offer_made", "offer_reminder", "offer_expired", "offer_withdrawn", "offer_extended", "entity_paused", "test",
    "signal_came", "office_called",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("entities", sa.Column("email_proved_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE entities SET email_proved_at = now() WHERE email IS NOT NULL")
    op.create_table(
        "mailbox_proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_mailbox_proofs_entity_id_entities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_proofs")),
    )
    op.create_index(op.f("ix_mailbox_proofs_entity_id"), "mailbox_proofs", ["entity_id"])
    _kinds((*BEFORE, "mailbox_to_prove", "token_ends"))
    op.add_column("api_tokens", sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE api_tokens SET expires_at = now() + interval '365 days' WHERE expires_at IS NULL")
    op.alter_column("api_tokens", "expires_at", nullable=False)


def downgrade() -> None:
    op.alter_column("api_tokens", "expires_at", nullable=True)
    op.drop_column("api_tokens", "warned_at")
    op.execute(
        "DELETE FROM deliveries d USING outbox o WHERE o.id = d.outbox_id AND o.kind IN ('mailbox_to_prove', 'token_ends')"
    )
    op.execute("DELETE FROM outbox WHERE kind IN ('mailbox_to_prove', 'token_ends')")
    _kinds(BEFORE)
    op.drop_table("mailbox_proofs")
    op.drop_column("entities", "email_proved_at")


def _kinds(words: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_outbox_kind"), "outbox", type_="check")
    op.create_check_constraint(op.f("ck_outbox_kind"), "outbox", f"kind IN ({', '.join(map(repr, words))})")
