"""What a gift answers: an appeal or a membership of the rules file, as the address of the form names it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Connection

from bot.money.fund_form import Choice
from bot.policy import Funding
from bot.policy.appeals import Appeal, Membership
from core.money import Money
from donations.asking import appeals, members
from donations.asking.members import Joined
from donations.asking.rules import Covered, covered
from donations.giving.store import Gift


@dataclass(frozen=True)
class Aim:
    """An appeal, a membership, or neither."""

    appeal: Appeal | None = None
    membership: Membership | None = None


@dataclass(frozen=True)
class Shown:
    """How an appeal stands: what is there of its goal, of how many, and which lines that covers."""

    of: Appeal
    there: Money
    givers: int
    lines: tuple[Covered, ...]
    over: bool

    @property
    def share(self) -> int:
        """How much of the goal is there, in whole per cent, at most 100."""
        return min(100, self.there.minor * 100 // max(1, self.of.goal.minor))


def aim(given: Mapping[str, str], funding: Funding, now: datetime) -> Aim | None:
    """Read what a form is for; None where it names what does not exist, or is over."""
    found = Aim()
    if slug := given.get("appeal"):
        appeal = appeal_called(funding, slug)
        if appeal is None or now >= appeal.ends_at:
            return None
        found = replace(found, appeal=appeal)
    if slug := given.get("membership"):
        membership = next((one for one in funding.memberships if one.slug == slug), None)
        if membership is None:
            return None
        found = replace(found, membership=membership)
    return found


def appeal_called(funding: Funding, slug: str) -> Appeal | None:
    """Give an appeal by its slug."""
    return next((one for one in funding.appeals if one.slug == slug), None)


def narrowed(funding: Funding, of: Aim) -> Funding:
    """Give how one may give for it: a membership proposes its own amount, and comes again."""
    own = of.membership
    if own is None:
        return funding
    more = tuple(one for one in funding.suggested if one.minor > own.amount.minor)
    return replace(funding, suggested=(own.amount, *more[:3]), least=own.least, monthly=True)


def check(choice: Choice, of: Aim) -> None:
    """Note what does not fit what a form is for."""
    own = of.membership
    if own is None:
        return
    if choice.rhythm != own.every:
        choice.errors["rhythm"] = _("Choose how often.")
    if not choice.money and not choice.errors:
        choice.errors["amount"] = _(
            "A membership is an amount. Giving nothing is always possible without one."
        )


def note(connection: Connection, gift: Gift, of: Aim) -> None:
    """Write down, beside a gift that was just said, what it answers."""
    if of.appeal is not None:
        appeals.answer(connection, gift, of.appeal.slug)
    if (own := of.membership) is not None:
        members.join(connection, gift, Joined(own.slug, own.name, own.thanks, own.counterpart))


def shown(connection: Connection, repo_id: int, of: Appeal, now: datetime) -> Shown:
    """Say how an appeal stands."""
    there, givers = appeals.raised(connection, repo_id, of.slug, of.goal.currency)
    lines = covered([(one.name, one.money) for one in of.costs], there)
    return Shown(of, there, givers, lines, now >= of.ends_at)
