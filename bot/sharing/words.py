"""The rule in one sentence: for whoever is asked to sign, and for whoever buys."""

from bot.messages import translated
from bot.policy import Policy
from core.money import N_
from donations.sharing.rules import UNWRITTEN, Rule

NOTHING = N_(
    "Licences of this project are sold, and all that they bring is the project’s: contributors"
    " get no part of it."
)
SHARED = N_(
    "Licences of this project are sold. Of what they bring, contributors share %(contributors)s,"
    " maintainers %(maintainers)s and the project %(project)s per cent, by a rule that is written"
    " before."
)


def sentence(policy: Policy | None, language: str) -> str:
    """Say who shares in what is sold; empty where nothing is sold."""
    if policy is None or not policy.selling.on:
        return ""
    return of_rule(policy.selling.sharing or UNWRITTEN, language)


def of_rule(rule: Rule, language: str) -> str:
    """Say who shares by a rule."""
    if not (rule.contributors or rule.maintainers):
        return translated(language, NOTHING)
    return translated(language, SHARED, **percentages(rule))


def percentages(rule: Rule) -> dict[str, str]:
    """Give the parts in per cent, with one decimal where they need it."""
    whole = rule.contributors + rule.maintainers + rule.project
    parts = {
        "contributors": rule.contributors,
        "maintainers": rule.maintainers,
        "project": rule.project,
    }
    return {name: f"{100 * weight / whole:.3g}" for name, weight in parts.items()}
