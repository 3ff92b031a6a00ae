"""Every column of the register changed, and every row taken away: each is found and named."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    String,
    Table,
    delete,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from core.github import Account
from licensing import papers, signing
from licensing.companies import acts
from licensing.companies.tables import company_contact
from licensing.proof import ROWS, verify_chain
from licensing.signing import Withdrawal
from licensing.tables import agreement_version, record, signer
from tests.scenarios.company_register import ADA, BO, DAY, MARA, ORG, Register, register

__all__ = ["register"]

HAPPENED = (
    "signature",
    "withdrawal",
    "company",
    "listing",
    "listing_end",
    "acknowledgement",
    "retraction",
    "paper",
)
UNPROVEN = {"id", "etag", "agreement_id"}
"""What no record repeats: where it was read from."""


def fill(register: Register) -> None:
    """Let everything happen once."""
    ada = register.add("person", ADA, ends=9 * DAY)
    register.join(ADA, domains=("bar.com",))
    register.add("domain", None, "*.bar.com")
    register.add("team", ORG, "bar/staff")
    register.end(ada, person=ADA)
    act = signing.Act(
        register.version,
        77,
        BO,
        "bo",
        register.now,
        number=4,
        signed_by=MARA,
        comment_id=5,
        shown_at=register.now,
    )
    minor, scan, day = Account(99, "tim"), "ab" * 32, register.now.date()
    paper = papers.Received(77, minor, MARA, scan, day, register.now)
    with register.database.write() as connection:
        assert papers.receive(connection, register.version, paper, register.now) == "signed"
        signing.sign(connection, act, register.now)
        gone = Withdrawal(BO, BO, "none", register.now)
        signing.withdraw(connection, register.version.agreement_id, gone, register.now)
        agreement_id, number = register.version.agreement_id, register.number
        done = acts.take_back(connection, agreement_id, number, ADA, register.now)
        assert done.outcome == "done"
        assert verify_chain(connection) == ()


def another(column: Column[Any], value: Any) -> Any:
    """Give a value of the same kind that is not this one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    if isinstance(value, list):
        return [*value, "x"]
    if isinstance(value, bytes | str):
        return value[:-1] if value else "x"
    if isinstance(value, int):
        return value + 7
    return first(column)


def first(column: Column[Any]) -> Any:
    """Give a value for a column that has none."""
    if isinstance(column.type, LargeBinary | String):
        return b"x" if isinstance(column.type, LargeBinary) else "x"
    return datetime(2027, 1, 1, tzinfo=UTC) if "_at" in column.name else 7


def unguarded(connection: Connection, table: str) -> None:
    """Take the table's triggers away, as whoever owns the database can."""
    if connection.dialect.name == "sqlite":
        for act in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER {table}_no_{act}"))
    else:
        connection.execute(text(f"DROP TRIGGER {table}_no_change ON {table}"))


def unfound(connection: Connection, table: Table) -> list[str]:
    """Change each column of a table's last row, and name those that nobody notices."""
    missed = []
    key = table.c.sequence if "sequence" in table.c else table.c.id
    row = connection.execute(select(table).order_by(key.desc()).limit(1)).one()
    where = key == row._mapping[key.name]
    for column in table.c:
        if column.name in UNPROVEN or column.foreign_keys or column.name == "salt":
            continue
        value = another(column, row._mapping[column.name])
        # Some changes the database itself refuses.
        with suppress(IntegrityError), connection.begin_nested() as point:
            connection.execute(update(table).where(where).values({column.name: value}))
            if not verify_chain(connection):
                missed.append(f"{table.name}.{column.name}")
            point.rollback()
    return missed


def test_no_column_and_no_row_can_be_changed_unnoticed(register: Register) -> None:
    fill(register)
    tables = [record, agreement_version, *(ROWS[kind][0] for kind in HAPPENED)]
    with register.database.write() as connection:
        for table in tables:
            unguarded(connection, table.name)
        assert [one for table in tables for one in unfound(connection, table)] == []
        assert unfound(connection, company_contact) == []
        connection.execute(delete(signer))
        for table in tables[2:]:
            with connection.begin_nested() as point:
                connection.execute(delete(table))
                assert verify_chain(connection), table.name
                point.rollback()


def test_a_version_slipped_in_is_found(register: Register) -> None:
    with register.database.write() as connection:
        row = connection.execute(select(agreement_version)).one()._mapping
        made = {**row, "id": 99, "major": 9, "phrase": "+1"}
        connection.execute(agreement_version.insert().values(made))
        assert verify_chain(connection) == (
            "agreement of repository 77: no record publishes version 9.0",
        )
