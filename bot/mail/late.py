"""What a letter says is looked up when it goes, where its words are somebody's who may take them back.

A mail about updates names them by number: nothing of them is kept beside it, and whoever took an
update back, or was erased, is quoted in no letter that goes after that.
"""

import json
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, select

from bot.places import repository
from bot.roadmap.updates import store
from bot.roadmap.updates.store import Update

UPDATE = "update"


def filled(connection: Connection, row: Any) -> Any:
    """Give a mail's row with what its letter has to say now, which may be nothing any more."""
    if row.letter != UPDATE:
        return row
    facts = json.loads(row.facts)
    here = select(repository.c.private).where(repository.c.id == facts["repo_id"])
    numbers = [int(one) for one in facts.pop("updates").split()]
    is_public = connection.scalar(here) is False
    facts["said"] = [_quoted(one) for one in store.by_ids(connection, numbers) if is_public]
    return SimpleNamespace(**(row._asdict() | {"facts": json.dumps(facts)}))


def is_empty(row: Any) -> bool:
    """Say whether a row that was filled has nothing left to say."""
    return row.letter == UPDATE and not json.loads(row.facts)["said"]


def _quoted(one: Update) -> list[object]:
    lines = [line.strip() for line in one.words.splitlines()]
    who = one.login or f"#{one.github_id}"
    return [who, {"at": one.said_at.isoformat()}, *filter(None, lines)]
