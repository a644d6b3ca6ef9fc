"""lighter plans: what a plan writes for each request is a third less

Nobody asked `requests` by entity or by call. Its entity is that of its offer, which is held to be there; and that of an
offer is now held to be its project's, in one check rather than two. The queue holds only who waits.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

QUEUE = ["state", sa.text("urgent DESC"), "waiting_since", "id"]


def upgrade() -> None:
    op.create_index(
        "ix_requests_follows_id",
        "requests",
        ["follows_id"],
        postgresql_where=sa.text("follows_id IS NOT NULL"),
    )
    op.drop_index("ix_requests_call_sid", table_name="requests")
    op.drop_index("ix_requests_entity_id", table_name="requests")
    op.drop_constraint("fk_requests_entity_id_entities", "requests", type_="foreignkey")
    op.drop_index("ix_requests_queue", table_name="requests")
    waits = sa.text("state IN ('waiting', 'needs_person')")
    op.create_index("ix_requests_queue", "requests", QUEUE, postgresql_where=waits)
    op.create_unique_constraint("uq_projects_id_entity_id", "projects", ["id", "entity_id"])
    op.drop_constraint("fk_offers_project_id_projects", "offers", type_="foreignkey")
    op.drop_constraint("fk_offers_entity_id_entities", "offers", type_="foreignkey")
    op.create_foreign_key(
        "fk_offers_project_id_entity_id_projects",
        "offers",
        "projects",
        ["project_id", "entity_id"],
        ["id", "entity_id"],
    )


def downgrade() -> None:
    op.drop_constraint("fk_offers_project_id_entity_id_projects", "offers", type_="foreignkey")
    op.create_foreign_key("fk_offers_entity_id_entities", "offers", "entities", ["entity_id"], ["id"])
    op.create_foreign_key("fk_offers_project_id_projects", "offers", "projects", ["project_id"], ["id"])
    op.drop_constraint("uq_projects_id_entity_id", "projects", type_="unique")
    op.drop_index("ix_requests_queue", table_name="requests")
    op.create_index("ix_requests_queue", "requests", QUEUE)
    op.create_foreign_key("fk_requests_entity_id_entities", "requests", "entities", ["entity_id"], ["id"])
    op.create_index("ix_requests_entity_id", "requests", ["entity_id"])
    op.create_index("ix_requests_call_sid", "requests", ["call_sid"])
    op.drop_index("ix_requests_follows_id", table_name="requests")
