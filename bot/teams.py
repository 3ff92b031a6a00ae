"""Members of the teams that rules exempt, as GitHub said at most an hour ago.

A team is known by its number. A name is looked up once, when rules that name it come into force,
and means that team for as long as they name it: whoever makes another team under that name later
exempts nobody. Rules may write the number beside the name.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, Connection, String, Table, delete, select

from bot import repositories
from core.context import Context
from core.db import Json, UtcDateTime, insert_once, metadata, upsert
from core.github import (
    GitHub,
    GitHubError,
    Inaccessible,
    Incomplete,
    NotFound,
    Refused,
    Repo,
    Unavailable,
)

KEPT = timedelta(hours=1)
FORGOTTEN = timedelta(days=2)

team = Table(
    "team",
    metadata,
    Column("installation_id", BigInteger, primary_key=True, autoincrement=False),
    Column("team_id", BigInteger, primary_key=True, autoincrement=False),
    Column("members", Json, nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
)

meant_team = Table(
    "meant_team",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("owner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("slug", String(255), primary_key=True),
    Column("team_id", BigInteger, nullable=False),
    Column("learnt_at", UtcDateTime, nullable=False),
)
"""Which team of the owner a name in a repository's rules means."""


@dataclass(frozen=True, order=True)
class Named:
    """A team of the repository's owner as rules name it; `number` is 0 where they leave it out."""

    slug: str
    number: int = 0


def of_owner(repo: Repo, named: Collection[str]) -> tuple[Named, ...]:
    """Give the teams of the repository's owner among `ORG/SLUG` or `SLUG`; another's are nobody.

    `#NUMBER` may stand behind each.
    """
    found = set()
    for name in named:
        owner, _, rest = name.strip().lower().rpartition("/")
        slug, _, number = rest.partition("#")
        if slug and owner in {"", repo.owner.lower()}:
            found.add(Named(slug, int(number or 0)))
    return tuple(sorted(found))


def known(
    connection: Connection,
    repo: Repo,
    numbers: Collection[int],
    now: datetime,
    within: timedelta = KEPT,
) -> dict[int, frozenset[int]]:
    """Give the members of those teams, by number, that were read within the hour."""
    rows = connection.execute(
        select(team).where(
            team.c.installation_id == repo.installation_id,
            team.c.team_id.in_(numbers),
            team.c.read_at > now - within,
        )
    )
    return {row.team_id: frozenset(row.members) for row in rows}


def note(
    connection: Connection, repo: Repo, number: int, members: Collection[int], now: datetime
) -> None:
    """Write down what GitHub said of a team."""
    keys = {"installation_id": repo.installation_id, "team_id": number}
    upsert(connection, team, keys, {"members": sorted(members), "read_at": now})


def meant(connection: Connection, repo_id: int) -> dict[str, int]:
    """Give the numbers of the teams that a repository's rules mean by their names."""
    rows = connection.execute(
        select(meant_team.c.slug, meant_team.c.team_id).where(
            meant_team.c.repo_id == repo_id,
            meant_team.c.owner_id == repositories.owner_id(connection, repo_id),
        )
    )
    return {row.slug: row.team_id for row in rows}


def forget(connection: Connection, repo: Repo, named: Collection[str]) -> None:
    """Forget what names meant that rules leave out now: who writes them anew means anew."""
    standing = [one.slug for one in of_owner(repo, named)]
    connection.execute(
        delete(meant_team).where(
            meant_team.c.repo_id == repo.id, meant_team.c.slug.not_in(standing)
        )
    )


@dataclass(frozen=True)
class Looked:
    """What is known of the teams now: `members` of all of them, by number.

    `read` are those asked for just now, `meant` the numbers of those looked up by name. `unread`
    are those that GitHub did not give: nobody is their member. `replaced` says, as rules would
    have to write it, which other team bears the name of one that is gone. `again` names the first
    for which no call was left.
    """

    members: frozenset[int] = frozenset()
    read: Mapping[int, frozenset[int]] = field(default_factory=dict)
    meant: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    again: str | None = None


def keep(
    connection: Connection, repo: Repo, named: Collection[str], looked: Looked, now: datetime
) -> None:
    """Keep what was found out: members, and which team each name in the rules in force means.

    The first answer about a name stays.
    """
    for number, members in looked.read.items():
        note(connection, repo, number, members, now)
    owner_id = repositories.owner_id(connection, repo.id)
    standing = {one.slug for one in of_owner(repo, named)}
    for slug in sorted(standing & looked.meant.keys()):
        keys = {"repo_id": repo.id, "owner_id": owner_id, "slug": slug}
        values = {"team_id": looked.meant[slug], "learnt_at": now}
        insert_once(connection, meant_team, {**keys, **values})


def prune(connection: Connection, now: datetime) -> int:
    """Forget who was in a team that nobody asked for lately, and say how many teams."""
    return connection.execute(delete(team).where(team.c.read_at < now - FORGOTTEN)).rowcount


def look(
    ctx: Context,
    github: GitHub,
    repo: Repo,
    named: Collection[str],
    allows: Callable[[int], bool],
) -> Looked:
    """Give the members of the teams that rules name; `allows` takes calls out of the budget."""
    wanted = of_owner(repo, named)
    if not wanted:
        return Looked()
    with ctx.database.read() as connection:
        owner_id = repositories.owner_id(connection, repo.id)
        learnt = meant(connection, repo.id)
        numbers = {one: one.number or learnt.get(one.slug, 0) for one in wanted}
        found = known(connection, repo, tuple(numbers.values()), ctx.now)
    asking = _Asking(ctx, github, repo, owner_id, allows)
    again = None
    for one, number in numbers.items():
        if number in found:
            continue
        if not allows(1 if number else 2):
            again = one.slug
            break
        asking.ask(one, number)
    return Looked(
        members=frozenset().union(*found.values(), *asking.read.values()),
        read=asking.read,
        meant=asking.meant,
        unread=tuple(asking.unread),
        replaced=tuple(asking.replaced),
        again=again,
    )


@dataclass
class _Asking:
    """Asks GitHub for one team after the other; see `Looked`."""

    ctx: Context
    github: GitHub
    repo: Repo
    owner_id: int
    allows: Callable[[int], bool]
    read: dict[int, frozenset[int]] = field(default_factory=dict)
    meant: dict[str, int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    def ask(self, one: Named, number: int) -> None:
        """Ask for a team's members; where GitHub does not give them, nobody is exempt."""
        try:
            found = number or self.github.team_number(self.repo, one.slug)
            self.read[found] = self.github.members_by_number(self.owner_id, found)
        except (NotFound, Refused, Incomplete, Inaccessible) as error:
            gone = isinstance(error, NotFound) and bool(number)
            other = self._now_called(one) if gone else 0
            if other not in {0, number}:
                self.replaced.append(f"{one.slug}#{other}")
            else:
                self.unread.append(one.slug)
        except Unavailable:
            # At first the worker tries again; a team that never comes keeps no check waiting.
            if self.ctx.attempts == 1:
                raise
            self.unread.append(one.slug)
        else:
            if not number:
                self.meant[one.slug] = found

    def _now_called(self, one: Named) -> int:
        """Give the number of the team that bears the name now; 0 where none is known to."""
        if not self.allows(1):
            return 0
        try:
            return self.github.team_number(self.repo, one.slug)
        except GitHubError:
            return 0
