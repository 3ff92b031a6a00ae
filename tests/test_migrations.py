"""The history of migrations makes exactly the tables that the code knows, on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import inspect

from bot.migrate import check, migrate, parts_of
from core import migrations
from core.config import Settings, load
from core.db import Database


def settings_for(urls: tuple[str, str], folder: Path) -> Settings:
    app, inbox = urls
    return load({"DATABASE_URL": app, "INBOX_DATABASE_URL": inbox, "POTLUCK_VAR": str(folder)})


@pytest.fixture
def settings(empty_databases: tuple[str, str], tmp_path: Path) -> Settings:
    return settings_for(empty_databases, tmp_path)


def test_migrations_and_tables_agree(settings: Settings) -> None:
    migrate(settings)

    check(settings)  # raises where they differ; what follows asserts that it looked at something
    for url, parts in parts_of(settings):
        database = Database(url)
        names = set(inspect(database.engine).get_table_names())
        database.close()
        assert ("delivery" in names) == ("inbox" in parts)
        assert ("signature" in names) == ("app" in parts)


def test_a_fresh_database_is_not_current_and_a_migrated_one_is(settings: Settings) -> None:
    for url, _parts in parts_of(settings):
        database = Database(url)
        assert not migrations.is_current(database)
        database.close()

    migrate(settings)

    for url, _parts in parts_of(settings):
        database = Database(url)
        assert migrations.is_current(database)
        database.close()


def test_migrating_twice_changes_nothing(settings: Settings) -> None:
    migrate(settings)
    migrate(settings)

    for url, _parts in parts_of(settings):
        database = Database(url)
        assert migrations.is_current(database)
        database.close()
