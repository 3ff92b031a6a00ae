"""What pages show of what has shipped: the answers, the notes, and what somebody was told."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.places import repository
from bot.roadmap import voting
from bot.roadmap.loop import answers, lessons, links, rules, store
from bot.roadmap.loop.answers import Answered, Counted
from bot.roadmap.loop.lessons import Lesson
from bot.roadmap.loop.store import Shipping
from bot.roadmap.loop.tables import answer, notice
from bot.roadmap.store import Request
from bot.roadmap.tables import request

SHOWN_FOR = timedelta(days=90)
MOST_TOLD = 30


@dataclass(frozen=True)
class Shipped:
    """What the page of a request shows once it has shipped.

    `is_there`: it stands there still. `notes` are those that are shown; `drafts` those of the
    visitor that wait; `writes` the sides for which they may write; `shown_by` is when what is
    there is shown at the latest.
    """

    of: Shipping
    is_there: bool
    listed: tuple[Answered, ...]
    counted: Counted
    own: Answered | None
    notes: tuple[Lesson, ...]
    written: dict[str, Lesson]
    shown_by: datetime
    writes: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        """How many answers with words are not listed."""
        return self.counted.with_words - len(self.listed)

    def for_writer(self, *, asker: bool, project: bool) -> "Shipped":
        """Let the visitor write for the sides that are theirs."""
        may = {"project": project, "asker": asker}
        return replace(self, writes=tuple(side for side in rules.SIDES if may[side]))


@dataclass(frozen=True)
class ToldOf:
    """Something that somebody was told of on their page."""

    project: str
    number: int
    title: str
    shipped_at: datetime
    choice: str
    repo_id: int
    link: str


@dataclass(frozen=True)
class Told:
    """What somebody's own page shows: what has shipped, and of which projects they want no more.

    `quiet` are (number, name) of repositories; `anywhere`: they want to be told of nothing.
    """

    rows: tuple[ToldOf, ...]
    quiet: tuple[tuple[int, str], ...]
    anywhere: bool


def of_request(
    connection: Connection, asked: Request, github_id: int | None, now: datetime
) -> Shipped | None:
    """Give what the page of a request shows; None where it never shipped by itself."""
    of = store.last(connection, asked.id)
    if of is None or asked.root_id != asked.id:
        return None
    roadmap = voting.rules_of(connection, asked.repo_id)
    written = lessons.sides(connection, asked.id)
    is_shown = lessons.published_at(of, written, roadmap, now) is not None
    return Shipped(
        of=of,
        is_there=store.current(connection, asked) is not None,
        listed=answers.listed(connection, asked),
        counted=answers.counted(connection, asked),
        own=answers.own(connection, asked, github_id) if github_id is not None else None,
        notes=tuple(written[side] for side in rules.SIDES if side in written) if is_shown else (),
        written=written,
        shown_by=of.shipped_at + timedelta(days=roadmap.learned_after_days),
    )


def told(connection: Connection, github_id: int, now: datetime, secret_key: str) -> Told:
    """Give what somebody is told of on their page, newest first; nothing of private repositories."""
    places = store.quiet_places(connection, github_id)
    anywhere = store.ANYWHERE in places
    mine = (notice.c.github_id == github_id) & (notice.c.channel == "page")
    given = (answer.c.request_id == notice.c.request_id) & (answer.c.github_id == github_id)
    rows = connection.execute(
        select(
            repository.c.name,
            request.c.number,
            request.c.title,
            notice.c.told_at,
            answer.c.choice,
            notice.c.repo_id,
        )
        .join(request, request.c.id == notice.c.request_id)
        .join(repository, repository.c.id == notice.c.repo_id)
        .outerjoin(answer, given)
        .where(mine, notice.c.told_at > now - SHOWN_FOR, ~repository.c.private)
        .where(notice.c.repo_id.not_in(sorted(places)))
        .order_by(notice.c.told_at.desc(), notice.c.id.desc())
        .limit(MOST_TOLD)
    ).all()
    shown = tuple(
        ToldOf(
            row.name,
            row.number,
            row.title,
            row.told_at,
            row.choice or "",
            row.repo_id,
            links.write(secret_key, github_id, row.repo_id),
        )
        for row in ([] if anywhere else rows)
    )
    quiet = tuple(
        (one, project_name(connection, one)) for one in sorted(places) if one != store.ANYWHERE
    )
    return Told(shown, quiet, anywhere)


def project_name(connection: Connection, repo_id: int) -> str:
    """Give the name of a public repository, the number of another one, nothing for all of them."""
    if repo_id == store.ANYWHERE:
        return ""
    here = select(repository.c.name).where(repository.c.id == repo_id, ~repository.c.private)
    return connection.scalar(here) or f"#{repo_id}"
