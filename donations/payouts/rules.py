"""Who gets what of a reward, how a share stands, and what is to be done about it. Pure.

A split is weights by account number, 0 being the project. How a share stands follows from acts
that are known by their evidence: hearing of one twice, or in another order, changes nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.money import Money, payable_out, split

PROJECT = 0
"""Stands in a split for the project's own money."""

MOST_WEIGHT = 1_000_000

Deed = Literal[
    "sent",
    "refused",
    "cancelled",
    "returned",
    "taken",
    "settled",
    "shrunk",
    "netted",
    "declined",
    "given",
    "lapsed",
    "reminded",
]
"""sent: the transfer is made; refused: the processor said no; cancelled: before it was sent; returned:
the account could not pay it out; taken: it went back for a loss, with consent; settled: their bank has
it; shrunk: money went back before it was sent; netted: it made an earlier loss good; declined, given,
lapsed: it went to others, to the project, or to where the terms say; reminded: they were told."""

State = Literal["owed", "wanted", "sent", "settled", "over"]
Verdict = Literal["pay", "hold", "no_account", "lapse", "wait", "nothing"]
Lapse = Literal["project", "backers", "stays"]

REMIND_AFTER = (timedelta(0), timedelta(days=7), timedelta(days=30), timedelta(days=90))
LAST_REMINDER = timedelta(days=14)
"""So long before the end they are reminded once more."""

WARNED_FOR = timedelta(days=30)
"""So long a warning of fraud holds what the charge paid for; a dispute holds until it ends."""

AGAIN_AFTER = timedelta(days=1)
"""A transfer that was refused is tried again after this."""

_ENDINGS: frozenset[Deed] = frozenset({"refused", "cancelled", "returned"})
_LESSENS: frozenset[Deed] = frozenset({"shrunk", "netted", "declined", "given", "lapsed"})


@dataclass(frozen=True)
class Split:
    """Who gets what: (account number, weight), in stated order. `version` 0 is the project's rule."""

    shares: tuple[tuple[int, int], ...]
    version: int = 0
    by_id: int = 0
    said_at: datetime | None = None
    reason: str = ""

    @property
    def people(self) -> tuple[int, ...]:
        """Everybody who gets something, in order."""
        return tuple(who for who, weight in self.shares if who != PROJECT and weight)

    def percent(self, who: int) -> float:
        """Give somebody's part of the whole, from 0 to 1."""
        total = sum(weight for _who, weight in self.shares)
        return sum(weight for one, weight in self.shares if one == who) / total


@dataclass(frozen=True)
class Act:
    """Something that happened to a share; `minor` in its currency, `concerns` a payout or a debt."""

    deed: Deed
    evidence: str
    at: datetime
    minor: int = 0
    concerns: str = ""


@dataclass(frozen=True)
class Standing:
    """How a share stands: `left` is what of it is still owed, `live` the payout on its way or arrived.

    `back_at` is when it last came back from an account: it waits anew from then on.
    """

    state: State
    left: int
    live: str = ""
    sent: int = 0
    refused_at: datetime | None = None
    back_at: datetime | None = None


def by_rule(builders: Sequence[int], builders_weight: int, project_weight: int) -> Split | None:
    """Share by the project's rule: builders alike, and the project its part; None without builders."""
    people = tuple(dict.fromkeys(builders))
    if not people or builders_weight <= 0:
        return None
    own = ((PROJECT, project_weight * len(people)),) if project_weight else ()
    return Split((*((one, builders_weight) for one in people), *own))


def shared(money: Money, of: Split) -> tuple[tuple[int, Money], ...]:
    """Share money by a split, to the last minor unit; who gets nothing is left out."""
    parts = split(money, [weight for _who, weight in of.shares])
    found = zip(of.shares, parts, strict=True)
    return tuple((who, part) for (who, _weight), part in found if part)


def standing(minor: int, acts: Iterable[Act], payouts: Sequence[str]) -> Standing:
    """Say how a share of `minor` units stands; `payouts` are those that were wanted, in order."""
    by: dict[Deed, list[Act]] = {}
    for act in acts:
        by.setdefault(act.deed, []).append(act)
    left = minor - sum(one.minor for deed in _LESSENS for one in by.get(deed, ()))
    ended = {one.concerns for deed in _ENDINGS for one in by.get(deed, ())}
    sent = {one.concerns: one for one in by.get("sent", ())}
    refused = max((one.at for one in by.get("refused", ())), default=None)
    back = max((one.at for one in by.get("returned", ())), default=None)
    left -= _stayed_there(sent, ended, by.get("returned", ()))
    live = next((one for one in reversed(payouts) if one not in ended), "")
    if live in sent:
        # What was taken before is of an earlier payout, which came back.
        since = sent[live].at
        taken = sum(one.minor for one in by.get("taken", ()) if one.at > since)
        state: State = (
            "settled" if live in {one.concerns for one in by.get("settled", ())} else "sent"
        )
        return Standing(state, 0, live, sent[live].minor - taken, refused, back)
    if live:
        return Standing("wanted", max(0, left), live, 0, refused, back)
    return Standing("owed" if left > 0 else "over", max(0, left), "", 0, refused, back)


def _stayed_there(sent: Mapping[str, Act], ended: Collection[str], returned: Iterable[Act]) -> int:
    """Sum what did not come back of payouts that did: it was taken for a loss, or stays with them."""
    back = Counter[str]()
    for act in returned:
        back[act.concerns] += act.minor
    return sum(max(0, one.minor - back[name]) for name, one in sent.items() if name in ended)


def waits_since(of: Standing, made_at: datetime) -> datetime:
    """Say since when a share waits for its person to be payable."""
    return made_at if of.back_at is None else max(made_at, of.back_at)


def verdict(
    of: Standing,
    made_at: datetime,
    owed_days: int,
    lapse: Lapse,
    now: datetime,
    *,
    payable: bool,
    held: bool,
) -> Verdict:
    """Say what is to be done about a share now."""
    if of.state != "owed":
        return "wait" if of.state == "wanted" else "nothing"
    if held:
        return "hold"
    if payable:
        tried = of.refused_at
        return "wait" if tried is not None and now < tried + AGAIN_AFTER else "pay"
    since = waits_since(of, made_at)
    over = lapse != "stays" and now >= since + timedelta(days=owed_days)
    return "lapse" if over else "no_account"


def reminders(since: datetime, owed_days: int, lapse: Lapse) -> tuple[datetime, ...]:
    """Give when somebody without an account is reminded of what is owed to them."""
    usual = [since + wait for wait in REMIND_AFTER]
    if lapse == "stays":
        return tuple(usual)
    ends_at = since + timedelta(days=owed_days)
    return (*(one for one in usual if one < ends_at - LAST_REMINDER), ends_at - LAST_REMINDER)


def amount_to_send(balance: Money, others: int) -> Money:
    """Give what a transfer carries: the share and what was carried over, as far as payouts go.

    `balance` is all that is owed to the person there; `others` what of it is for other shares.
    """
    return payable_out(Money(max(0, balance.minor - others), balance.currency))[0]


def borne_by_people(lost: Money, owed: int, paid: int) -> Money:
    """Give the part of a loss that is the people's: what they got of what was paid in."""
    rest = max(0, paid - owed)
    return split(lost, (owed, rest))[0] if owed else Money(0, lost.currency)


@dataclass(frozen=True)
class Borne:
    """How a loss is borne: `shrunk` and `debts` in minor units by share, `reserve` by the project."""

    shrunk: tuple[tuple[int, int], ...]
    reserve: int
    debts: tuple[tuple[int, int], ...]


def borne(lost: Money, shares: Sequence[tuple[int, int, int, bool]], reserve: Money) -> Borne:
    """Let a loss be borne in the announced order; `shares` are (share, minor, left, was sent).

    What was not sent shrinks. For what was sent the project's own money stands first, then what
    those people earn next. Nobody falls below nothing.
    """
    parts = split(lost, [minor for _id, minor, _left, _sent in shares])
    shrunk, sent = [], []
    for (share, _minor, left, was_sent), part in zip(shares, parts, strict=True):
        if was_sent:
            sent.append((share, part.minor))
        else:
            shrunk.append((share, min(left, part.minor)))
    total = Money(sum(part for _share, part in sent), lost.currency)
    own = min(total.minor, max(0, reserve.minor))
    rest = (
        split(total - Money(own, lost.currency), [part for _share, part in sent]) if total else ()
    )
    debts = tuple((one[0], part.minor) for one, part in zip(sent, rest, strict=False) if part)
    return Borne(tuple(one for one in shrunk if one[1]), own, debts)
