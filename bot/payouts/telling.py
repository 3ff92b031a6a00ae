"""Tells people what is owed to them: one comment on the issue, edited in place, and whoever else listens.

    @tells
    def by_mail(connection, notice, now): ...

registers another way to tell; it runs in the transaction in which the reason is written down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot import people, repositories
from bot.awards import awarding
from bot.messages import marks, say
from bot.outcomes import store as outcomes
from bot.roadmap import intake
from core.context import Context, Effect
from core.github import Comment
from core.money import Money, shown
from donations.payouts import shares
from donations.payouts.shares import Share

TOPIC = "reward"
MOST = 40

Why = Literal["owed", "refused", "sent", "came_back"]
WAITING: frozenset[Why] = frozenset({"owed", "refused"})


@dataclass(frozen=True)
class Notice:
    """Something to tell a person about their share; `until` is when it lapses, if it does.

    `repo_id` is the project in which it was earned; `about` the request, if it was for one.
    """

    why: Why
    github_id: int
    share_id: int
    money: Money
    about: str
    until: datetime | None = None
    key: str = ""
    repo_id: int = 0


Teller = Callable[[Connection, Notice, datetime], None]
_tellers: list[Teller] = []


def tells(teller: Teller) -> Teller:
    """Register a way to tell people."""
    _tellers.append(teller)
    return teller


def tell(connection: Connection, of: Share, why: Why, key: str, now: datetime) -> None:
    """Tell one person, in every way that there is."""
    until = awarding.ends_at(of) if why in WAITING else None
    money = of.left if why in WAITING else of.money
    repo_id = int(of.reward.book.partition(":")[2] or 0)
    notice = Notice(why, of.github_id, of.id, money, of.reward.about, until, key, repo_id)
    for teller in _tellers:
        teller(connection, notice, now)


def owed(ctx: Context, connection: Connection, of: Share, why: Why) -> list[Effect]:
    """Tell somebody who cannot be paid yet, and keep the comment on the issue as it is now."""
    number = len([one for one in shares.acts(connection, of.id) if one.deed == "reminded"])
    tell(connection, of, why, f"{why}:{of.id}:{number}", ctx.now)
    return comment(ctx, connection, of.reward.about)


def comment(ctx: Context, connection: Connection, about: str) -> list[Effect]:
    """Say on the issue to whom something is owed who cannot be paid yet; nothing in private."""
    of = outcomes.find(connection, about)
    asked = of.asked if of else None
    repo = repositories.repo(connection, asked.repo_id) if asked else None
    if asked is None or repo is None or repo.private or asked.state in intake.GONE_STATES:
        return []
    waiting = [
        one
        for name in outcomes.purses_of(connection, asked)
        for made in shares.rewards_of(connection, name)
        for one in shares.of_reward(connection, made.id)
        if one.standing.state == "owed"
    ][:MOST]
    known = people.logins(connection, [one.github_id for one in waiting])
    language = intake.language(connection, repo.id)
    rows = [_row(one, known.get(one.github_id, ""), language) for one in waiting]
    url = f"{ctx.public_url}/you/payouts"
    body = say("reward", language, rows=rows, url=url)
    return [Comment(repo, asked.number, TOPIC, body)]


def _row(of: Share, login: str, language: str) -> tuple[str, str, str]:
    until = awarding.ends_at(of)
    who = marks.mention(login) or f"`id {of.github_id}`"
    return who, shown(of.left, language), until.date().isoformat() if until else ""
