"""Whom CLA Assistant Lite asks to sign, restated in our words from its published source.

The repository contributor-assistant/github-action, archived since, as of March 2026 (58daaf8):
`src/graphql.ts`, `src/checkAllowList.ts` and `src/setupClaCheck.ts`. This is all that decides
there: it looks at no co-authors, no opener, and no proof of who committed.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from core.github import Account, Commit

PAGE = 100
"""Commits that it reads; what stands behind them is not asked for."""

ACTIONS_BOT = 41898282
"""The number of GitHub’s own Actions bot, which never has to sign."""

Person = tuple[str, int | None]
"""A login or, where GitHub links nobody, the name that git holds; and the number, if any."""


def unsigned(commits: Sequence[Commit], signed: Collection[int], allowed: str) -> list[Person]:
    """Name who has to sign still; empty where the pull request passes.

    `signed` are numbers of accounts, `allowed` its setting `allowlist`, with commas between.
    """
    people = _once_by_name(_person(one) for one in commits[:PAGE])
    return [
        (name, number)
        for name, number in people
        if number != ACTIONS_BOT and not is_allowed(name, allowed) and number not in signed
    ]


def is_allowed(name: str, allowed: str) -> bool:
    """Hold a name against the allow-list: a star stands for anything, and nothing marks the ends."""
    for pattern in (one.strip() for one in allowed.split(",")):
        if "*" not in pattern:
            if pattern == name:
                return True
        elif re.search(".*".join(map(re.escape, pattern.split("*"))), name):
            return True
    return False


def _person(commit: Commit) -> Person:
    """Take the author’s account, or else the committer’s, or else what git says of the author."""
    account: Account | None = commit.author_account or commit.committer_account
    return (account.login, account.id) if account else (commit.author.name, None)


def _once_by_name(people: Iterable[Person]) -> list[Person]:
    found: dict[str, Person] = {}
    for one in people:
        found.setdefault(one[0], one)
    return list(found.values())
