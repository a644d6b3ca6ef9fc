"""first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint(
            "call_sid",
            "text_version",
            "language",
            "key",
            name=op.f("uq_agreements_call_sid_text_version_language_key"),
        ),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("from_number", sa.LargeBinary(), nullable=True),
        sa.Column("from_hash", sa.Text(), nullable=True),
        sa.Column("to_number", sa.Text(), nullable=True),
        sa.Column("set_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("last_sequence", sa.Integer(), nullable=True),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("sid", name=op.f("uq_calls_sid")),
    )
    op.create_index("ix_calls_from_hash", "calls", ["from_hash"], unique=False)
    op.create_index("ix_calls_started_at", "calls", ["started_at"], unique=False)
    op.create_index(
        "ix_calls_unfinished", "calls", ["started_at"], unique=False, postgresql_where=sa.text("NOT finished")
    )
    op.create_table(
        "clips",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("recording_sid", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("audio", sa.LargeBinary(), nullable=True),
        sa.Column("at_carrier", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('message', 'name', 'country')", name=op.f("ck_clips_kind")),
        sa.CheckConstraint("state <> 'held' OR audio IS NOT NULL", name=op.f("ck_clips_held_audio")),
        sa.CheckConstraint("state = 'held' OR audio IS NULL", name=op.f("ck_clips_audio_held")),
        sa.CheckConstraint(
            "state IN ('announced', 'held', 'absent', 'deleted')", name=op.f("ck_clips_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clips")),
        sa.UniqueConstraint("recording_sid", name=op.f("uq_clips_recording_sid")),
    )
    op.create_index(op.f("ix_clips_call_sid"), "clips", ["call_sid"], unique=False)
    op.create_index("ix_clips_owed", "clips", ["at"], unique=False, postgresql_where=sa.text("at_carrier"))
    op.create_table(
        "closures",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_closures_order")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_closures")),
    )
    op.create_table(
        "code_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rome_day", sa.Date(), nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_tries")),
    )
    op.create_index(op.f("ix_code_tries_call_sid"), "code_tries", ["call_sid"], unique=False)
    op.create_index("ix_code_tries_number_hash", "code_tries", ["number_hash", "rome_day"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("fields", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_drafts_call_sid")),
    )
    op.create_table(
        "entities",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("paused_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entities")),
    )
    op.create_table(
        "hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('opening', 'callback')", name=op.f("ck_hours_kind")),
        sa.CheckConstraint(
            "7 <= opens AND opens < closes AND closes <= 21", name=op.f("ck_hours_whole_hours")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_hours_weekday")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours")),
    )
    op.create_table(
        "line_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_versions")),
    )
    op.create_table(
        "moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
    )
    op.create_index("ix_moves_thing", "moves", ["kind", "subject_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_notices_order")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_notices")),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_hash", sa.Text(), nullable=True),
        sa.Column("number_proved", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "closed_at IS NOT NULL OR (number IS NOT NULL AND number_hash IS NOT NULL)",
            name=op.f("ck_plans_open_number"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index("ix_plans_number_hash", "plans", ["number_hash"], unique=False)
    op.create_index(
        "uq_plans_open_number",
        "plans",
        ["number_hash"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "pretences",
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("moment", name=op.f("pk_pretences")),
    )
    op.create_table(
        "prompt_clips",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("wav", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source in ('published', 'speech')", name=op.f("ck_prompt_clips_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_clips")),
        sa.UniqueConstraint("hash", name=op.f("uq_prompt_clips_hash")),
    )
    op.create_index("ix_prompt_clips_prompt", "prompt_clips", ["language", "prompt"], unique=False)
    op.create_table(
        "prompt_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_sets")),
    )
    op.create_table(
        "remembered",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remembered")),
        sa.UniqueConstraint("number_hash", name=op.f("uq_remembered_number_hash")),
    )
    op.create_table(
        "steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=True),
        sa.Column("did", sa.Text(), nullable=True),
        sa.Column("kept", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("to_step", sa.Text(), nullable=True),
        sa.Column("to_language", sa.Text(), nullable=True),
        sa.Column("to_tries", sa.Integer(), nullable=True),
        sa.Column("says", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steps")),
        sa.UniqueConstraint("call_sid", "turn", name=op.f("uq_steps_call_sid_turn")),
    )
    op.create_index("ix_steps_at", "steps", ["at"], unique=False, postgresql_using="brin")
    op.create_table(
        "asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("window", sa.Text(), nullable=False),
        sa.Column("whom", sa.Text(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("waits_without_place", sa.Boolean(), nullable=False),
        sa.Column("number_changes", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind = 'callback' OR agreement_id IS NOT NULL", name=op.f("ck_asks_agreed")),
        sa.CheckConstraint("kind IN ('callback', 'request')", name=op.f("ck_asks_kind")),
        sa.CheckConstraint(
            "\"window\" IN ('morning', 'afternoon', 'evening', 'any')", name=op.f("ck_asks_window")
        ),
        sa.CheckConstraint("slot BETWEEN 1 AND 3", name=op.f("ck_asks_slot")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_asks_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_asks_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asks")),
    )
    op.create_index(op.f("ix_asks_call_sid"), "asks", ["call_sid"], unique=False)
    op.create_index(op.f("ix_asks_created_at"), "asks", ["created_at"], unique=False)
    op.create_index(op.f("ix_asks_plan_id"), "asks", ["plan_id"], unique=False)
    op.create_index(
        "uq_asks_open_call",
        "asks",
        ["call_sid", "kind", "plan_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_asks_open_slot",
        "asks",
        ["plan_id", "slot"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "projects",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("funder", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("places_total", sa.Integer(), nullable=False),
        sa.Column("regions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("countries", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("groups", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.CheckConstraint("contact_phone ~ '^[0-9]+$'", name=op.f("ck_projects_contact_phone")),
        sa.CheckConstraint("places_total >= 0", name=op.f("ck_projects_places")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_projects_order")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_projects_entity_id_entities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    op.create_index(op.f("ix_projects_entity_id"), "projects", ["entity_id"], unique=False)
    op.create_table(
        "prompt_set_clips",
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("clip_hash", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clip_hash"], ["prompt_clips.hash"], name=op.f("fk_prompt_set_clips_clip_hash_prompt_clips")
        ),
        sa.ForeignKeyConstraint(
            ["set_id"],
            ["prompt_sets.id"],
            name=op.f("fk_prompt_set_clips_set_id_prompt_sets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("set_id", "language", "prompt", name=op.f("pk_prompt_set_clips")),
    )
    op.create_table(
        "callbacks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("window", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.CheckConstraint("priority IN ('normal', 'minor', 'urgent')", name=op.f("ck_callbacks_priority")),
        sa.CheckConstraint(
            "state IN ('waiting', 'claimed', 'ringing', 'talking', 'done', 'unreachable', 'cancelled', 'stopped')",
            name=op.f("ck_callbacks_state"),
        ),
        sa.CheckConstraint("topic IN ('office', 'data', 'other_person')", name=op.f("ck_callbacks_topic")),
        sa.CheckConstraint(
            "\"window\" IN ('morning', 'afternoon', 'evening', 'any')", name=op.f("ck_callbacks_window")
        ),
        sa.ForeignKeyConstraint(["ask_id"], ["asks.id"], name=op.f("fk_callbacks_ask_id_asks")),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["callbacks.id"], name=op.f("fk_callbacks_follows_id_callbacks")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_callbacks_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
    )
    op.create_index(op.f("ix_callbacks_ask_id"), "callbacks", ["ask_id"], unique=False)
    op.create_index(op.f("ix_callbacks_plan_id"), "callbacks", ["plan_id"], unique=False)
    op.create_index("ix_callbacks_state", "callbacks", ["state", "created_at"], unique=False)
    op.create_index(
        "uq_callbacks_live_ask",
        "callbacks",
        ["ask_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'claimed', 'ringing', 'talking')"),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=True),
        sa.Column("reason", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'accepted', 'needs_person', 'closed', 'cancelled')",
            name=op.f("ck_requests_state"),
        ),
        sa.CheckConstraint("\"group\" IN ('self', 'family')", name=op.f("ck_requests_group")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_requests_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(["ask_id"], ["asks.id"], name=op.f("fk_requests_ask_id_asks")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_requests_entity_id_entities")),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["requests.id"], name=op.f("fk_requests_follows_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    op.create_index(op.f("ix_requests_agreement_id"), "requests", ["agreement_id"], unique=False)
    op.create_index(op.f("ix_requests_call_sid"), "requests", ["call_sid"], unique=False)
    op.create_index(op.f("ix_requests_entity_id"), "requests", ["entity_id"], unique=False)
    op.create_index(
        "ix_requests_queue",
        "requests",
        ["state", sa.literal_column("urgent DESC"), "waiting_since", "id"],
        unique=False,
    )
    op.create_index(
        "uq_requests_live_ask",
        "requests",
        ["ask_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('closed', 'cancelled')"),
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'accepted', 'declined', 'expired', 'withdrawn')",
            name=op.f("ck_offers_state"),
        ),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_offers_entity_id_entities")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_offers_project_id_projects")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_offers_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index(op.f("ix_offers_entity_id"), "offers", ["entity_id"], unique=False)
    op.create_index(
        "ix_offers_live_project",
        "offers",
        ["project_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'accepted')"),
    )
    op.create_index(op.f("ix_offers_request_id"), "offers", ["request_id"], unique=False)
    op.create_index(
        "uq_offers_live_request",
        "offers",
        ["request_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('pending', 'accepted')"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_offers_live_request",
        table_name="offers",
        postgresql_where=sa.text("state IN ('pending', 'accepted')"),
    )
    op.drop_index(op.f("ix_offers_request_id"), table_name="offers")
    op.drop_index(
        "ix_offers_live_project",
        table_name="offers",
        postgresql_where=sa.text("state IN ('pending', 'accepted')"),
    )
    op.drop_index(op.f("ix_offers_entity_id"), table_name="offers")
    op.drop_table("offers")
    op.drop_index(
        "uq_requests_live_ask",
        table_name="requests",
        postgresql_where=sa.text("state NOT IN ('closed', 'cancelled')"),
    )
    op.drop_index("ix_requests_queue", table_name="requests")
    op.drop_index(op.f("ix_requests_entity_id"), table_name="requests")
    op.drop_index(op.f("ix_requests_call_sid"), table_name="requests")
    op.drop_index(op.f("ix_requests_agreement_id"), table_name="requests")
    op.drop_table("requests")
    op.drop_index(
        "uq_callbacks_live_ask",
        table_name="callbacks",
        postgresql_where=sa.text("state IN ('waiting', 'claimed', 'ringing', 'talking')"),
    )
    op.drop_index("ix_callbacks_state", table_name="callbacks")
    op.drop_index(op.f("ix_callbacks_plan_id"), table_name="callbacks")
    op.drop_index(op.f("ix_callbacks_ask_id"), table_name="callbacks")
    op.drop_table("callbacks")
    op.drop_table("prompt_set_clips")
    op.drop_index(op.f("ix_projects_entity_id"), table_name="projects")
    op.drop_table("projects")
    op.drop_index("uq_asks_open_slot", table_name="asks", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_index("uq_asks_open_call", table_name="asks", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_index(op.f("ix_asks_plan_id"), table_name="asks")
    op.drop_index(op.f("ix_asks_created_at"), table_name="asks")
    op.drop_index(op.f("ix_asks_call_sid"), table_name="asks")
    op.drop_table("asks")
    op.drop_index("ix_steps_at", table_name="steps")
    op.drop_table("steps")
    op.drop_table("remembered")
    op.drop_table("prompt_sets")
    op.drop_index("ix_prompt_clips_prompt", table_name="prompt_clips")
    op.drop_table("prompt_clips")
    op.drop_table("pretences")
    op.drop_index("uq_plans_open_number", table_name="plans", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_index("ix_plans_number_hash", table_name="plans")
    op.drop_table("plans")
    op.drop_table("notices")
    op.drop_index("ix_moves_thing", table_name="moves")
    op.drop_table("moves")
    op.drop_table("line_versions")
    op.drop_table("hours")
    op.drop_table("entities")
    op.drop_table("drafts")
    op.drop_index("ix_code_tries_number_hash", table_name="code_tries")
    op.drop_index(op.f("ix_code_tries_call_sid"), table_name="code_tries")
    op.drop_table("code_tries")
    op.drop_table("closures")
    op.drop_index("ix_clips_owed", table_name="clips", postgresql_where=sa.text("at_carrier"))
    op.drop_index(op.f("ix_clips_call_sid"), table_name="clips")
    op.drop_table("clips")
    op.drop_index("ix_calls_unfinished", table_name="calls", postgresql_where=sa.text("NOT finished"))
    op.drop_index("ix_calls_started_at", table_name="calls")
    op.drop_index("ix_calls_from_hash", table_name="calls")
    op.drop_table("calls")
    op.drop_index(op.f("ix_audit_at"), table_name="audit")
    op.drop_table("audit")
    op.drop_table("agreements")
