"""Coverage of what is merged: asked for when it is heard of, read whole, written once.

A merge is written down with the event that tells of it. Its commits are those that were judged,
if they were judged on the very tip they landed on; else they are read once more. All that is
found goes into the ledger in one transaction, or none of it does.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from bot import carrying, people, policies
from bot.evaluation import establish
from bot.gathering import gather
from bot.judging import verdict_on
from bot.scenes import Scene
from core.context import Context, Effect, Task
from core.github import Commit, Incomplete, NotFound, PullRequest, Refused, Repo
from licensing import carried, chain, coverage, provenance, records, store, waiting
from licensing.grants import grants, waived
from licensing.provenance import Kept, Landing, Work
from licensing.relying import kept_under

MOST_CALLS = 6
MOST_TRIES = 40
"""Looks that each find out about one more merge or some more people; then what is known counts."""


def merged(ctx: Context, repo: Repo, pull: PullRequest, connection: Connection) -> list[Effect]:
    """Write down that a pull request was merged, if it was, and ask for its coverage."""
    if pull.merged_at is None or not pull.merge_sha:
        return []
    provenance.note_landing(connection, repo.id, pull)
    return [cover(ctx, repo.id, pull.number, pull.merge_sha)]


def cover(ctx: Context, repo_id: int, number: int, occasion: str, tries: int = 0) -> Task:
    """Ask for the coverage of a merged pull request, once for each occasion."""
    return Task(
        name="cover",
        key=f"cover:{repo_id}:{number}:{occasion}:{tries}",
        due_at=ctx.now + timedelta(seconds=5) * min(tries, 1),
        entity=f"thread:{repo_id}:{number}",
        about={"repo_id": repo_id, "number": number, "occasion": occasion, "tries": tries},
    )


def as_merged(connection: Connection, repo_id: int, pull: PullRequest) -> PullRequest:
    """Give a pull request with how it was merged, where that is known."""
    where = provenance.landed(connection, repo_id, pull.number)
    return _merged(pull, where) if where else pull


def _merged(pull: PullRequest, where: Landing) -> PullRequest:
    return replace(
        pull,
        head_sha=where.head_sha,
        base_sha=where.base_sha,
        merged_at=where.merged_at,
        merge_sha=where.merge_sha,
    )


@dataclass(frozen=True)
class Reading:
    """What was read for a merge: the work that is known already, or a scene to find it in."""

    repo: Repo
    landing: Landing
    work: Work | None = None
    scene: Scene | None = None
    landed: tuple[Commit, ...] = ()


def read(ctx: Context, repo: Repo, pull: PullRequest, where: Landing) -> Reading:
    """Read what the ledger needs; nothing of GitHub where all of it is known.

    Raises `Incomplete` where GitHub does not give the commits, and `GitHubError`.
    """
    with ctx.database.read() as connection:
        done = provenance.landed_work(connection, repo.id, where.number)
        kept = provenance.kept(connection, repo.id, where.number)
    if done is not None:
        return Reading(repo, where, done)
    if kept is not None and _fits(kept, where):
        return Reading(repo, where, kept.work, landed=_landed(ctx, repo, where, kept.work))
    scene = gather(ctx, repo, _merged(pull, where), most=MOST_CALLS)
    commits = scene.comparison.commits if scene.comparison else ()
    if scene.comparison is not None and not commits:
        raise Incomplete("GitHub lists no commit of a merged pull request")
    landed = () if scene.again else _landed_of(ctx, repo, where, len(commits))
    return Reading(repo, where, scene=scene, landed=landed)


def _fits(kept: Kept, where: Landing) -> bool:
    """Say whether the kept commits are those that were merged: the base decides it too."""
    return (kept.head_sha, kept.base_sha) == (where.head_sha, where.base_sha)


def _landed(ctx: Context, repo: Repo, where: Landing, work: Work) -> tuple[Commit, ...]:
    return _landed_of(ctx, repo, where, len(work.commits))


def _landed_of(ctx: Context, repo: Repo, where: Landing, count: int) -> tuple[Commit, ...]:
    """Read what arrived on the base: a rebase makes a copy of each commit, with a name of its own."""
    if count < 2:  # noqa: PLR2004 - a single commit lands as the one that GitHub named
        return ()
    try:
        return ctx.github(repo).comparison(repo, where.base_sha, where.merge_sha).commits
    except (NotFound, Refused):
        # The base was rewritten meanwhile: the copies are gone, what was merged is not.
        return ()


def write(
    ctx: Context, reading: Reading, occasion: str, tries: int, connection: Connection
) -> list[Effect]:
    """Write the ledger's rows of a merge, or ask for another look where something is still open."""
    where, work, effects = reading.landing, reading.work, list[Effect]()
    rules = policies.rules(connection, where.repo_id)
    if work is None and reading.scene is not None:
        scene = reading.scene
        rules, effects = establish(ctx, scene, connection)
        for sha, adds_nothing in scene.inspected:
            waiting.note_inspected(connection, where.repo_id, sha, adds_nothing=adds_nothing)
        for number in scene.looked_up:
            people.note(connection, number, scene.accounts[number], ctx.now)
        if scene.comparison is None or (scene.again and tries < MOST_TRIES):
            return [*effects, cover(ctx, where.repo_id, where.number, occasion, tries + 1)]
        verdict = verdict_on(ctx, scene, rules, connection)
        work = provenance.work_of(scene.facts(ctx.noreply_host), verdict)
    if work is None:
        return effects
    if provenance.landed_work(connection, where.repo_id, where.number) is None:
        work = with_copies(work, reading.landed)
        provenance.note_work(connection, where, work)
    signoffs = rules.version is not None and rules.version.mode == "dco"
    basis = _basis(connection, where, work, asks=rules.asks, signoffs=signoffs)
    rows = tuple(coverage.rows(where, work, basis))
    if coverage.write(connection, rows):
        effects += _after(ctx, connection, where, rows)
    return effects


def _after(
    ctx: Context, connection: Connection, where: Landing, rows: tuple[coverage.Covered, ...]
) -> list[Effect]:
    """Look again at what brought, or is about to bring, the same commits to another branch."""
    told = chain.sha256("".join(row.digest for row in rows).encode())[:24]
    later = carried.follow(connection, where.repo_id, rows)
    return [
        *carrying.covered_now(ctx, connection, where.repo_id, where.number),
        *(cover(ctx, where.repo_id, number, f"after:{where.number}:{told}") for number in later),
    ]


def _basis(
    connection: Connection, where: Landing, work: Work, *, asks: bool, signoffs: bool
) -> coverage.Basis:
    version = store.version_at(connection, where.repo_id, where.merged_at) if asks else None
    if version is None:
        return coverage.Basis(None, {})
    holders = {
        holder.id
        for commit in work.commits
        for holder in commit.holders
        if holder.id is not None and not holder.problem
    }
    # Whoever signs at this very moment either is seen here, or sees what is written here.
    records.hold(connection, version.agreement_id)
    covered = grants(connection, version, holders, where.merged_at)
    thread = (where.repo_id, where.number, where.head_sha)
    for older, kept in kept_under(connection, version, thread, holders - covered.keys()):
        covered |= grants(connection, older, kept, where.merged_at)
    passed = waived(connection, version, where.repo_id, where.number, where.merged_at)
    here = (where.merged_at, where.number)
    seen = tuple(map(carried.seen_before, work.commits))
    before = carried.carried(connection, where.repo_id, seen, here)
    return coverage.Basis(version, covered, signoffs=signoffs, waived=passed, carried=before)


def with_copies(work: Work, landed: tuple[Commit, ...]) -> Work:
    """Name the copy that a rebase made of each commit; as it is where it was no rebase.

    A rebase leaves out merges and keeps order, author and message: here, who the author is.
    """
    shas = {commit.sha for commit in work.commits}
    originals = [commit for commit in work.commits if len(commit.parents) < 2]  # noqa: PLR2004 - no merges
    copies = landed[-len(originals) :] if originals else ()
    if len(copies) != len(originals) or any(one.sha in shas for one in landed):
        return work
    pairs = list(zip(originals, copies, strict=True))
    if any(_author(copy) != one.author_id for one, copy in pairs):
        return work
    copied = {one.sha: copy.sha for one, copy in pairs}
    commits = tuple(replace(one, copy=copied.get(one.sha, "")) for one in work.commits)
    return replace(work, commits=commits)


def _author(commit: Commit) -> int | None:
    return commit.author_account.id if commit.author_account else None
