"""The one thread that stores what comes to the doors: many rows, one durable commit.

On SQLite several writers would only fight for the lock; and a commit costs the same whether it
holds one row or fifty. While one is on its way to the disk the next rows gather.
"""

import asyncio
import logging
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from time import sleep
from typing import NamedTuple

from sqlalchemy import PoolProxiedConnection

from core.db import Database
from webhooks.deliveries import Packed
from webhooks.inbox import store_by

log = logging.getLogger(__name__)

MOST_ROWS = 256
MOST_BYTES = 8 * 1024 * 1024
"""In one commit, after deflation; at least one row."""

MANY = 2
COMPANY_S = 0.002
"""After a commit of `MANY` rows we wait this long for more: it costs the same for all of them."""

MOST_WAITING = 4_096
MOST_WAITING_BYTES = 64 * 1024 * 1024
LOCK_WAIT_MS = 1_500
"""Short of the two seconds after which the door answers 503 by itself."""


class Full(Exception):
    """More waits to be stored than we are willing to hold in memory."""


class NotStored(Exception):
    """The database did not take it: disk full, locked, or gone."""


class _Waiting(NamedTuple):
    packed: Packed
    stored: asyncio.Future[bool]


class Writer:
    """Stores rows for one event loop; use it from that loop's thread only."""

    def __init__(self, database: Database) -> None:
        """Write to `database`; nothing is opened before `start`."""
        self._database = database
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="inbox writer", daemon=True)
        self._connection: PoolProxiedConnection | None = None
        self._busy = False
        self._rows = 0
        self._bytes = 0

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Store what waits, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def submit(self, packed: Packed) -> asyncio.Future[bool]:
        """Have a row stored. The future gives True after the commit, False if it was known already.

        It raises `NotStored` if the database refused. A row whose future was given up may be
        stored all the same. Raises `Full` at once when too much waits.
        """
        if self._rows >= MOST_WAITING or self._bytes >= MOST_WAITING_BYTES:
            raise Full
        self._rows += 1
        self._bytes += len(packed.body)
        waiting = _Waiting(packed, asyncio.get_running_loop().create_future())
        self._queue.put(waiting)
        return waiting.stored

    def _run(self) -> None:
        goes_on = True
        while goes_on:
            batch, goes_on = self._gather()
            if not batch:
                break
            try:
                fresh = self._store([waiting.packed for waiting in batch])
            except Exception as error:  # noqa: BLE001 -- this thread must outlive whatever befalls a batch
                log.error(  # noqa: TRY400 -- the trace of a full disk says nothing
                    "deliveries not stored",
                    extra={"count": len(batch), "error": type(error).__name__},
                )
                fresh = None
            self._busy = len(batch) >= MANY
            batch[0].stored.get_loop().call_soon_threadsafe(self._resolve, batch, fresh)
        self._disconnect()

    def _gather(self) -> tuple[list[_Waiting], bool]:
        """Wait for a row, then take what else is there; the flag is False at the end."""
        batch: list[_Waiting] = []
        size = 0
        waiting = self._queue.get()
        if self._busy:
            sleep(COMPANY_S)
        while waiting is not None:
            batch.append(waiting)
            size += len(waiting.packed.body)
            if len(batch) >= MOST_ROWS or size >= MOST_BYTES:
                return batch, True
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def _store(self, batch: Sequence[Packed]) -> set[tuple[str, str]]:
        connection = self._connection or self._connect()
        dialect = self._database.engine.dialect
        try:
            cursor = connection.cursor()
            if dialect.name == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            fresh = store_by(cursor, dialect, batch)
            cursor.close()
            connection.commit()
        except BaseException:
            self._disconnect()
            raise
        return fresh

    def _connect(self) -> PoolProxiedConnection:
        connection = self._database.engine.raw_connection()
        is_sqlite = self._database.engine.dialect.name == "sqlite"
        # Whatever the server's default is: an answer 202 means that the disk has it.
        patience = f"PRAGMA busy_timeout={LOCK_WAIT_MS}" if is_sqlite else _FOR_POSTGRESQL
        cursor = connection.cursor()
        cursor.execute(patience)
        cursor.close()
        connection.commit()
        self._connection = connection
        return connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()

    def _resolve(self, batch: list[_Waiting], fresh: set[tuple[str, str]] | None) -> None:
        for waiting in batch:
            self._rows -= 1
            self._bytes -= len(waiting.packed.body)
            if waiting.stored.done():
                continue
            if fresh is None:
                waiting.stored.set_exception(NotStored())
                continue
            key = (waiting.packed.source, waiting.packed.guid)
            waiting.stored.set_result(key in fresh)
            fresh.discard(key)


_FOR_POSTGRESQL = (
    "SELECT set_config('synchronous_commit', 'on', false),"
    f" set_config('statement_timeout', '{LOCK_WAIT_MS}', false)"
)
