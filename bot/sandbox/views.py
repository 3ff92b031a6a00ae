"""What the play page shows, made out of the world: timelines, checks, and how far one has come."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.calls import Office
from bot.sandbox.git import Commit
from bot.sandbox.records import (
    Account,
    CheckRun,
    Comment,
    Happening,
    Issue,
    MergeGroup,
    PullRequest,
    Repository,
)
from bot.sandbox.world import World

QUIET = timedelta(seconds=1.6)
LONGEST_WATCH = timedelta(seconds=10)
LONGEST_WAIT_S = 3.0
SIGNED = "✅"
"""The mark by which a check's summary shows, in any language, that somebody has signed."""

_TRAILER = re.compile(r"^co-authored-by:\s*(.+?)\s*<(.+?)>\s*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Person:
    """Somebody as a commit names them; `account` is None where GitHub knows nobody."""

    name: str
    account: Account | None


@dataclass(frozen=True)
class CommitRow:
    """A commit on a timeline."""

    commit: Commit
    people: tuple[Person, ...]

    @property
    def title(self) -> str:
        """The first line of the message."""
        return self.commit.message.partition("\n")[0]


@dataclass(frozen=True)
class Entry:
    """One entry of a timeline: a comment, or something that happened, with its commits."""

    id: int
    at: datetime
    comment: Comment | None = None
    happening: Happening | None = None
    commits: tuple[CommitRow, ...] = ()
    forced: bool = False


def commit_row(world: World, commit: Commit) -> CommitRow:
    """Show a commit with its author and co-authors."""
    people = [Person(commit.author.name, world.linked(commit.author.email))]
    people += [
        Person(name, world.linked(email)) for name, email in _TRAILER.findall(commit.message)
    ]
    return CommitRow(commit, tuple(people))


def timeline(world: World, thread: Issue) -> list[Entry]:
    """List what was said and done on a thread, oldest first."""
    entries = [Entry(it.id, it.created_at, comment=it) for it in thread.comments]
    before = ""
    shown: set[str] = set()
    for it in thread.history:
        commits: list[Commit] = []
        if isinstance(thread, PullRequest) and it.action in {"opened", "synchronize"}:
            commits = thread.repo.objects.between(thread.base_sha, it.head)
        fresh = tuple(commit_row(world, one) for one in commits if one.sha not in shown)
        shown.update(one.sha for one in commits)
        forced = bool(before and commits) and before not in {one.sha for one in commits}
        entries.append(Entry(it.id, it.at, happening=it, commits=fresh, forced=forced))
        before = it.head
    return sorted(entries, key=lambda entry: entry.id)


def checks(world: World, repo: Repository, sha: str) -> list[CheckRun]:
    """List the newest check run of each name on a commit."""
    newest: dict[str, CheckRun] = {}
    for run in world.runs_at(repo, sha):
        newest.setdefault(run.name, run)
    return list(newest.values())


def queued(pull: PullRequest) -> MergeGroup | None:
    """Give the place of a pull request in the merge queue."""
    return next((group for group in pull.repo.queue if group.pull is pull), None)


def move_queue(world: World) -> None:
    """Do what GitHub's queue does: land what passed its checks, and throw out what did not."""
    for repo in list(world.repositories.values()):
        for group in list(repo.queue):
            runs = checks(world, repo, group.head_sha)
            if runs and all(run.status == "completed" for run in runs):
                good = all(run.conclusion in {"success", "neutral", "skipped"} for run in runs)
                world.leave_queue(group, "merged" if good else "dequeued")


def is_settled(office: Office, thread: Issue) -> bool:
    """Say whether Potluck has had its say on the last thing that somebody did."""
    world = office.world
    quiet = world.clock() - world.stirred_at
    if quiet > LONGEST_WATCH:
        return True
    if office.hooks.waiting or quiet < QUIET:
        return False
    if isinstance(thread, PullRequest) and thread.state == "open":
        group = queued(thread)
        sha = group.head_sha if group else thread.head_sha
        runs = checks(world, thread.repo, sha)
        return bool(runs) and all(run.status == "completed" for run in runs)
    return True


def await_more(world: World, after: int) -> None:
    """Wait until more was done than `after` acts, a few seconds at most."""
    with world.stirred:
        if world.stirred.wait_for(lambda: world.acts > after, LONGEST_WAIT_S):
            # Things come in small bursts: a comment and a check, a run created and completed.
            world.stirred.wait(0.1)
        move_queue(world)


@dataclass(frozen=True, order=True)
class Guide:
    """How far a newcomer has come with the three things to try; the furthest is the greatest."""

    opened: bool = False
    green: bool = False
    signed: bool = False


def guide(world: World, repo: Repository, thread: Issue | None = None) -> Guide:
    """Look how far one has come: on the pull request that is shown, or on the one furthest on."""
    shown = [thread] if isinstance(thread, PullRequest) else repo.threads.values()
    return max((_come(world, it) for it in shown if isinstance(it, PullRequest)), default=Guide())


def _come(world: World, pull: PullRequest) -> Guide:
    """Judge by what the check says: a comment that merely looks like a signature is none."""
    runs = checks(world, pull.repo, pull.head_sha)
    green = any(run.conclusion == "success" for run in runs)
    signed = green or any(SIGNED in (run.summary or "") for run in runs)
    return Guide(opened=True, green=green, signed=signed)
