"""Letters of one update go out, and the process ends on the way, at a seam: another one goes on."""

import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot import running
from bot.mail.postman import Postman
from bot.worker import Worker
from core.db import Database
from tests.economy import thrifty
from tests.orders.seams import LONGEST, SECOND, Killed, Seams
from tests.post_office import MailHouse

Came = tuple[str, str]
"""The address to which a letter came, and its Message-ID: a program shows one that comes twice once."""


def kept(house: MailHouse, folder: Path) -> Path:
    """Keep our databases (SQLite) as they stand."""
    place = folder / "kept"
    place.mkdir()
    for name, url in (("app", house.app.url), ("inbox", house.inbox.url)):
        with (
            closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as source,
            closing(sqlite3.connect(place / f"{name}.db")) as copy,
        ):
            source.backup(copy)
    return place


def sent(house: MailHouse, place: Path, at: int) -> tuple[list[Came], int]:
    """Go on from what was kept, ending at a seam: before a commit of something, or before a letter goes.

    Gives what came, once all that can happen did, and how many seams were passed.
    """
    now, began = place.parent / "now", house.now
    shutil.rmtree(now, ignore_errors=True)
    shutil.copytree(place, now)
    seams, came = Seams(at), list[Came]()
    app, box = (thrifty(f"sqlite:///{now / name}.db") for name in ("app", "inbox"))
    _watch(app, seams)

    def carry(message: EmailMessage, address: str) -> None:
        seams.cross()
        came.append((address, str(message["Message-ID"])))

    try:
        for life in "ab":
            postman = Postman(
                app,
                carry,
                running.mail_sender(house.settings),
                house.clock,
                f"postman-{life}",
                random.Random(1),
            )
            worker = Worker(replace(house.worker.world, app=app, inbox=box), f"worker-{life}")
            try:
                _live(house, worker, postman)
                break
            except Killed:
                continue
    finally:
        app.close()
        box.close()
        house._now[0] = began
    return came, seams.passed


def _watch(database: Database, seams: Seams) -> None:
    """Count commits before which something was written."""
    written: set[int] = set()

    def execute(connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            written.add(id(connection.connection.dbapi_connection))

    def commit(connection: Any) -> None:
        own = id(connection.connection.dbapi_connection)
        if own in written:
            written.discard(own)
            seams.cross()

    event.listen(database.engine, "before_cursor_execute", execute)
    event.listen(database.engine, "commit", commit)


def _live(house: MailHouse, worker: Worker, postman: Postman) -> None:
    until = house.now + LONGEST
    while True:
        if worker.sort() + worker.work() or postman.step():
            continue
        instants = [one for one in (worker.next_at(), postman.next_at()) if one]
        if not instants or min(instants) > until:
            return
        house._now[0] = max(min(instants), house.now + SECOND)
