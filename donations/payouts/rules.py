"""Who gets what of a reward, how a share stands, and what is to be done about it. Pure.

A split is weights by account number, 0 being the project. How a share stands follows from acts
that are known by their evidence: hearing of one twice, or in another order, changes nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypedDict

from core.money import Money, payable_out, split

PROJECT = 0
"""Stands in a split for the project's own money."""

MOST_WEIGHT = 1_000_000

Deed = Literal[
    "sent",
    "refused",
    "unfunded",
    "cancelled",
    "returned",
    "taken",
    "settled",
    "bounced",
    "shrunk",
    "netted",
    "declined",
    "given",
    "lapsed",
    "carried",
    "reminded",
]
"""sent: the transfer is made; refused: the processor said no; unfunded: it said no for want of money
on our side; cancelled: before it was sent; returned: the account could not pay it out; taken: it went
back for a loss, with consent; settled: a payout to their bank set out, with it if it was there by then;
bounced: that payout came back to their account; shrunk: money went back before it was sent;
netted: it made an earlier loss good; declined, given, lapsed: it went to others, to the project, or
to where the terms say; carried: it had gone with another share of theirs; reminded: they were told."""

State = Literal["owed", "wanted", "sent", "settled", "over"]
Verdict = Literal["pay", "hold", "no_account", "refused", "lapse", "wait", "nothing"]
Lapse = Literal["project", "backers", "stays"]

REMIND_AFTER = (timedelta(0), timedelta(days=7), timedelta(days=30), timedelta(days=90))
LAST_REMINDER = timedelta(days=14)
"""So long before the end they are reminded once more."""

WARNED_FOR = timedelta(days=30)
"""So long a warning of fraud holds what the charge paid for; a dispute holds until it ends."""

AGAIN_AFTER = timedelta(days=1)
"""A transfer that was refused is tried again after this."""

_REFUSALS: tuple[Deed, ...] = ("refused", "unfunded")
_ENDINGS: frozenset[Deed] = frozenset({"refused", "unfunded", "cancelled", "returned"})
_ELSEWHERE: tuple[Deed, ...] = ("shrunk", "declined", "given", "lapsed")
_LESSENS: frozenset[Deed] = frozenset({"shrunk", "netted", "declined", "given", "lapsed"})
MOVES = _LESSENS | {"sent", "returned"}
"""What was posted to the account of whose share it is."""


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

    `back_at` is when it last came back from an account, `refused_since` when their account was first
    refused since then: it waits anew from then on. `tried_at` is when it was last refused for whatever
    reason, `elsewhere` what of it went to others, or was never to be theirs in the end.
    """

    state: State
    left: int
    live: str = ""
    sent: int = 0
    tried_at: datetime | None = None
    back_at: datetime | None = None
    refused_since: datetime | None = None
    elsewhere: int = 0


class _Waits(TypedDict):
    tried_at: datetime | None
    back_at: datetime | None
    refused_since: datetime | None
    elsewhere: int


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
    less = (*_LESSENS, "carried")
    left = minor - sum(one.minor for deed in less for one in by.get(deed, ()))
    ended = {one.concerns for deed in _ENDINGS for one in by.get(deed, ())}
    sent = {one.concerns: one for one in by.get("sent", ())}
    back = max((one.at for one in by.get("returned", ())), default=None)
    waits = _Waits(
        tried_at=max(
            (one.at for deed in _REFUSALS for one in by.get(deed, ())),
            default=None,
        ),
        back_at=back,
        refused_since=min(
            (one.at for one in by.get("refused", ()) if back is None or one.at > back),
            default=None,
        ),
        elsewhere=sum(one.minor for deed in _ELSEWHERE for one in by.get(deed, ())),
    )
    left -= _stayed_there(sent, ended, by.get("returned", ()))
    live = next((one for one in reversed(payouts) if one not in ended), "")
    if live in sent:
        # What was taken before is of an earlier payout, which came back.
        since = sent[live].at
        taken = sum(one.minor for one in by.get("taken", ()) if one.at > since)
        state: State = "settled" if _is_settled(sent[live], by) else "sent"
        return Standing(state, 0, live, sent[live].minor - taken, **waits)
    if live:
        return Standing("wanted", max(0, left), live, 0, **waits)
    return Standing("owed" if left > 0 else "over", max(0, left), "", 0, **waits)


def _is_settled(of: Act, by: Mapping[Deed, Sequence[Act]]) -> bool:
    """Say whether a bank has what was sent: the payout may be heard of before the transfer is."""
    bounced = {one.evidence for one in by.get("bounced", ())}
    return any(
        one.concerns == of.concerns and one.at >= of.at and one.evidence not in bounced
        for one in by.get("settled", ())
    )


def _stayed_there(sent: Mapping[str, Act], ended: Collection[str], returned: Iterable[Act]) -> int:
    """Sum what did not come back of payouts that did: it was taken for a loss, or stays with them."""
    back = Counter[str]()
    for act in returned:
        back[act.concerns] += act.minor
    return sum(max(0, one.minor - back[name]) for name, one in sent.items() if name in ended)


def there(minor: int, acts: Iterable[Act]) -> int:
    """Give what of a share of `minor` units lies in its person's account, by what was posted of it.

    Over all shares of a person in a book this is the balance; one alone may be below 0, where it was
    sent together with what a payout could not carry before.
    """
    for act in acts:
        if act.deed in _LESSENS or act.deed == "sent":
            minor -= act.minor
        elif act.deed == "returned":
            minor += act.minor
    return minor


def waits_since(of: Standing, made_at: datetime) -> datetime:
    """Say since when a share waits for its person to be payable."""
    known = (made_at, of.back_at, of.refused_since)
    return max(one for one in known if one is not None)


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
    since = waits_since(of, made_at)
    is_over = lapse != "stays" and now >= since + timedelta(days=owed_days)
    if payable and of.refused_since is None:
        is_over = False
    if is_over:
        return "lapse"
    if not payable:
        return "no_account"
    if of.tried_at is None or now >= of.tried_at + AGAIN_AFTER:
        return "pay"
    return "wait" if of.refused_since is None else "refused"


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
