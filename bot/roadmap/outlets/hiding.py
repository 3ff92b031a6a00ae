"""Who does not want a page that brings together what they did: nobody else sees it then."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Table, delete, select

from core.db import UtcDateTime, insert_once, metadata

hidden_page = Table(
    "hidden_page",
    metadata,
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("hidden_at", UtcDateTime, nullable=False),
)


def hide(connection: Connection, github_id: int, now: datetime) -> None:
    """Show somebody's page to nobody but themselves."""
    insert_once(connection, hidden_page, {"github_id": github_id, "hidden_at": now})


def show(connection: Connection, github_id: int) -> None:
    """Show somebody's page again."""
    connection.execute(delete(hidden_page).where(hidden_page.c.github_id == github_id))


def is_hidden(connection: Connection, github_id: int) -> bool:
    """Say whether somebody hides their page."""
    here = select(hidden_page.c.github_id).where(hidden_page.c.github_id == github_id)
    return connection.scalar(here) is not None
