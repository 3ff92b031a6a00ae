"""The history of migrations makes exactly the tables that the code knows, on both databases."""

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, Table, inspect, select

from bot.migrate import check, migrate, parts_of
from core import migrations
from core.config import Settings, load
from core.db import Database
from licensing import chain, tables
from licensing.exports import export_chain
from licensing.proof import verify_chain
from tests.house import START

TEXT = b"# The agreement\n"
REPO, ADA, BO = 7, 1815, 1954


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


def signed_before_there_was_one_chain(person: int, sequence: int) -> dict[str, Any]:
    """A record as the first release wrote it: of one repository, without a scope."""
    return {
        "kind": "signature",
        "sequence": sequence,
        "repository": REPO,
        "version": "1.0",
        "mode": "cla",
        "document": "CLA.md",
        "document_sha256": chain.sha256(TEXT),
        "published_at": START.isoformat(),
        "github_id": person,
        "capacity": "self",
        "method": "comment",
        "pull_request": sequence,
        "comment_id": 100 + sequence,
        "comment_sha256": chain.sha256(b"/sign"),
        "delivery": f"guid-{sequence}",
        "signed_at": START.isoformat(),
        "recorded_at": START.isoformat(),
    }


def first_links() -> list[chain.Link]:
    first = chain.link(1, chain.START, signed_before_there_was_one_chain(ADA, 1))
    return [first, chain.link(2, first.hash, signed_before_there_was_one_chain(BO, 2))]


AGREEMENT: dict[str, Any] = {
    "id": 1,
    "scope": "repository",
    "scope_id": REPO,
    "active": True,
    "phrase": "I agree",
}
VERSION: dict[str, Any] = {
    "id": 1,
    "agreement_id": 1,
    "major": 1,
    "minor": 0,
    "mode": "cla",
    "phrase": "I agree",
    "language": "en",
    "document": "CLA.md",
    "content": TEXT,
    "sha256": chain.sha256(TEXT),
}


def fill_the_first_tables(database: Database) -> None:
    """Write an agreement that two people have signed, as the first release had it."""
    links = first_links()
    with database.write() as connection:
        # What is read back from a database knows nothing of zones: PostgreSQL's columns do.
        at = START.replace(tzinfo=None) if connection.dialect.name == "sqlite" else START
        whole = {
            "agreement": AGREEMENT | {"head_sequence": 2, "head_hash": links[-1].hash},
            "agreement_version": VERSION | {"published_at": at, "counts_from": at},
        }
        for name, values in whole.items():
            insert(connection, name, values)
        for link in links:
            insert(connection, "signature", signature_row(link, at))
            signer = {"signature_id": link.sequence, "login": f"person-{link.sequence}"}
            insert(connection, "signer", signer)


def insert(connection: Connection, name: str, values: dict[str, Any]) -> None:
    connection.execute(Table(name, MetaData(), autoload_with=connection).insert(), values)


def signature_row(link: chain.Link, at: datetime) -> dict[str, Any]:
    """A signature with its link in it, as the first release kept it."""
    said = chain.parsed(link.record)
    return {
        "id": link.sequence,
        "agreement_id": 1,
        "version_id": 1,
        "sequence": link.sequence,
        "github_id": said["github_id"],
        "method": "comment",
        "capacity": "self",
        "comment_id": said["comment_id"],
        "repo_id": REPO,
        "number": said["pull_request"],
        "acted_at": at,
        "recorded_at": at,
        "record": link.record,
        "previous_hash": link.previous,
        "hash": link.hash,
    }


def test_what_was_signed_at_the_first_release_is_still_proven(settings: Settings) -> None:
    app = Database(settings.database_url)
    parts = dict(parts_of(settings))[settings.database_url]
    with app.write() as connection:
        command.upgrade(migrations._config(connection=connection, holds=parts), "0001")
    fill_the_first_tables(app)

    migrate(settings)

    with app.read() as connection:
        assert verify_chain(connection) == ()
        data = export_chain(connection)
        signed = connection.execute(
            select(tables.signature.c.github_id).order_by(tables.signature.c.sequence)
        )
        assert [row.github_id for row in signed] == [ADA, BO]
    assert chain.verify_export(data) == ()
    (extent,) = chain.extents(data)
    assert (extent.records, extent.head) == (2, first_links()[-1].hash)
    app.close()


def test_an_export_of_the_first_release_is_still_verified() -> None:
    links = first_links()
    version = {
        "version": "1.0",
        "mode": "cla",
        "document": "CLA.md",
        "published_at": START.isoformat(),
        "sha256": chain.sha256(TEXT),
        "content": base64.b64encode(TEXT).decode(),
    }
    data = {
        "format": "potluck-register/1",
        "agreements": [
            {
                "repository": REPO,
                "head": {"sequence": 2, "hash": links[-1].hash},
                "versions": [version],
                "records": [vars(link) for link in links],
            }
        ],
    }

    assert chain.verify_export(data) == ()
    data["agreements"][0]["records"][0] |= {"record": links[1].record}  # type: ignore[index]
    assert chain.verify_export(data) != ()
