"""Triggers by which the database itself refuses to change or delete what was written."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op


def refuse_changes(table: str) -> None:
    """Guard `table` on SQLite and PostgreSQL; for migrations only."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$BEGIN RAISE EXCEPTION '{table} is append-only'; END$$"
    )
    for name, acts, each in (
        ("change", "UPDATE OR DELETE", "ROW"),
        ("truncate", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_no_{name} BEFORE {acts} ON {table}"
            f" FOR EACH {each} EXECUTE FUNCTION {table}_append_only()"
        )


@contextmanager
def changing(table: str) -> Iterator[None]:
    """Let a migration change the rows of a guarded table: what it adds there has no row yet."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}")
        yield
        refuse_changes(table)
        return
    op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
