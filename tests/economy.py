"""What costs time in each test anew and shows nothing there is paid once for all of them.

Tests open databases by the thousand, and each would write the same statements as text again, and
wait for a disk from which nobody reads after a crash. Whether what was answered outlives a crash
is shown by processes of their own that are killed (`test_door_trouble`, `test_worker_crashes`).
"""

import ssl
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import httpx
import requests
from sqlalchemy import Connection, event, make_url

from core.db import Database

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody; for clients that only ever speak to this machine, without TLS: others begin by
reading the certificates of all the world."""


def stay_here() -> None:
    """Let no client look for proxies: it would do so at each request, and all servers are here."""
    requests.sessions.get_environ_proxies = _none  # type: ignore[attr-defined] # imported there
    httpx._client.get_environment_proxies = _none  # type: ignore[attr-defined] # the same


def _none(*_: object, **__: object) -> dict[str, str]:
    return {}


class Compiled(MutableMapping[Any, Any]):
    """Statements as text, for all engines of a kind: SQLAlchemy keys them by the engine's dialect."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def __getitem__(self, key: Any) -> Any:
        return self._known[key[0].name, *key[1:]]

    def get(self, key: Any, default: Any = None) -> Any:
        return self._known.get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._known[key[0].name, *key[1:]] = value

    def __delitem__(self, key: Any) -> None:
        del self._known[key[0].name, *key[1:]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class Thrifty(Database):
    """A database that does not begin from nothing, and counts what may have been written."""

    writes = 0

    @contextmanager
    def write(self) -> Iterator[Connection]:
        try:
            with super().write() as connection:
                yield connection
        finally:
            self.writes += 1


_COMPILED = Compiled()
_AT_REST: dict[str, list[Thrifty]] = {}

RESTING = "potluck house"
"""By this name the server knows the connections that go from house to house."""


def thrifty(url: str) -> Thrifty:
    """Open a database that does not begin from nothing; `rest` it in the end."""
    at_rest = _AT_REST.get(url)
    if at_rest:
        return at_rest.pop()
    address = make_url(url)
    is_file = address.get_backend_name() == "sqlite"
    if not is_file:
        address = address.update_query_dict({"application_name": RESTING})
    database = Thrifty(address.render_as_string(hide_password=False))
    database.url = url
    database.engine.update_execution_options(compiled_cache=_COMPILED)
    event.listen(database.engine, "connect", _never_wait if is_file else _remember)
    # Whether a connection lives is asked in `test_door_trouble`, where the server goes away.
    database.engine.pool._pre_ping = False
    return database


def forget(url: str) -> None:
    """Let go of the connections that rest there: the database is gone."""
    for database in _AT_REST.pop(url, ()):
        database.close()


def rest(database: Thrifty) -> None:
    """Close a file; keep the connections to a server, which cost most, for the next house there."""
    if database.engine.dialect.name == "sqlite":
        database.close()
    else:
        # What a test put in the place of a method ends with the test.
        for name in ("read", "write"):
            vars(database).pop(name, None)
        _AT_REST.setdefault(database.url, []).append(database)


def _never_wait(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _remember(connection: Any, _record: object) -> None:
    # Statements that the server knows already need not be read and planned again.
    connection.prepare_threshold, connection.prepared_max = 2, 2_000
