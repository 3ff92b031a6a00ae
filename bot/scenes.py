"""What was read from GitHub of a pull request, and its rules in the form of the judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.policies import Reading
from bot.policy import Policy
from bot.teams import Looked
from core.github import Account, Comparison, PullRequest, Repo
from licensing.verdict import Carried, Exemptions, Facts, Terms
from licensing.versions import AgreementVersion


@dataclass(frozen=True)
class Scene:
    """What was read. `comparison` is None where the budget was spent on the rules.

    `ignorable` are merges that are known to only bring in the base; `inspected` is what was
    found out about one just now. `proposed` is the file of rules at the head, where the pull
    request changes it, `offered` the agreement there, where it changes both. `accounts` are
    people by number, `looked_up` those asked for just now; `proven` are people by an address
    that they rely on. `teams` is what is known of exempt teams and their members. `carried` are
    commits that were merged and covered here before. `again` names what is left for a second look.
    """

    repo: Repo
    pull: PullRequest
    reading: Reading | None
    comparison: Comparison | None = None
    ignorable: frozenset[str] = frozenset()
    inspected: tuple[tuple[str, bool], ...] = ()
    proposed: str | None = None
    offered: str | None = None
    accounts: Mapping[int, Account | None] = field(default_factory=dict)
    looked_up: tuple[int, ...] = ()
    proven: Mapping[str, Account] = field(default_factory=dict)
    teams: Looked = field(default_factory=Looked)
    carried: Mapping[str, Carried] = field(default_factory=dict)
    again: str | None = None

    def facts(self, noreply_host: str) -> Facts:
        """Give what the judgement needs."""
        comparison = self.comparison
        return Facts(
            opener=self.pull.opener,
            commits=comparison.commits if comparison else (),
            files=comparison.files if comparison else (),
            files_complete=comparison.files_complete if comparison else False,
            ignorable=self.ignorable,
            accounts=self.accounts,
            noreply_host=noreply_host,
            proven=self.proven,
            carried=self.carried,
        )


def exemptions(
    policy: Policy, bots: dict[str, int | None], members: frozenset[int] = frozenset()
) -> Exemptions:
    """Put the rules' exemptions into the form of the judgement."""
    return Exemptions(
        users=policy.exempt_users,
        bots=bots,
        files_below=policy.files_below,
        lines_below=policy.lines_below,
        members=members,
        agents=policy.agents,
        paths=policy.exempt_paths,
    )


def terms(policy: Policy, version: AgreementVersion | None) -> Terms:
    """Put what the rules ask into the form of the judgement.

    Mode and paths are part of what people agree to: a change under the same version is refused,
    and until the version rises those that were published hold.
    """
    mode = version.mode if version else policy.mode
    paths = version.paths if version else policy.paths
    return Terms(mode == "dco", policy.consent, policy.confirm, paths)
