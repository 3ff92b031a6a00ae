"""Checks splits, rewards, shares and transfers, wherever they stand: reckoned again beside the books. Pure.

A part is what is owed to people out of one book. Each reward is shared again by its own weights;
what happened to the shares must be what the books moved, person by person and kind by kind.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.digests import canonical, parsed, sha256
from core.money import Money
from donations.payouts import rules
from donations.payouts.rules import PROJECT, Act, Deed, Split

LIST = "payouts"
"""What an export calls it."""

SOURCE = "payouts"
PERSON = "owed:person-"

Flows = Counter[tuple[str, str, str]]
"""By (account, currency, kind of posting), in minor units; to people below 0, as in the books."""

FLOWS: Mapping[str, tuple[Deed, ...]] = {
    "transfer": ("sent",),
    "transfer_returned": ("returned", "taken"),
    "redirect": ("declined", "given", "lapsed"),
    "clawback": ("shrunk", "netted", "taken"),
}
"""As which kind of posting each deed stands in the books."""

_ENDINGS = frozenset({"refused", "unfunded", "cancelled", "returned"})


@dataclass
class Posted:
    """What the books say: of each reward's own posting the entries, and what moved for people by book."""

    rewards: dict[tuple[str, str], dict[tuple[str, str], int]] = field(default_factory=dict)
    flows: dict[str, Flows] = field(default_factory=dict)

    def add(self, name: str, record: Mapping[str, Any], *, all_of_it: bool) -> None:
        """Take a transaction of the book `name`; `all_of_it`: it may be a reward's own."""
        flows = self.flows.setdefault(name, Counter())
        sums: dict[tuple[str, str], int] = {}
        for account, code, minor in record["entries"]:
            sums[account, code] = sums.get((account, code), 0) + minor
            if account.startswith(PERSON):
                flows[account, code, _kind(record["kind"], minor)] += minor
        if all_of_it:
            self.rewards[name, record["external_id"]] = sums


def _kind(kind: str, minor: int) -> str:
    """What becomes owed is one kind, for whatever reason it does."""
    return "owed" if minor < 0 and kind != "transfer_returned" else kind


def problems(part: Mapping[str, Any], posted: Posted) -> Iterator[str]:
    """Name what does not hold in what is owed out of one book."""
    name = part["book"]
    yield from _of_splits(part["splits"])
    said = {(one["about"], one["version"]): one for one in part["splits"]}
    flows: Flows = Counter()
    transfers: Counter[str] = Counter()
    for one in part["rewards"]:
        sums = posted.rewards.get((name, one["cause"]), {})
        yield from (f"{one['cause']}: {found}" for found in _of_reward(one, name, sums, said))
        for share in one["shares"]:
            number = f"share {share['id']}"
            yield from (f"{number}: {found}" for found in _of_share(share, transfers))
            _flow(flows, share, one["currency"])
    yield from (
        f"transfer {one} is told {times} times" for one, times in transfers.items() if times > 1
    )
    yield from _of_debts(part)
    told = posted.flows.get(name, Counter())
    for key in sorted(flows.keys() | told.keys()):
        if flows[key] != told[key]:
            yield f"{' '.join(key)}: {-flows[key]} by what happened, {-told[key]} in the books"


def _of_splits(splits: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Name requests of whose splits a version was taken away."""
    last: Counter[str] = Counter()
    for one in splits:
        last[one["about"]] += 1
        if one["version"] != last[one["about"]]:
            yield f"splits of {one['about']}: a version before {one['version']} is not there"


def _of_reward(
    one: Mapping[str, Any],
    name: str,
    posted: Mapping[tuple[str, str], int],
    said: Mapping[tuple[str, int], Mapping[str, Any]],
) -> Iterator[str]:
    """Hold a reward against its posting, and share it again by its weights."""
    owed = {
        (f"{PERSON}{share['github_id']}", one["currency"]): -share["minor"]
        for share in one["shares"]
    }
    given = {key: minor for key, minor in posted.items() if minor < 0}
    if {key: minor for key, minor in given.items() if key[0].startswith(PERSON)} != owed:
        yield "the shares are not what was posted"
    weights = tuple((who, weight) for who, weight in one["weights"])
    if not weights:
        if one["cause"].startswith("award:"):
            yield "it does not say by what it was shared"
        return
    total = Money(-sum(given.values()), one["currency"])
    again: Counter[tuple[str, str]] = Counter()
    for who, part in rules.shared(total, Split(weights)):
        account = name if who == PROJECT else f"{PERSON}{who}"
        again[account, part.currency] -= part.minor
    if again != Counter(given):
        yield "shared again it comes to something else"
    if one["version"]:
        people = [(who, weight) for who, weight in weights if who != PROJECT]
        version = said.get((one["about"], one["version"]))
        if version is None or not _is_alike(people, version["shares"]):
            yield f"it is not shared as version {one['version']} of the split says"


def _is_alike(weights: Sequence[Sequence[int]], said: Sequence[Sequence[int]]) -> bool:
    """Say whether the same people have the same parts: weights may be any multiple."""
    if [who for who, _weight in weights] != [who for who, _weight in said]:
        return False
    sums = (sum(one for _who, one in weights), sum(one for _who, one in said))
    return all(
        one * sums[1] == other * sums[0]
        for (_who, one), (_other, other) in zip(weights, said, strict=True)
    )


def _of_share(share: Mapping[str, Any], transfers: Counter[str]) -> Iterator[str]:
    """Name what is wrong with the transfers of a share; counts them."""
    wanted = {f"payout:{number}": minor for number, _attempt, minor, _at in share["payouts"]}
    attempts = [attempt for _number, attempt, _minor, _at in share["payouts"]]
    if attempts != list(range(1, len(attempts) + 1)):
        yield "an attempt to send it is not there"
    acts = _acts(share)
    ended = {one.concerns for one in acts if one.deed in _ENDINGS}
    if len(wanted.keys() - ended) > 1:
        yield "two transfers of it are under way"
    for one in acts:
        if one.deed == "sent":
            transfers[one.evidence] += 1
            if wanted.get(one.concerns) != one.minor:
                yield f"transfer {one.evidence} is not the one that was wanted"
    if rules.standing(share["minor"], acts, tuple(wanted)).left > share["minor"]:
        yield "more of it is owed than there was"


def _flow(flows: Flows, share: Mapping[str, Any], code: str) -> None:
    """Add what happened to a share."""
    account = f"{PERSON}{share['github_id']}"
    flows[account, code, "owed"] -= share["minor"]
    for act in _acts(share):
        for kind, deeds in FLOWS.items():
            if act.deed in deeds and act.minor:
                flows[account, code, kind] += (
                    -act.minor if kind == "transfer_returned" else act.minor
                )


def _acts(share: Mapping[str, Any]) -> list[Act]:
    return [
        Act(deed, evidence, datetime.fromisoformat(at), minor, concerns)
        for deed, evidence, minor, concerns, at in share["acts"]
    ]


def _of_debts(part: Mapping[str, Any]) -> Iterator[str]:
    """Name debts that were made good more than once."""
    good: Counter[str] = Counter()
    for one in part["rewards"]:
        for share in one["shares"]:
            for act in _acts(share):
                if act.deed in {"netted", "taken"}:
                    good[act.concerns] += act.minor
    known = {
        f"debt:{number}": minor for number, _share, _evidence, minor, _bearer in part["debts"]
    }
    for name, minor in good.items():
        if minor > known.get(name, 0):
            yield f"{name}: {minor} was made good of {known.get(name, 0)}"


def export_problems(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Check the payouts of an export, beside its books; a sentence for each thing that does not hold."""
    try:
        posted = _posted(data.get("books", ()), data.get(LIST, ()))
        there = {part["book"] for part in data.get(LIST, ())}
        found = [
            f"payouts of {part['book']}: {problem}"
            for part in data.get(LIST, ())
            for problem in problems(part, posted)
        ]
        owing = (name for name, flows in posted.flows.items() if flows and name not in there)
        return (*found, *(f"payouts of {name}: they are not there" for name in owing))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return (f"the payouts in the export are damaged: {type(error).__name__} at {error}",)


def _posted(items: Iterable[Mapping[str, Any]], parts: Iterable[Mapping[str, Any]]) -> Posted:
    causes = {(part["book"], one["cause"]) for part in parts for one in part["rewards"]}
    found, name = Posted(), ""
    for item in items:
        name = str(item.get("book", name))
        if "record" in item:
            record = parsed(item["record"])
            own = record["source"] == SOURCE and record["kind"] in {"award", "redirect"}
            is_reward = own and (name, record["external_id"]) in causes
            found.add(name, record, all_of_it=is_reward)
    return found


def exported(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Say of an export what `proof.extents` says of a database."""
    return said_of(data.get(LIST, ()))


def said_of(parts: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Say how much is owed or was, and one hash over all: to be compared with one kept."""
    return tuple(
        f"payouts of {part['book']}: {len(part['splits'])} splits,"
        f" {len(part['rewards'])} rewards, together {sha256(canonical(part).encode())}"
        for part in parts
    )
