"""How an issue becomes a request, and what becomes of it: always by how GitHub has it now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot import discussions, policies, repositories
from bot.policy import Roadmap
from bot.roadmap import asking, joinings, store, votes
from bot.roadmap.board import moving
from bot.roadmap.board import store as board
from bot.roadmap.joinings import Joining
from bot.roadmap.store import Intake, Origin, Request, State, Told
from bot.roadmap.tables import request, supporter
from bot.roadmap.voting import rules_of
from bot.roles import DECIDERS
from core.context import Context
from core.github import Inaccessible, Issue, NotFound, Repo

UNREAD = -1
"""No thread has so many 👍."""

RELATED = frozenset({"MEMBER", "COLLABORATOR", "CONTRIBUTOR"})
"""As what GitHub shows those who may decide: a private member as nothing but a contributor."""

GONE_STATES = frozenset({"dropped", "frozen", "gone"})
"""What is no request to anybody any more; its history stays."""


def language(connection: Connection, repo_id: int) -> str:
    """Give the language in which we speak in a repository."""
    policy = policies.rules(connection, repo_id).policy
    return policy.language if policy else "en"


def bears(issue: Issue, label: str) -> bool:
    """Say whether an issue has a label; GitHub does not mind capitals in it."""
    return label.lower() in {name.lower() for name in issue.labels}


def belongs(thread: Issue, roadmap: Roadmap) -> bool:
    """Say whether a thread is a request by its label, or a discussion by its category."""
    if thread.category:
        return thread.category.casefold() == roadmap.discussions.casefold()
    return bears(thread, roadmap.label)


def read(ctx: Context, repo: Repo, number: int) -> Issue | None:
    """Read a thread as it is now; None where there is none (any more). Raises `GitHubError`.

    An issue that was turned into a discussion is read as that.
    """
    with ctx.database.read() as connection:
        is_discussion = bool(discussions.node_of(connection, repo.id, number))
        asked = store.by_number(connection, repo.id, number)
    if is_discussion:
        return discussion(ctx, repo, number)
    try:
        issue = ctx.github(repo).issue(repo, number)
    except NotFound:
        return None
    if issue is not None and asked is not None and issue.locked and issue.state == "closed":
        # GitHub leaves the issue there, closed and locked, and tells of nothing else.
        return into(ctx, repo, number) or issue
    return issue


def discussion(ctx: Context, repo: Repo, number: int) -> Issue | None:
    """Read a discussion as it is now; None where there is none. Raises `GitHubError`."""
    try:
        return ctx.github(repo).discussion(repo, number)
    except NotFound:
        return None


def into(ctx: Context, repo: Repo, number: int) -> Issue | None:
    """Give the discussion that an issue was turned into; None where it was not, or we may not see."""
    try:
        return ctx.github(repo).became(repo, number)
    except (NotFound, Inaccessible):
        return None


def told(repo_id: int, issue: Issue, state: State, *, labelled: bool) -> Told:
    """Give what an issue says as it is kept."""
    return Told(
        node_id=issue.node_id,
        repo_id=repo_id,
        number=issue.number,
        title=issue.title,
        author=issue.author,
        state=state,
        locked=issue.locked,
        opened_at=issue.created_at,
        closed_at=issue.closed_at,
        updated_at=issue.updated_at,
        labelled=labelled,
        comments=issue.comments,
    )


def known(ctx: Context, repo: Repo, issue: Issue) -> Issue:
    """Give an issue with what its author may do, as GitHub says now: that hides private members.

    Raises `GitHubError`.
    """
    if issue.author.is_bot:
        return issue
    decides = ctx.github(repo).permission(repo, issue.author) in DECIDERS
    return replace(issue, association="MEMBER" if decides else "NONE")


def known_all(ctx: Context, repo: Repo, issues: Iterable[Issue]) -> list[Issue]:
    """Do the same for many: each person is asked for once, and nobody who has no part in the project.

    Raises `GitHubError`.
    """
    found: list[Issue] = []
    roles: dict[int, str] = {}
    for issue in issues:
        one = issue
        if issue.association in RELATED and not issue.author.is_bot:
            if issue.author.id not in roles:
                roles[issue.author.id] = known(ctx, repo, issue).association
            one = replace(issue, association=roles[issue.author.id])
        found.append(one)
    return found


def origin_of(issue: Issue) -> Origin:
    """Say who wanted it first: a maintainer, or somebody else."""
    return "pushed" if issue.by_maintainer else "asked"


def make(
    connection: Connection,
    repo: Repo,
    issue: Issue,
    roadmap: Roadmap,
    intake: Intake = "label",
    origin: Origin | None = None,
) -> Request:
    """Make an issue a request, or take over how it is now; one that was dropped is one again.

    What somebody asked for on the page, the bot has opened for them: it is theirs.
    """
    before = store.by_node(connection, issue.node_id)
    person = asking.asker(connection, repo.id, issue.body) if issue.author.is_bot else None
    if person is not None:
        issue, intake, origin = replace(issue, author=person), "web", "asked"
    if issue.category:
        discussions.note(connection, repo.id, issue.number, issue.node_id)
        intake = "discussion" if intake == "label" else intake
    said = told(repo.id, issue, _open(issue), labelled=belongs(issue, roadmap))
    if before is not None:
        said = replace(said, node_id=before.node_id)
    asked = store.note(connection, said, intake, origin or origin_of(issue))
    moving.place(connection, asked, issue)
    if before is not None and before.state != asked.state:
        _count_again(connection, asked, roadmap)
    return asked


def take_over(
    connection: Connection, asked: Request, repo: Repo, issue: Issue, roadmap: Roadmap
) -> Request:
    """Write down how the thread of a request is now; without its label it is none any more."""
    if issue.category and issue.number != asked.number:
        return turned(connection, asked, repo, issue, roadmap)
    if not issue.category and discussions.node_of(connection, repo.id, asked.number):
        # The locked shell of an issue that became a discussion: nothing of it is the request any more.
        return asked
    labelled = belongs(issue, roadmap)
    state = _open(issue)
    if not labelled and (asked.labelled or asked.state == "dropped"):
        state = "dropped"
    said = told(repo.id, issue, state, labelled=labelled)
    store.take_over(connection, replace(said, node_id=asked.node_id))
    found = store.by_id(connection, asked.id) or asked
    moving.place(connection, found, issue)
    if found.state != asked.state:
        _count_again(connection, found, roadmap)
    return found


def seen(
    connection: Connection, repo: Repo, issue: Issue, roadmap: Roadmap
) -> tuple[Request | None, bool]:
    """Take in an issue as it was just read; gives its request, if it is one, and if that is new."""
    asked = store.by_node(connection, issue.node_id)
    if asked is not None:
        return take_over(connection, asked, repo, issue, roadmap), False
    if not belongs(issue, roadmap):
        return None, False
    return make(connection, repo, issue, roadmap), True


def turned(
    connection: Connection, asked: Request, repo: Repo, into: Issue, roadmap: Roadmap
) -> Request:
    """Let a request be the discussion that its issue became: its votes stay, in any category."""
    discussions.note(connection, repo.id, into.number, into.node_id)
    store.follow(connection, asked, told(repo.id, into, _open(into), labelled=False))
    board.put_into(connection, asked.id, 0)
    # As many 👍 as before are others all the same: the next sweep reads whose they are.
    unread = update(request).where(request.c.id == asked.id).values(reactions_seen=UNREAD)
    connection.execute(unread)
    found = store.by_id(connection, asked.id) or asked
    if found.state != asked.state:
        _count_again(connection, found, roadmap)
    return found


def end(connection: Connection, asked: Request, state: State, roadmap: Roadmap) -> None:
    """Note that GitHub gives the thread no more: votes on it return to those who gave them."""
    if asked.state in {state, "frozen"}:
        return
    store.set_state(connection, asked.id, state)
    _count_again(connection, replace(asked, state=state), roadmap)


def move(connection: Connection, asked: Request, to: Repo, issue: Issue) -> None:
    """Let a request follow its thread to another repository, votes and all; it stands alone there.

    Where nobody counts votes, it is frozen as it was.
    """
    here, there = rules_of(connection, asked.repo_id), rules_of(connection, to.id)
    place = repositories.repo(connection, to.id)
    if place is None or not place.installation_id or not there.on:
        end(connection, asked, "frozen", here)
        return
    if asked.repo_id == to.id:
        return
    _part(connection, asked, issue, here.votes_per_person)
    people = set(
        connection.scalars(select(supporter.c.github_id).where(supporter.c.root_id == asked.id))
    )
    if issue.category:
        discussions.note(connection, to.id, issue.number, issue.node_id)
    # Its label may not have come along: until it is seen there, nobody has taken it off.
    said = told(to.id, issue, _open(issue), labelled=False)
    store.follow(connection, asked, said)
    board.put_into(connection, asked.id, issue.milestone_number)
    ours = update(supporter).where(supporter.c.root_id == asked.id)
    connection.execute(ours.values(repo_id=to.id))
    votes.recount(connection, {asked.id}, to.id, there.votes_per_person)
    votes.return_to(connection, people, asked.repo_id, here.votes_per_person)


def _part(connection: Connection, asked: Request, issue: Issue, limit: int) -> None:
    """End what joins the request with others: those stay where they are."""
    linked = joinings.linked(connection, asked)
    for one in linked:
        said = Joining(one, None, 0, f"moved:{issue.node_id}", issue.updated_at)
        joinings.join(connection, said, limit)


def _open(issue: Issue) -> State:
    return "open" if issue.state == "open" else "closed"


def _count_again(connection: Connection, asked: Request, roadmap: Roadmap) -> None:
    root = asked.root_id or asked.id
    votes.recount(connection, {root}, asked.repo_id, roadmap.votes_per_person)


@dataclass(frozen=True)
class Known:
    """What we know of an open request: its last change, and 👍 when its voters were last read.

    `updated_at` is None where not all was written down that its list tells.
    """

    updated_at: datetime | None
    thumbs: int


def open_in(connection: Connection, repo_id: int) -> dict[int, Known]:
    """Give what we know of the open requests of a repository, by number."""
    rows = connection.execute(
        select(
            request.c.number, request.c.updated_at, request.c.reactions_seen, request.c.comments
        ).where(request.c.repo_id == repo_id, request.c.state == votes.OPEN)
    )
    return {
        row.number: Known(None if row.comments is None else row.updated_at, row.reactions_seen)
        for row in rows
    }
