"""routing"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LIVE = "(state = 'pending' OR (state = 'accepted' AND ended_at IS NULL))"
WAS_LIVE = "state IN ('pending', 'accepted')"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE offers SET accepted_at = made_at WHERE state = 'accepted'")
    for table, column in (("entities", "unanswered"), ("offers", "expires_at")):
        op.alter_column(table, column, server_default=None)
    op.alter_column("projects", "places_total", nullable=True)
    for table, name, condition in _CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
    _live_offers(LIVE)
    op.drop_index("ix_offers_live_project", table_name="offers")  # the next one holds what it held
    op.create_index(
        "ix_offers_counted",
        "offers",
        ["project_id"],
        postgresql_where=sa.text(f"{LIVE} OR begun_at IS NOT NULL OR accepted_at IS NOT NULL"),
    )
    op.create_index("ix_offers_due", "offers", ["expires_at"], postgresql_where=sa.text("state = 'pending'"))
    op.drop_index("ix_offers_entity_id", table_name="offers")
    op.create_index("ix_offers_entity", "offers", ["entity_id", sa.literal_column("id DESC")])
    _new_tables()


def downgrade() -> None:
    for table in (
        "free_places", "routing_outages", "routing_heartbeat", "project_lists", "request_notes", "case_reports", "pair_blocks",
        "entity_changes",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index("ix_offers_entity", table_name="offers")
    op.create_index("ix_offers_entity_id", "offers", ["entity_id"])
    op.drop_index("ix_offers_due", table_name="offers")
    op.drop_index("ix_offers_counted", table_name="offers")
    # A case that has ended holds no place: the older release knows only withdrawn for that.
    op.execute("UPDATE offers SET state = 'withdrawn' WHERE state = 'accepted' AND ended_at IS NOT NULL")
    _live_offers(WAS_LIVE)
    op.create_index("ix_offers_live_project", "offers", ["project_id"], postgresql_where=sa.text(WAS_LIVE))
    for table, name, _ in reversed(_CHECKS):
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.execute("UPDATE projects SET places_total = 0 WHERE places_total IS NULL")
    op.alter_column("projects", "places_total", nullable=False)
    for table, columns in _columns().items():
        for column in reversed(columns):
            op.drop_column(table, column.name)


def _columns() -> dict[str, list[sa.Column]]:
    return {
        "entities": [
            sa.Column("email", sa.Text(), nullable=True),
            sa.Column("hours", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
            sa.Column("full_since", MOMENT, nullable=True),
            sa.Column("unanswered", sa.Integer(), nullable=False, server_default="0"),
        ],
        "projects": [
            sa.Column("open_cases", sa.Integer(), nullable=True),
            sa.Column("per_week", sa.Integer(), nullable=True),
            sa.Column("paused_reason", sa.Text(), nullable=True),
        ],
        "requests": [
            sa.Column("held_for", sa.Text(), nullable=True),
            sa.Column("parked_until", MOMENT, nullable=True),
        ],
        "offers": [
            sa.Column("remind_at", MOMENT, nullable=True),
            sa.Column("reminded_at", MOMENT, nullable=True),
            sa.Column(
                "expires_at", MOMENT, nullable=False, server_default=sa.text("now() + interval '1 day'")
            ),
            sa.Column("accepted_at", MOMENT, nullable=True),
            sa.Column("contact_by", MOMENT, nullable=True),
            sa.Column("contacted_at", MOMENT, nullable=True),
            sa.Column("begun_at", MOMENT, nullable=True),
            sa.Column("declined_for", sa.Text(), nullable=True),
            sa.Column("outcome", sa.Text(), nullable=True),
            sa.Column("answered_in", sa.Integer(), nullable=True),
        ],
    }


_CHECKS = [
    ("entities", "unanswered", "unanswered >= 0"),
    ("projects", "open_cases", "open_cases >= 0"),
    ("projects", "per_week", "per_week >= 0"),
    ("requests", "held_for", "held_for IN ('operator', 'coordinator')"),
    (
        "offers",
        "declined_for",
        "declined_for IN ('no_place_now', 'not_our_territory', 'cannot_reach', 'not_eligible_here', 'other')",
    ),
    (
        "offers",
        "outcome",
        "outcome IN ('contacted', 'counselling_begun', 'plan_made', 'returned', 'withdrew', 'not_eligible', 'unreachable')",
    ),
    ("offers", "accepted", "(state = 'accepted') <= (accepted_at IS NOT NULL)"),
]


def _live_offers(condition: str) -> None:
    op.drop_index("uq_offers_live_request", table_name="offers")
    op.create_index(
        "uq_offers_live_request", "offers", ["request_id"], unique=True, postgresql_where=sa.text(condition)
    )


def _new_tables() -> None:
    op.create_table(
        "entity_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity_changes")),
    )
    op.create_index("ix_entity_changes_about", "entity_changes", ["about", "id"])
    op.create_table(
        "pair_blocks",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_pair_blocks_request_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_pair_blocks_entity_id_entities")
        ),
        sa.PrimaryKeyConstraint("request_id", "entity_id", name=op.f("pk_pair_blocks")),
    )
    op.create_table(
        "case_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_case_reports_offer_id_offers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_reports")),
    )
    op.create_index("ix_case_reports_offer_id", "case_reports", ["offer_id"])
    op.create_table(
        "project_lists",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_project_lists")),
    )
    op.create_table(
        "request_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_notes_request_id_requests")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_request_notes_offer_id_offers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_notes")),
    )
    op.create_index("ix_request_notes_request_id", "request_notes", ["request_id"])
    op.create_table(
        "routing_heartbeat",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("looked", sa.Text(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_routing_heartbeat_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_heartbeat")),
    )
    op.create_table(
        "routing_outages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_outages")),
    )
    op.create_table(
        "free_places",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("free", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_free_places_project_id_projects")
        ),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_free_places_entity_id_entities")
        ),
        sa.PrimaryKeyConstraint("day", "project_id", name=op.f("pk_free_places")),
    )
