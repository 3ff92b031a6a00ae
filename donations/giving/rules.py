"""What became of a gift, from what happened to it: nothing is stored that could be edited.

Acts are known by their evidence, so that hearing of one twice, or in another order, changes
nothing: sums are sums of evidence, and words follow from sums.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Product = Literal["donation", "pledge", "licence"]
Rhythm = Literal["once", "month", "year"]
RHYTHMS: tuple[Rhythm, ...] = ("once", "month", "year")

Deed = Literal[
    "nothing",
    "opened",
    "under_way",
    "paid",
    "failed",
    "abandoned",
    "saved",
    "asked",
    "refunded",
    "refund_failed",
    "handed",
    "disputed",
    "dispute_won",
    "dispute_lost",
    "began",
    "ended",
    "withdrawn",
    "released",
    "expired",
    "unasked",
]
"""nothing: chosen to give nothing; under_way: a debit that takes days; saved: a card is there to be
charged; asked: its holder has to be there; handed: what could not go back was paid by hand; began,
ended: giving again and again; withdrawn: the giver took a promise back; released: nobody will be
charged; expired: its time is over; unasked: money came that nobody said, and is sent back."""

State = Literal[
    "open",
    "under_way",
    "nothing",
    "paid",
    "given_back",
    "disputed",
    "lost",
    "saved",
    "asked",
    "failed",
    "over",
]


@dataclass(frozen=True)
class Act:
    """Something that happened: `minor` is an amount of the gift's currency, where there is one.

    `payment` is the evidence of the payment that went back or is disputed.
    """

    deed: Deed
    evidence: str
    at: datetime
    minor: int = 0
    payment: str = ""


@dataclass(frozen=True)
class Standing:
    """How a gift stands: `paid` and `returned` are sums in minor units."""

    state: State
    paid: int
    returned: int
    goes_on: bool

    @property
    def kept(self) -> int:
        """What is there of it."""
        return self.paid - self.returned


def standing(acts: Iterable[Act]) -> Standing:
    """Say how a gift stands after these acts, in whatever order they are given."""
    by: dict[Deed, dict[str, int]] = {}
    for act in acts:
        by.setdefault(act.deed, {})[act.evidence] = act.minor
    paid = sum(by.get("paid", {}).values())
    failed = by.get("refund_failed", {})
    back = sum(
        minor for evidence, minor in by.get("refunded", {}).items() if evidence not in failed
    )
    back += sum(by.get("handed", {}).values())
    won, lost = by.get("dispute_won", {}), by.get("dispute_lost", {})
    open_ = {
        evidence: minor
        for evidence, minor in by.get("disputed", {}).items()
        if evidence not in won and evidence not in lost
    }
    taken = sum(open_.values()) + sum(lost.values())
    goes_on = "began" in by and "ended" not in by
    state = _unpaid(by)
    if paid:
        over: State = "lost" if lost else "given_back"
        state = "disputed" if open_ else over if back + taken >= paid else "paid"
    return Standing(state, paid, min(paid, back + taken), goes_on)


_WORDS: tuple[tuple[Deed, State], ...] = (
    ("withdrawn", "over"),
    ("released", "over"),
    ("expired", "over"),
    ("asked", "asked"),
    ("failed", "failed"),
    ("saved", "saved"),
    ("under_way", "under_way"),
    ("nothing", "nothing"),
    ("abandoned", "over"),
)
"""While nothing is paid, the first of these that happened says how it stands."""


def _unpaid(by: dict[Deed, dict[str, int]]) -> State:
    return next((state for deed, state in _WORDS if deed in by), "open")


def repaid(acts: Iterable[Act]) -> dict[str, tuple[str, int]]:
    """Say of refunds that came after one that failed what of it they gave back: (payment, minor units).

    A payment's refund that fails is owed to its giver; the next that does not fail pays that first.
    Nothing is owed beyond what was paid, less what went back: a dispute that is lost gives back, too.
    """
    return _mended(acts)[0]


def owed_back(acts: Iterable[Act]) -> dict[str, int]:
    """Say what of each payment is owed to its giver because it could not go back, in minor units."""
    return {payment: minor for payment, minor in sorted(_mended(acts)[1].items()) if minor > 0}


def there(acts: Iterable[Act]) -> dict[str, int]:
    """Say what of each payment is there, in minor units: it did not go back, nor is it owed to its giver."""
    _again, owed, left = _mended(acts)
    return {payment: max(0, minor - owed.get(payment, 0)) for payment, minor in left.items()}


def _mended(
    acts: Iterable[Act],
) -> tuple[dict[str, tuple[str, int]], dict[str, int], dict[str, int]]:
    """Give what refunds gave back in place of failed ones, what is owed still, and what did not go back.

    The last two by payment.
    """
    known = tuple(acts)
    failed = {one.evidence for one in known if one.deed == "refund_failed"}
    paid = {one.evidence: one.minor for one in known if one.deed == "paid"}
    owed: dict[str, int] = {}
    found: dict[str, tuple[str, int]] = {}
    last: dict[str, str] = {}
    for one in sorted(known, key=lambda act: (act.deed == "dispute_lost", act.at, act.evidence)):
        had = owed.get(one.payment, 0)
        if one.deed == "refund_failed":
            owed[one.payment] = had + one.minor
        elif one.deed == "handed":
            owed[one.payment] = max(0, had - one.minor)
            paid[one.payment] = paid.get(one.payment, 0) - one.minor
        elif one.deed in {"refunded", "dispute_lost"} and one.evidence not in failed:
            paid[one.payment] = paid.get(one.payment, 0) - one.minor
            last[one.payment] = one.evidence
            if one.deed == "refunded" and (part := min(had, one.minor)):
                owed[one.payment] = had - part
                found[one.evidence] = (one.payment, part)
    for payment, evidence in last.items():
        over = owed.get(payment, 0) - max(0, paid.get(payment, 0))
        if over > 0:
            owed[payment] -= over
            found[evidence] = (payment, found.get(evidence, ("", 0))[1] + over)
    return found, owed, paid


def went_back(acts: Iterable[Act], payment: str) -> tuple[Act, ...]:
    """Give what went back of a payment for good: each refund, and each dispute that was lost.

    What is given back in place of a refund that failed went back with that one, and only once.
    """
    known = [one for one in acts if payment in {one.payment, one.evidence}]
    lost = {one.evidence for one in known if one.deed == "dispute_lost"}
    again = repaid(known)
    return tuple(
        replace(one, minor=one.minor - again.get(one.evidence, ("", 0))[1])
        for one in known
        if one.deed == "refunded" or (one.deed == "disputed" and one.evidence in lost)
    )
