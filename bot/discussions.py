"""Which threads are discussions: there nobody labels or closes by REST, and GraphQL takes comments."""

from dataclasses import replace

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, select

from core.db import insert_once, metadata
from core.github import Action, Comment, Label, SetState

discussion = Table(
    "discussion",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("node_id", String(80), nullable=False),
)


def note(connection: Connection, repo_id: int, number: int, node_id: str) -> None:
    """Remember that a thread is a discussion: it never becomes anything else."""
    insert_once(connection, discussion, {"repo_id": repo_id, "number": number, "node_id": node_id})


def node_of(connection: Connection, repo_id: int, number: int) -> str:
    """Give the node id of a discussion; empty for any other thread."""
    columns = discussion.c
    here = (columns.repo_id == repo_id) & (columns.number == number)
    return connection.scalar(select(columns.node_id).where(here)) or ""


def numbers(connection: Connection, repo_id: int) -> frozenset[int]:
    """Give the numbers of the discussions of a repository that we know."""
    here = select(discussion.c.number).where(discussion.c.repo_id == repo_id)
    return frozenset(connection.scalars(here))


def addressed(connection: Connection, action: Action) -> Action | None:
    """Give an action as its thread takes it; None for what a discussion does not have."""
    if not isinstance(action, Comment | Label | SetState):
        return action
    node_id = node_of(connection, action.repo.id, action.number)
    if not node_id:
        return action
    return replace(action, discussion=node_id) if isinstance(action, Comment) else None
