"""Members of the teams that rules exempt, as GitHub said at most an hour ago."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    select,
)

from core.context import Context
from core.db import Json, UtcDateTime, metadata, upsert
from core.github import (
    GitHub,
    Inaccessible,
    Incomplete,
    NotFound,
    Refused,
    Repo,
    Unavailable,
)

KEPT = timedelta(hours=1)

team = Table(
    "team",
    metadata,
    Column("installation_id", BigInteger, primary_key=True, autoincrement=False),
    Column("slug", String(255), primary_key=True),
    Column("members", Json, nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
)


listed_team = Table(
    "listed_team",
    metadata,
    Column("agreement_id", ForeignKey("agreement.id"), primary_key=True),
    Column("listing", Integer, primary_key=True, autoincrement=False),
    Column("team_id", BigInteger, nullable=False),
    Column("learnt_at", UtcDateTime, nullable=False),
)
"""Which team the entry of a company means: its number stays when it is renamed."""


def slugs(repo: Repo, named: Collection[str]) -> tuple[str, ...]:
    """Give the teams of the repository's owner among `ORG/SLUG` or `SLUG`; another's are nobody."""
    found = set()
    for name in named:
        owner, _, slug = name.strip().lower().rpartition("/")
        if slug and owner in {"", repo.owner.lower()}:
            found.add(slug)
    return tuple(sorted(found))


def known(
    connection: Connection,
    repo: Repo,
    wanted: Collection[str],
    now: datetime,
    within: timedelta = KEPT,
) -> dict[str, frozenset[int]]:
    """Give the members' numbers of those teams that were read within the hour."""
    rows = connection.execute(
        select(team).where(
            team.c.installation_id == repo.installation_id,
            team.c.slug.in_(wanted),
            team.c.read_at > now - within,
        )
    )
    return {row.slug: frozenset(row.members) for row in rows}


def note(
    connection: Connection, repo: Repo, slug: str, members: Collection[int], now: datetime
) -> None:
    """Write down what GitHub said of a team."""
    keys = {"installation_id": repo.installation_id, "slug": slug}
    upsert(connection, team, keys, {"members": sorted(members), "read_at": now})


@dataclass(frozen=True)
class Looked:
    """What is known of the teams now: `members` of all of them, by number.

    `read` are those asked for just now, `unread` those that GitHub did not give: nobody is their
    member. `again` names the first for which no call was left.
    """

    members: frozenset[int] = frozenset()
    read: Mapping[str, frozenset[int]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    again: str | None = None


def look(
    ctx: Context,
    github: GitHub,
    repo: Repo,
    named: Collection[str],
    allows: Callable[[int], bool],
) -> Looked:
    """Give the members of the teams that rules name; `allows` takes calls out of the budget."""
    wanted = slugs(repo, named)
    if not wanted:
        return Looked()
    with ctx.database.read() as connection:
        found = known(connection, repo, wanted, ctx.now)
    read: dict[str, frozenset[int]] = {}
    unread: list[str] = []
    again = None
    for slug in wanted:
        if slug in found:
            continue
        if not allows(1):
            again = slug
            break
        members = _ask(ctx, github, repo, slug)
        if members is None:
            unread.append(slug)
        else:
            read[slug] = members
    members = frozenset().union(*found.values(), *read.values())
    return Looked(members, read, tuple(unread), again)


def _ask(ctx: Context, github: GitHub, repo: Repo, slug: str) -> frozenset[int] | None:
    """Ask for a team's members; None where GitHub does not give them: nobody is exempt then."""
    try:
        return github.team_members(repo, slug)
    except (NotFound, Refused, Incomplete, Inaccessible):
        return None
    except Unavailable:
        # At first the worker tries again; a team that never comes keeps no check waiting.
        if ctx.attempts == 1:
            raise
        return None
