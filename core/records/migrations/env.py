"""What Alembic runs around its steps: they go through the connection that the caller brings."""

from __future__ import annotations

from alembic import context

from core.records.tables import metadata


def _migrate() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transactional_ddl=True,  # SQLite can, where BEGIN is said by hand
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # Alembic's name for it; a plain import does nothing
    _migrate()
