"""What a merged pull request credits: its authors and reviewers, as far as GitHub says who they are."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot import people, policies
from bot.credits import rules, store
from bot.credits.store import Deed, Given
from core.context import Context, Effect, Task
from core.github import Account, Incomplete, NotFound, Refused, Repo, Review
from licensing import provenance
from licensing.provenance import Landing

MOST_LOOKED_UP = 20
COUNTED = frozenset({"approved", "changes_requested", "commented", "dismissed"})


@dataclass(frozen=True)
class Merge:
    """A merge as it was read: its files as far as they are known, reviews, and accounts by number.

    `merger` is known where money is shared by what others confirmed.
    """

    where: Landing
    authors: tuple[int, ...]
    paths: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()
    accounts: dict[int, Account | None] = field(default_factory=dict)
    merger: int | None = None

    def is_confirmed(self, who: int) -> bool:
        """Say whether somebody else merged or approved what a person wrote."""
        approved = {one.user.id for one in self.reviews if one.user and one.state == "approved"}
        return self.merger != who or bool(approved - {who, *self.authors})


def due(connection: Connection, where: Landing, now: datetime) -> list[Effect]:
    """Ask for the credits of a merge once its commits are known, where there is a register."""
    if not store.is_kept(connection, where.repo_id):
        return []
    if provenance.landed_work(connection, where.repo_id, where.number) is None:
        return []
    key = f"credit_merge:{where.repo_id}:{where.number}"
    about: dict[str, int | str] = {"repo_id": where.repo_id, "number": where.number}
    return [Task("credit_merge", key, now, f"thread:{where.repo_id}:{where.number}", about)]


def read(ctx: Context, repo: Repo, where: Landing) -> Merge | None:
    """Read what was merged and who reviewed it; None where its commits are not known."""
    with ctx.database.read() as connection:
        work = provenance.landed_work(connection, repo.id, where.number)
        if work is None:
            return None
        ids = {one.id for commit in work.commits for one in commit.holders if one.id is not None}
        authors = tuple(sorted(ids))
        known = people.known(connection, authors, ctx.now)
        policy = policies.rules(connection, repo.id).policy
    github = ctx.github(repo)
    try:
        files = github.comparison(repo, where.base_sha, where.merge_sha).files
        paths = tuple(one.path for one in files)
    except (Incomplete, NotFound, Refused):
        # The base was rewritten, or it is too large: that somebody wrote it is known all the same.
        paths = ()
    try:
        reviews = tuple(github.reviews(repo, where.number))
    except NotFound:
        reviews = ()
    unknown = [number for number in authors if number not in known][:MOST_LOOKED_UP]
    found = {number: github.account(number) for number in unknown}
    is_shared = policy is not None and policy.selling.sharing is not None
    merger = github.pull_request(repo, where.number).merged_by if is_shared else None
    return Merge(where, authors, paths, reviews, {**known, **found}, merger)


def credit(connection: Connection, read: Merge, now: datetime) -> None:
    """Write the credits down; again it changes nothing."""
    where, kind = read.where, rules.kind_of(read.paths)
    for number in read.authors:
        who = read.accounts.get(number)
        if people.is_person(who):
            _give(connection, read, who, kind, "coded", where.merged_at, now)
    for one in read.reviews:
        who = one.user
        if who is None or not people.is_person(who) or one.state not in COUNTED:
            continue
        if who.id not in read.authors and who.id != where.opener_id:
            _give(connection, read, who, "review", "reviewed", one.submitted_at, now)


def _give(
    connection: Connection,
    read: Merge,
    who: Account | None,
    kind: str,
    deed: Deed,
    at: datetime,
    now: datetime,
) -> None:
    if who is None:
        return
    people.note(connection, who.id, who, now)
    number = read.where.number
    # What somebody merged alone is their own word for it.
    by = None if deed != "coded" or read.is_confirmed(who.id) else who.id
    evidence = f"{deed}:{number}"
    given = Given(read.where.repo_id, who.id, kind, deed, f"pull/{number}", evidence, at, by)
    store.give(connection, given, who, now)
