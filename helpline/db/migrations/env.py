"""How alembic runs our migrations: on the connection that `helpline.db.migrate` opened, never on one of its own."""

from alembic import context

from helpline.db.all_models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    render_item=lambda kind, item, _: _plain_type(kind, item),
)


def _plain_type(kind: str, item: object) -> str | bool:
    """Migrations name the database's own types, so that they still run when ours are renamed."""
    if kind != "type":
        return False
    names = {
        "UtcTime": "sa.DateTime(timezone=True)",
        "Encrypted": "sa.LargeBinary()",
        "EncryptedBytes": "sa.LargeBinary()",
    }
    return names.get(type(item).__name__, False)


with context.begin_transaction():
    context.run_migrations()
