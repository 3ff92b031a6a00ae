"""Runs migrations inside the transaction that `core.migrations` opened."""

from typing import Any

from alembic import context
from sqlalchemy import Table

from core.db import metadata

LOCK_TIMEOUT_S = 4
STATEMENT_TIMEOUT_S = 300

attributes = context.config.attributes


def belongs(item: Any, _name: str | None, kind: str, _reflected: object, _other: object) -> bool:
    """Leave out the tables of the other database."""
    if kind != "table":
        return True
    found: Table | None = metadata.tables.get(item.name)
    if found is None:
        return True
    return found.info.get("database", "app") in attributes["holds"]


connection = attributes["connection"]
if connection.dialect.name == "postgresql":
    # Rather fail than stand in the way of a running service.
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_S}s'")
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT_S}s'")
context.configure(
    connection=connection,
    target_metadata=attributes.get("metadata", metadata),
    include_object=belongs,
    compare_type=True,
    render_as_batch=False,
)
context.run_migrations()
