"""Everything that a judgement rests on, brought together inside the one transaction."""

from dataclasses import replace

from sqlalchemy import Connection

from bot import people
from bot.policies import Rules
from bot.policy import Policy
from bot.scenes import Scene, exemptions, terms
from core.context import Context
from core.github import Account
from licensing import declarations, relying, waiting, waivers
from licensing.bases import Basis
from licensing.rules import judge
from licensing.verdict import Acts, Asked, Verdict, Waiver
from licensing.versions import AgreementVersion


def verdict_on(ctx: Context, scene: Scene, rules: Rules, connection: Connection) -> Verdict | None:
    """Judge; None where nobody can be asked, or the commits are still to be read."""
    policy, version = rules.policy, rules.version
    if policy is None or version is None or not rules.asks or scene.comparison is None:
        return None
    facts = scene.facts(ctx.noreply_host)
    bots = waiting.known_bots(connection, scene.repo.id, policy.exempt_bots)
    exempt = exemptions(policy, bots, scene.teams.members)
    everybody = judge(facts, frozenset(), exempt).people
    covered = relying.covered(connection, version, thread(scene), everybody, ctx.now)
    acts = _acts(ctx, scene, policy, version, connection)
    verdict = judge(facts, covered.keys(), exempt, terms(policy, version), acts)
    signed = tuple(
        _based(one, covered[one.id], version) if one.id in covered else one
        for one in verdict.signed
    )
    return replace(verdict, signed=signed)


def _based(person: Asked, basis: Basis, version: AgreementVersion) -> Asked:
    """Name the company or the older version on which somebody is covered, so that the check can."""
    is_older = basis.version.partition(".")[0] != str(version.major)
    return replace(person, company=basis.company, older=basis.version if is_older else "")


def thread(scene: Scene) -> tuple[int, int, str]:
    """Name the pull request and the commit that is judged."""
    return scene.repo.id, scene.pull.number, scene.pull.head_sha


def _acts(
    ctx: Context, scene: Scene, policy: Policy, version: AgreementVersion, connection: Connection
) -> Acts:
    repo_id, number = scene.repo.id, scene.pull.number
    given = waivers.given(connection, version, repo_id, number)
    actors = people.known(connection, {one.actor_id for one in given}, ctx.now) if given else {}
    waived = tuple(
        Waiver(one.sha, actors.get(one.actor_id) or Account(one.actor_id, ""), one.reason)
        for one in given
    )
    if not (policy.consent or policy.confirm):
        return Acts(waived)
    said = declarations.declared(connection, version, repo_id, number)
    return Acts(waived, said.consents, said.confirmed)
