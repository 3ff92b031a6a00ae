"""What somebody is credited for in public projects, gathered by project and kind."""

from collections import Counter

from sqlalchemy import Connection, select

from bot.credits import store
from bot.places import repository

MOST_PROJECTS = 50

ByProject = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]


def by_project(connection: Connection, github_id: int) -> ByProject:
    """Give each project by name, with the key of each kind of contribution and how often, the most first.

    Nothing where the person wants none of theirs to be shown.
    """
    counts: dict[int, Counter[str]] = {}
    for one in store.standing(store.of_person(connection, github_id)):
        counts.setdefault(one.repo_id, Counter())[one.kind] += 1
    rows = connection.execute(
        select(repository.c.id, repository.c.name)
        .where(repository.c.id.in_(counts), repository.c.private.is_(False))
        .where(repository.c.state.in_(("active", "archived")))
        .order_by(repository.c.name_key)
        .limit(MOST_PROJECTS)
    )
    return tuple((row.name, tuple(counts[row.id].most_common())) for row in rows)
