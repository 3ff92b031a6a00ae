"""A database of the state before stays whole: nobody is paid twice, and no entry means another team."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bot.audit import aliases
from bot.audit.tables import audit_alias
from bot.migrate import migrate, parts_of
from core import migrations
from core.config import Settings
from core.db import Database
from donations.budgets.tables import organisation
from donations.payouts.tables import reward, warning
from donations.pledges.tables import purse_act
from licensing.companies.tables import company_listing
from tests.house import START
from tests.test_migrations import AGREEMENT, insert, settings_for

BEFORE = "0033"
ABOUT, CAUSE = "I_1", "award:I_1:0"


@pytest.fixture
def upgraded(empty_databases: tuple[str, str], tmp_path: Path) -> Iterator[Database]:
    settings = settings_for(empty_databases, tmp_path)
    with closing(Database(settings.database_url)) as database:
        stop_before(settings, database)
        fill(database)
        migrate(settings)
        yield database


def stop_before(settings: Settings, database: Database, step: str = BEFORE) -> None:
    parts = dict(parts_of(settings))[settings.database_url]
    with database.write() as connection:
        command.upgrade(migrations._config(connection=connection, holds=parts), step)


def fill(database: Database) -> None:
    """Write what only that state wrote, as it did."""
    with database.write() as connection:
        at: Any = START.replace(tzinfo=None) if connection.dialect.name == "sqlite" else START
        listing = {
            "agreement_id": 1,
            "company": 1,
            "actor_id": 7,
            "from_at": at,
            "recorded_at": at,
        }
        made = {"book": "project:1", "about": ABOUT, "currency": "EUR", "owed_days": 30}
        book = {"id": 1, "name": "project:1", "head_sequence": 1, "head_hash": ""}
        posted = {"book_id": 1, "sequence": 1, "kind": "award", "happened_at": at}
        cause = {"source": "payouts", "external_id": CAUSE, "about": ABOUT, "recorded_at": at}
        entry = {**posted, "currency": "EUR"}
        rows: tuple[tuple[str, dict[str, Any]], ...] = (
            ("agreement", AGREEMENT | {"head_sequence": 2, "head_hash": ""}),
            ("company_listing", {**listing, "sequence": 1, "rule": "person", "github_id": 7}),
            ("company_listing", {**listing, "sequence": 2, "rule": "team", "pattern": "acme/core"}),
            ("ledger_book", book),
            ("ledger_transaction", {**posted, **cause, "marks": "", "hash": "0" * 64}),
            ("ledger_entry", {**entry, "line": 1, "account": "owed:person-7", "minor": -70}),
            ("ledger_entry", {**entry, "line": 2, "account": "project:1", "minor": -30}),
            ("ledger_entry", {**entry, "line": 3, "account": "request:I_1", "minor": 100}),
            ("purse", {"about": ABOUT, "repo_id": 1, "live": False, "due_at": at}),
            ("reward", {**made, "id": 1, "cause": CAUSE, "lapse": "project", "made_at": at}
             | {"payments": '[[1,"ch_1",100,3]]'}),
            ("reward_share", {"id": 1, "reward_id": 1, "github_id": 7, "minor": 70}),
            ("fraud_warning", {"charge_id": "ch_1", "warned_at": at}),
            ("audit_alias", {"repo_id": 1, "person": "mail:Ada@example.org", "same_as": "github:7"}
             | {"accepted": True, "steward_id": 7, "decided_at": at}
             | {"reason": "She wrote from ada@example.org"}),
        )  # fmt: skip
        for name, values in rows:
            insert(connection, name, values)


def test_what_was_awarded_before_is_neither_awarded_nor_given_back_again(
    upgraded: Database,
) -> None:
    with upgraded.read() as connection:
        (made,) = connection.execute(select(reward)).all()
        (act,) = connection.execute(select(purse_act)).all()
        warned = connection.execute(select(warning.c.charge_id, warning.c.source)).all()
    assert (made.weights, made.version) == ([[7, 70], [0, 30]], 0)
    assert (act.about, act.deed, act.evidence, act.at) == (ABOUT, "covered", "ch_1", made.made_at)
    assert [tuple(row) for row in warned] == [("ch_1", "network")]


def test_an_entry_that_named_a_team_names_no_number_and_nothing_can_change_it(
    upgraded: Database,
) -> None:
    here = company_listing.c
    with upgraded.read() as connection:
        rows = connection.execute(select(here.rule, here.team_id).order_by(here.sequence)).all()
    assert [tuple(row) for row in rows] == [("person", None), ("team", 0)]
    for forbidden in (
        "UPDATE company_listing SET team_id = 9 WHERE rule = 'team'",
        "UPDATE reward SET weights = '[]'",
        "UPDATE audit_alias SET accepted = NOT accepted",
    ):
        with pytest.raises(DBAPIError, match="append-only"), upgraded.write() as connection:
            connection.execute(text(forbidden))


def test_addresses_of_before_stand_apart_from_what_was_decided(upgraded: Database) -> None:
    with upgraded.read() as connection:
        (row,) = connection.execute(select(audit_alias)).all()
        (said,) = aliases.readable(connection, 1)
    assert row.person.startswith("mail-sha256:")
    assert "example.org" not in row.person + row.reason
    assert (said.person, said.same_as) == ("mail:Ada@example.org", "github:7")


def test_a_database_that_has_it_all_from_earlier_steps_goes_on(
    empty_databases: tuple[str, str], tmp_path: Path
) -> None:
    """What steps 0035 to 0038 make stood in earlier ones for a while: such a database is at 0034."""
    settings = settings_for(empty_databases, tmp_path)
    with closing(Database(settings.database_url)) as database:
        stop_before(settings, database, "0038")
        parts = dict(parts_of(settings))[settings.database_url]
        with database.write() as connection:
            made = {"name": "Acme", "token": "t" * 32, "made_at": START}
            connection.execute(organisation.insert().values(**made))
            command.stamp(migrations._config(connection=connection, holds=parts), "0034")
        migrate(settings)
        assert migrations.is_current(database)
        with database.read() as connection:
            assert connection.scalars(select(organisation.c.name)).all() == ["Acme"]
