"""Everything that is read from GitHub before a pull request is judged, within a budget of calls.

Cold, that is the rules, their document and one comparison; warm, the comparison alone. What
does not fit is left for a second look (`again`), which finds the first part in the database.
"""

from dataclasses import replace

from sqlalchemy import Connection

from bot import carrying, people, policies, policy_reading, teams
from bot.policies import Rules
from bot.policy import PATH, Policy
from bot.scenes import Scene, exemptions, terms
from core.context import Context
from core.github import (
    Comparison,
    File,
    GitHub,
    Incomplete,
    NotFound,
    PullRequest,
    Refused,
    Repo,
    Unavailable,
)
from licensing import addresses, merges, waiting, waivers
from licensing.bases import bases
from licensing.merges import BaseMerge
from licensing.roll import claimed_numbers, open_addresses
from licensing.rules import judge
from licensing.verdict import Exemptions, Verdict

MOST_CALLS = 3
INSPECTION_CALLS = 2
MOST_PEOPLE = 20
"""How many co-authors are looked up by number; more are shown as numbers."""


class _Budget:
    """The calls that are left."""

    def __init__(self, left: int) -> None:
        self.left = left

    def allows(self, calls: int) -> bool:
        """Take `calls` out of the budget if they are left."""
        fits = calls <= self.left
        self.left -= calls if fits else 0
        return fits


def gather(
    ctx: Context, repo: Repo, pull: PullRequest, spent: int = 0, most: int = MOST_CALLS
) -> Scene:
    """Read what a judgement needs; `spent` of at most `most` calls were made. Raises `GitHubError`."""
    with ctx.database.read() as connection:
        known = policies.rules(connection, repo.id)
    github = ctx.github(repo)
    budget = _Budget(most - spent)
    reading = None
    if not known.is_fresh(ctx.now):
        reading = policy_reading.read(github, repo, known)
        budget.left -= reading.calls
    scene = Scene(repo, pull, reading)
    if not budget.allows(1):
        return replace(scene, again="rules")
    scene = _with_proven(ctx, replace(scene, comparison=_compare(github, repo, pull)))
    if _changes_rules(scene):
        if not budget.allows(1):
            return replace(scene, again="proposal")
        scene = replace(scene, proposed=_proposed(github, repo, pull))
    if _policy_of(scene, known) is None:
        return _with_agreement(github, scene, budget)
    scene = carrying.look(ctx, github, scene, budget.allows)
    scene = _look_into_merges(ctx, github, scene, known, budget)
    scene = _look_up_people(ctx, github, scene, known, budget)
    scene = _look_at_teams(ctx, github, scene, known, budget)
    return _with_agreement(github, scene, budget)


def _compare(github: GitHub, repo: Repo, pull: PullRequest) -> Comparison:
    try:
        # What is merged, the base has: it is held against the tip that it landed on.
        base = pull.base_sha if pull.merged_at else pull.base_ref
        found = github.comparison(repo, base, pull.head_sha)
    except (NotFound, Refused) as error:
        # The branch or the commit went away under our hands, or they share no history.
        raise Incomplete(str(error)) from None
    if found.commits and pull.head_sha not in {commit.sha for commit in found.commits}:
        raise Incomplete("the list of commits lacks the head")
    return found


def _with_proven(ctx: Context, scene: Scene) -> Scene:
    """Find out which addresses that GitHub could not link somebody has proved to be theirs."""
    unlinked = open_addresses(scene.facts(ctx.noreply_host))
    if not unlinked:
        return scene
    with ctx.database.read() as connection:
        return replace(scene, proven=addresses.proven(connection, unlinked))


def _changes_rules(scene: Scene) -> bool:
    files = scene.comparison.files if scene.comparison else ()
    return any(file.path == PATH and file.status != "removed" for file in files)


def _proposed(github: GitHub, repo: Repo, pull: PullRequest) -> str | None:
    try:
        file = github.file(repo, PATH, pull.head_sha)
    except Refused:
        return policies.NO_FILE
    return policies.decoded(file.content) if isinstance(file, File) else None


def _with_agreement(github: GitHub, scene: Scene, budget: _Budget) -> Scene:
    """Read the agreement that a pull request brings with its rules, if a call is left.

    Only a remark depends on it: see `bot.changes`.
    """
    after = policies.parsed(scene.proposed) if scene.proposed is not None else None
    files = scene.comparison.files if scene.comparison else ()
    if after is None or not any(one.path == after.document for one in files):
        return scene
    if not budget.allows(1):
        return scene
    try:
        file = github.file(scene.repo, after.document, scene.pull.head_sha)
    except (Incomplete, Refused, Unavailable):
        return scene
    text = file.content.decode(errors="replace") if isinstance(file, File) else ""
    return replace(scene, offered=text)


def _look_into_merges(
    ctx: Context, github: GitHub, scene: Scene, known: Rules, budget: _Budget
) -> Scene:
    found = merges.base_merges(scene.comparison.commits if scene.comparison else ())
    policy = _policy_of(scene, known)
    if not found or policy is None:
        return scene
    with ctx.database.read() as connection:
        seen = waiting.inspected(connection, scene.repo.id, [one.sha for one in found])
        bots = waiting.known_bots(connection, scene.repo.id, policy.exempt_bots)
    ignorable = frozenset(sha for sha, adds_nothing in seen.items() if adds_nothing)
    open_questions = [one for one in found if one.sha not in seen]
    scene = replace(scene, ignorable=ignorable)
    worth = _worth_it(ctx, scene, known, policy, exemptions(policy, bots), open_questions)
    if not worth:
        return scene
    if not budget.allows(INSPECTION_CALLS):
        return replace(scene, again=f"merge:{worth[0].sha}")
    answer = _inspect(ctx, github, scene.repo, worth[0])
    if answer is None:
        return scene
    if answer:
        ignorable |= {worth[0].sha}
    again = f"merge:{worth[1].sha}" if len(worth) > 1 else None
    inspected = ((worth[0].sha, answer),)
    return replace(scene, ignorable=ignorable, inspected=inspected, again=again)


def _look_up_people(
    ctx: Context, github: GitHub, scene: Scene, known: Rules, budget: _Budget
) -> Scene:
    """Ask GitHub whose the numbers are that only addresses name, and who waived commits."""
    numbers = claimed_numbers(scene.facts(ctx.noreply_host))[:MOST_PEOPLE]
    with ctx.database.read() as connection:
        numbers += _who_waived(scene, known, connection)
        accounts = people.known(connection, numbers, ctx.now) if numbers else {}
    if not numbers:
        return scene
    looked_up: list[int] = []
    for number in numbers:
        if number in accounts:
            continue
        if not budget.allows(1):
            return replace(
                scene,
                accounts=accounts,
                looked_up=tuple(looked_up),
                again=scene.again or f"people:{number}",
            )
        try:
            accounts[number] = github.account(number)
        except (Incomplete, Unavailable):
            # A name is for show: without it the number stands there.
            break
        looked_up.append(number)
    return replace(scene, accounts=accounts, looked_up=tuple(looked_up))


def _who_waived(scene: Scene, known: Rules, connection: Connection) -> tuple[int, ...]:
    if known.version is None or scene.comparison is None:
        return ()
    here = {commit.sha for commit in scene.comparison.commits}
    given = waivers.given(connection, known.version, scene.repo.id, scene.pull.number)
    return tuple(dict.fromkeys(one.actor_id for one in given if one.sha in here))


def _look_at_teams(
    ctx: Context, github: GitHub, scene: Scene, known: Rules, budget: _Budget
) -> Scene:
    policy = _policy_of(scene, known)
    if policy is None or policy.mode == "off":
        return scene
    looked = teams.look(ctx, github, scene.repo, policy.exempt_teams, budget.allows)
    return replace(
        scene,
        teams=looked,
        again=scene.again or (f"team:{looked.again}" if looked.again else None),
    )


def _policy_of(scene: Scene, known: Rules) -> Policy | None:
    text = scene.reading.text if scene.reading else None
    fresh = policies.parsed(text) if text is not None else None
    return fresh or known.policy


def _worth_it(
    ctx: Context,
    scene: Scene,
    known: Rules,
    policy: Policy,
    exempt: Exemptions,
    candidates: list[BaseMerge],
) -> list[BaseMerge]:
    """Keep the merges whose author would be asked for nothing else, and has not signed."""
    asks = terms(policy, known.version)
    candidate_shas = frozenset(one.sha for one in candidates)
    facts = scene.facts(ctx.noreply_host)
    without = replace(facts, ignorable=facts.ignorable | candidate_shas)
    signed: frozenset[int] = frozenset()
    everybody = judge(facts, frozenset(), exempt)
    if known.version is not None:
        with ctx.database.read() as connection:
            covered = bases(connection, known.version, everybody.people, ctx.now)
            signed = frozenset(covered)
    rest = judge(without, signed, exempt, asks)
    whole = judge(facts, signed, exempt, asks)
    if asks.signoffs:
        bare = {one.sha for one in whole.unsigned} - {one.sha for one in rest.unsigned}
        return [one for one in candidates if one.sha in bare]
    if _waits_for(whole) == _waits_for(rest):
        return []
    # Whoever consents to their commits would have to consent to the merge as well.
    asked_anyway = rest.people if asks.consent else rest.people | signed
    authors = {commit.sha: commit.author_account for commit in facts.commits}
    return [
        one
        for one in candidates
        if (account := authors[one.sha]) is None or account.id not in asked_anyway
    ]


def _waits_for(found: Verdict) -> tuple[object, ...]:
    return found.missing, found.unresolved, found.undeclared


def _inspect(ctx: Context, github: GitHub, repo: Repo, merge: BaseMerge) -> bool | None:
    """Say whether a merge adds nothing of its own; None where it could not be found out now."""
    try:
        merged = github.comparison(repo, merge.own_parent, merge.sha)
        brought = github.comparison(repo, merge.own_parent, merge.base_parent)
    except (Incomplete, NotFound, Refused):
        return None
    except Unavailable:
        # A large difference may be too much for GitHub every time: then the author is asked.
        if ctx.attempts == 1:
            raise
        return None
    return merges.adds_nothing(merged, brought, merge)
