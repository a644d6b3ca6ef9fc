"""alerts: what stands, who is told of it, limits that were chosen; what happens too often to be written as it happens"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_KINDS = (
    "'nobody_on_shift', 'nobody_soon', 'nobody_there', 'held_long', 'callbacks_many', 'callbacks_old', 'promises_passed',"
    " 'requests_undecided', 'offers_expiring', 'entity_silent', 'entity_not_told', 'calls_stopped', 'legs_failing',"
    " 'carrier_errors', 'documents_failing', 'webhooks_refused', 'webhooks_failing', 'clips_failing', 'clips_missing',"
    " 'figures_stopped', 'sweep_failing', 'queue_down', 'queue_long', 'worker_silent', 'pages_silent', 'messages_stuck',"
    " 'disk_full', 'probe_silent'"
)
_SEVERITIES = "'urgent', 'warning'"


def _at(name: str, *, known: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not known)


def _text(name: str, *, known: bool = True) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=not known)


def upgrade() -> None:
    op.create_table(
        "tallies",
        _text("what"),
        _at("minute", known=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", "minute", name=op.f("pk_tallies")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("kind"),
        _text("subject"),
        _text("about"),
        _text("severity"),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        _at("since", known=True),
        _at("seen_at", known=True),
        *map(_at, ("raised_at", "gone_since", "cleared_at", "acknowledged_at")),
        _text("acknowledged_by", known=False),
        _text("note", known=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_alerts_kind")),
        sa.CheckConstraint(f"severity IN ({_SEVERITIES})", name=op.f("ck_alerts_severity")),
    )
    open_ones = sa.text("cleared_at IS NULL")
    op.create_index("uq_alerts_open", "alerts", ["kind", "subject"], unique=True, postgresql_where=open_ones)
    op.create_index("ix_alerts_cleared_at", "alerts", ["cleared_at"])
    op.create_table(
        "alert_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("kind"),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("limit", sa.Integer(), nullable=False),
        _at("at", known=True),
        _text("who"),
        _text("why"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_settings")),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_alert_settings_kind")),
    )
    op.create_index("ix_alert_settings", "alert_settings", ["kind", "id"])
    op.create_table(
        "alert_recipients",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("way"),
        _text("name"),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        *map(_text, ("locale", "least", "made_by")),
        _at("created_at", known=True),
        *map(_at, ("asked_at", "proved_at", "rests_until")),
        sa.Column("failures", sa.Integer(), nullable=False),
        _text("last_error", known=False),
        *map(_at, ("heard_at", "ended_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_recipients")),
        sa.CheckConstraint("way IN ('mail', 'webhook')", name=op.f("ck_alert_recipients_way")),
        sa.CheckConstraint(f"least IN ({_SEVERITIES})", name=op.f("ck_alert_recipients_least")),
        sa.CheckConstraint("locale IN ('it', 'en')", name=op.f("ck_alert_recipients_locale")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (address IS NOT NULL)", name=op.f("ck_alert_recipients_address_while_open")
        ),
    )
    op.create_table(
        "alert_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        _text("purpose"),
        _at("at", known=True),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        _text("state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _at("next_at", known=True),
        _text("last_error", known=False),
        _at("settled_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_messages")),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["alert_recipients.id"],
            name=op.f("fk_alert_messages_recipient_id_alert_recipients"),
        ),
        sa.CheckConstraint("state IN ('due', 'delivered', 'failed')", name=op.f("ck_alert_messages_state")),
        sa.CheckConstraint("purpose IN ('alerts', 'test', 'proof')", name=op.f("ck_alert_messages_purpose")),
    )
    due = sa.text("state = 'due'")
    only = sa.text("state = 'due' AND purpose = 'alerts'")
    op.create_index(
        "uq_alert_messages_due", "alert_messages", ["recipient_id"], unique=True, postgresql_where=only
    )
    op.create_index("ix_alert_messages_due", "alert_messages", ["next_at"], postgresql_where=due)
    op.create_index("ix_alert_messages_recipient_id", "alert_messages", ["recipient_id", "id"])
    op.create_table(
        "alert_told",
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        _at("told_at", known=True),
        _at("reminded_at", known=True),
        _at("over_at"),
        sa.PrimaryKeyConstraint("recipient_id", "alert_id", name=op.f("pk_alert_told")),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["alert_recipients.id"],
            name=op.f("fk_alert_told_recipient_id_alert_recipients"),
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_told_alert_id_alerts"), ondelete="CASCADE"
        ),
    )
    op.create_table(
        "alert_probes",
        _text("place"),
        _at("good_at", known=True),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_alert_probes")),
    )


def downgrade() -> None:
    for table in (
        "alert_probes",
        "alert_told",
        "alert_messages",
        "alert_recipients",
        "alert_settings",
        "alerts",
        "tallies",
    ):
        op.drop_table(table)
