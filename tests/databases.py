"""Databases for the tests, of both kinds: every test that asks for one runs on SQLite and PostgreSQL."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from core import migrations
from core.db import Database
from tests.cleaning import Kept
from tests.clusters import MISSING, Cluster, binaries

KINDS = ("sqlite", "postgresql")
Urls = tuple[str, str]
"""The addresses of the app database and of the inbox; on PostgreSQL they are the same."""

_numbers = count(1)
_MIGRATED = "migrated"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that half of the tests did not run."""
    if binaries() is None:
        terminalreporter.write_line(MISSING, red=True, bold=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Run a PostgreSQL server for this test process, or skip."""
    programs = binaries()
    if programs is None:
        pytest.skip(MISSING)
    server = Cluster(programs)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def migrated_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with SQLite files in their newest state, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    for part, name in (("app", "potluck.db"), ("inbox", "inbox.db")):
        _migrate(f"sqlite:///{folder / name}", frozenset({part}))
    return folder


@pytest.fixture(scope="session")
def migrated_cluster(cluster: Cluster) -> Cluster:
    """Give a server with a database in its newest state, to be copied."""
    _migrate(cluster.create(_MIGRATED), migrations.BOTH)
    return cluster


@pytest.fixture(params=KINDS)
def empty_databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Urls]:
    """Give the addresses of databases without tables."""
    if request.param == "sqlite":
        yield _files(tmp_path)
    else:
        yield from _copied(request.getfixturevalue("cluster"), "template0")


@pytest.fixture(params=KINDS)
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Urls]:
    """Give the addresses of migrated databases that nobody else uses."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_databases")
    else:
        yield request.getfixturevalue("postgresql_databases")


@pytest.fixture
def sqlite_databases(migrated_files: Path, tmp_path: Path) -> Urls:
    """The same on SQLite only, for what is SQLite's own affair."""
    for file in migrated_files.glob("*.db"):
        shutil.copy(file, tmp_path)
    return _files(tmp_path)


@pytest.fixture(scope="session")
def kept(migrated_cluster: Cluster) -> Iterator[Kept]:
    """Give the database that goes from test to test: a copy for each takes half a second."""
    kept = Kept(migrated_cluster, _MIGRATED, "kept")
    yield kept
    kept.close()


@pytest.fixture
def postgresql_databases(kept: Kept) -> Urls:
    """The same on PostgreSQL only."""
    url = kept.empty()
    return url, url


def _files(folder: Path) -> Urls:
    return f"sqlite:///{folder / 'potluck.db'}", f"sqlite:///{folder / 'inbox.db'}"


def _copied(server: Cluster, template: str) -> Iterator[Urls]:
    name = f"test_{next(_numbers)}"
    url = server.create(name, template)
    yield url, url
    server.drop(name)


def _migrate(url: str, parts: frozenset[str]) -> None:
    database = Database(url)
    migrations.upgrade(database, parts)
    database.close()
