"""What a queue says to the database at every turn, put into words once for each table."""

from datetime import datetime

from sqlalchemy import (
    Column,
    Integer,
    ScalarSelect,
    Select,
    Table,
    TextClause,
    Update,
    and_,
    bindparam,
    exists,
    func,
    select,
    text,
    update,
)

Rows = Select[int, str | None, int, int]
"""Gives an id, an entity, the attempts and the fence of each row."""


class Statements:
    """The statements of `core.queue` over one table; names with `_` are given at each call."""

    def __init__(self, table: Table, due: TextClause, running: TextClause) -> None:
        """Put them into words; `due` and `running` choose the rows in these states."""
        columns = table.c
        rows = select(columns.id, columns.entity, columns.attempts, columns.fence)
        mine = and_(columns.id == bindparam("_id"), columns.fence == bindparam("_fence"), running)
        self.alone = select(func.pg_advisory_xact_lock(func.hashtext(f"claim {table.name}")))
        self.lost = _lost(table, rows, running)
        self.next = _next(table, rows, due)
        self.first = select(_first(columns.due_at, due), _first(columns.leased_until, running))
        self.take = _take(table)
        self.held = rows.where(mine).with_for_update()
        self.change = update(table).where(mine)


def _lost(table: Table, rows: Rows, running: TextClause) -> Rows:
    columns = table.c
    return (
        rows.where(running, columns.leased_until <= bindparam("_now"))
        .order_by(columns.attempts, columns.leased_until)
        .limit(bindparam("_most", type_=Integer))
        .with_for_update(skip_locked=True)
    )


def _next(table: Table, rows: Rows, due: TextClause) -> Rows:
    other = table.alias("other")
    in_flight = exists().where(text("other.state = 'running'"), other.c.entity == table.c.entity)
    return (
        rows.where(due, table.c.due_at <= bindparam("_now"), ~in_flight)
        .order_by(table.c.due_at, table.c.id)
        .limit(bindparam("_most", type_=Integer))
        .with_for_update(skip_locked=True, of=table)
    )


def _first(instant: Column[datetime], where: TextClause) -> ScalarSelect[datetime]:
    return select(instant).where(where).order_by(instant).limit(1).scalar_subquery()


def _take(table: Table) -> Update:
    columns = table.c
    return (
        update(table)
        .where(columns.id == bindparam("_id"))
        .values(
            state="running",
            owner=bindparam("_owner"),
            leased_until=bindparam("_until"),
            attempts=columns.attempts + 1,
            fence=columns.fence + 1,
        )
    )
