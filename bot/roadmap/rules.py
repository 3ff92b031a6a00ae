"""Which ballot of a person stands, and which of their votes count: pure, whatever the order we heard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Door = Literal["reaction", "comment", "web"]
Choice = Literal["for", "withdrawn", "ranks", "yes", "partly", "no"]
"""ranks: an order, which stands beside the act (`bot.roadmap.ranking`).

yes, partly, no: whether what has shipped does the person's job (`bot.roadmap.loop`)."""

Deed = Literal["cast", "undone"]
"""cast: the person chose; undone: what a choice rested on (reaction, comment) is no longer there."""

DOORS: tuple[Door, ...] = ("reaction", "comment", "web")


@dataclass(frozen=True)
class Act:
    """One act of one person in one box.

    `evidence` is the number of the reaction or comment, or the token of the form; two acts of
    the same deed, door, evidence and instant are one.
    """

    github_id: int
    deed: Deed
    choice: Choice
    door: Door
    evidence: str
    acted_at: datetime


def standing(acts: Iterable[Act]) -> Act | None:
    """Give the act of one person that counts, None where none does.

    It is the last cast act whose evidence is still there: whoever deletes their `/vote` stands
    where they stood before it. Acts of one instant go by door (reaction, comment, web),
    evidence and choice: a rule, never chance.
    """
    known = tuple(acts)
    gone: dict[tuple[Door, str], datetime] = {}
    for act in known:
        if act.deed == "undone":
            key = (act.door, act.evidence)
            gone[key] = max(act.acted_at, gone.get(key, act.acted_at))
    there = [
        act
        for act in known
        if act.deed == "cast"
        and ((act.door, act.evidence) not in gone or act.acted_at > gone[act.door, act.evidence])
    ]
    last = max(there, key=_order, default=None)
    return last if last is not None and last.choice != "withdrawn" else None


def _order(act: Act) -> tuple[datetime, int, str, str]:
    return act.acted_at, DOORS.index(act.door), act.evidence, act.choice


def counting(votes: Sequence[tuple[datetime, str]], limit: int) -> frozenset[str]:
    """Give the groups on which a person's votes count: their oldest `limit`; 0 is no limit.

    `votes` are (instant, group) of the standing votes on open groups, in any order.
    """
    oldest = sorted(votes)
    return frozenset(group for _at, group in (oldest[:limit] if limit else oldest))


def is_young(made_at: datetime | None, since: datetime, days: int) -> bool | None:
    """Say whether an account was made less than `days` of 24 hours before its vote at `since`.

    None where it is not known when it was made; nobody is young where `days` is 0.
    """
    if days and made_at is None:
        return None
    return bool(days) and made_at is not None and since - made_at < timedelta(days=days)
