"""The terms under which money is given: data, so that a page can say them and a hash can hold them.

They are shown before anybody pays, and hashed into what was given: what a project changes later
is for later gifts. Lengths are whole days of 24 hours.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256

from core.digests import canonical

LONGEST_HOLD = 90
"""Stripe lets money rest for 90 days at most, https://docs.stripe.com/connect/manual-payouts."""

CLAWBACK = ("project", "future_rewards", "house")
"""Who bears what comes back after a payout, in this order: the project's own money, what the
payees earn next, whoever runs this service. Nobody falls below nothing."""

SHARES = ("feature", "builders", "project")
OF_A_REWARD = ("builders", "project")
"""Who shares what was earned by building a request."""

LAPSES = ("project", "backers")
"""To whom a share goes in the end that nobody could be paid."""

OF_A_SALE = ("licences", "tax")
"""How the price of a licence is parted: what is shared later, and what is a state's."""

LICENCE = "licence"

OUTCOMES = ("request", "offer", "milestone")
"""What a promise waits for."""


@dataclass(frozen=True)
class Terms:
    """Terms of one product. `split` gives each of `SHARES` a weight; `form` counts their wording.

    `reward` gives each of `OF_A_REWARD` a weight. What was given before people were paid here
    (form 1) promised that it stays where it is until they can be. `outcome` is one of `OUTCOMES`.
    """

    product: str
    split: tuple[tuple[str, int], ...]
    refund_days: int = 14
    hold_days: int = LONGEST_HOLD
    dispute_days: int = 14
    grace_days: int = 7
    owed_days: int = 180
    promise_days: int = 365
    away_days: int = 14
    clawback: tuple[str, ...] = CLAWBACK
    form: int = 1
    reward: tuple[tuple[str, int], ...] = (("builders", 1), ("project", 0))
    lapse: str = "stays"
    outcome: str = "request"

    def __post_init__(self) -> None:
        """Refuse terms that nobody could keep."""
        if self.lapse not in (*LAPSES, "stays") or (self.lapse == "stays") != (self.form == 1):
            raise ValueError("what cannot be paid goes to the project, or back")
        if self.outcome not in OUTCOMES:
            raise ValueError(f"a promise is for one of {', '.join(OUTCOMES)}")
        if [name for name, _weight in self.reward] != [*OF_A_REWARD] or not self.reward[0][1]:
            raise ValueError("those who build get a part of what was for building")
        if not 1 <= self.hold_days <= LONGEST_HOLD:
            raise ValueError(f"money is held for 1 to {LONGEST_HOLD} days")
        if not self.split or sum(weight for _, weight in self.split) <= 0:
            raise ValueError("somebody has to get the money")
        known = OF_A_SALE if self.product == LICENCE else SHARES
        if any(name not in known or weight < 0 for name, weight in self.split):
            raise ValueError(f"money is shared by {', '.join(known)}")

    @property
    def text(self) -> str:
        """The terms as the text that is hashed; those of before payouts said nothing of them.

        Terms for requests say nothing of other outcomes, as they did before there were others.
        """
        said = asdict(self)
        if self.outcome == "request":
            del said["outcome"]
        if self.form == 1:
            del said["reward"], said["lapse"]
        return canonical(said)

    @property
    def sha256(self) -> str:
        """The hash of their text."""
        return sha256(self.text.encode()).hexdigest()


def of(record: Mapping[str, object]) -> Terms:
    """Read terms that were kept."""
    fields = dict(record)
    for name in ("clawback", "split", "reward"):
        kept = fields.get(name)
        if isinstance(kept, list):
            fields[name] = tuple(tuple(one) if isinstance(one, list) else one for one in kept)
    return Terms(**fields)  # type: ignore[arg-type]  # what was hashed fits, or raises
