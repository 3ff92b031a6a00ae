"""The corpus of forged identities as pull requests, and what becomes of each here and elsewhere."""

from collections.abc import Callable, Mapping

from bot import repositories
from bot.sandbox.records import PullRequest, Repository
from tests.scenarios import lite
from tests.scenarios.agreement import add, fork_of, offer, push_files
from tests.scenarios.forgeries import Cast, authors, bots, co_authors, trailers

COMMITS = 250
Pulls = dict[str, PullRequest]


def forged_commits(cast: Cast) -> Pulls:
    """Open a pull request for each way to forge a commit."""
    attempts = authors(cast) | bots(cast) | co_authors(cast) | trailers(cast)
    return {label: offer(cast.house, cast.mallory, *made) for label, made in attempts.items()}


def forged_merges(cast: Cast) -> Pulls:
    """Open a pull request for each way to hide something in a merge commit."""
    house, repo = cast.house, cast.house.garden.repo
    fork = fork_of(house, cast.mallory)
    before = repo.branches["main"]
    tip = push_files(house, {"brought.txt": "The base goes on.\n"})
    pulls = {}
    for number, (label, merge) in enumerate(MERGES.items()):
        branch = f"merge-{number}"
        house.world.branch(fork, branch, before)
        add(house, fork, branch, author=cast.mallory)
        merge(cast, fork, branch, tip)
        pulls[label] = house.world.open_pull_request(repo, cast.mallory, branch, head_repo=fork)
    return pulls


def buried(cast: Cast) -> PullRequest:
    """Open a pull request with one unsigned commit behind 250 of a signer."""
    commits = [{"author": cast.mallory, "files": {"one.txt": f"{n}\n"}} for n in range(COMMITS)]
    return offer(cast.house, cast.mallory, *commits, {"author": cast.carol})


def through(said: Mapping[str, str | None]) -> set[str]:
    """Name those whose check is anything but the wait for a signature."""
    return {label for label, one in said.items() if one != "action_required"}


def passes_elsewhere(cast: Cast, pull: PullRequest) -> bool:
    """Say whether another tool's rules would let a pull request pass, told the same facts.

    The same people have signed there, and its allow-list names the bots that are exempt here.
    """
    house = cast.house
    with house.app.read() as connection:
        repo = repositories.repo(connection, pull.repo.id)
    assert repo is not None
    github = house.worker.world.github(repo)
    found = github.comparison(repo, pull.base_sha, pull.head_sha)
    signed = {cast.mallory.id, cast.mara.id}
    return not lite.unsigned(found.commits, signed, f"{cast.dependabot.login}, helper")


def smuggle(cast: Cast, fork: Repository, branch: str, tip: str) -> None:
    files = {"smuggled.py": "print('mine')\n"}
    cast.house.world.merge_commit(fork, branch, tip, author=cast.carol, files=files)


def alter(cast: Cast, fork: Repository, branch: str, tip: str) -> None:
    files = {"brought.txt": "The base goes elsewhere.\n"}
    cast.house.world.merge_commit(fork, branch, tip, author=cast.carol, files=files)


def bring_history(cast: Cast, fork: Repository, branch: str, tip: str) -> None:
    cast.house.world.branch(fork, "hers", tip)
    hers = add(cast.house, fork, "hers", author=cast.carol)
    cast.house.world.merge_commit(fork, branch, hers, author=cast.mallory)


def octopus(cast: Cast, fork: Repository, branch: str, tip: str) -> None:
    cast.house.world.branch(fork, "other", tip)
    other = add(cast.house, fork, "other", author=cast.mallory)
    parents = (fork.branches[branch], tip, other)
    add(cast.house, fork, branch, author=cast.carol, parents=parents)


def rewind(cast: Cast, fork: Repository, branch: str, tip: str) -> None:
    """A merge whose two parents both lie on the base: all of it is its author's."""
    old = fork.objects.commits[tip].parents[0]
    add(cast.house, fork, branch, author=cast.carol, parents=(tip, old))


MERGES: dict[str, Callable[[Cast, Repository, str, str], None]] = {
    "a file of its own": smuggle,
    "another content for what the base brings": alter,
    "the history of somebody else": bring_history,
    "more than two parents": octopus,
    "no parent of the pull request's own": rewind,
}
