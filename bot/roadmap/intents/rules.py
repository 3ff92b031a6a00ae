"""What stands after any acts, in the order in which people did them: pure, whatever we heard first.

Every act gets a verdict: `done`, or in one word why it is refused. A refused act changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.roadmap.intents import contests
from bot.roadmap.intents.values import (
    Act,
    Call,
    Claim,
    Ending,
    Kind,
    Method,
    Offer,
    Standing,
    in_order,
)

DONE = "done"
Step = Callable[[Standing, Act], tuple[Standing, str]]


@dataclass(frozen=True)
class Replayed:
    """What stands, and the verdict on each act by its evidence and kind."""

    standing: Standing
    verdicts: Mapping[tuple[str, Kind], str]


def replay(acts: Iterable[Act]) -> Replayed:
    """Play acts in the order in which they were done."""
    standing, verdicts = Standing(), dict[tuple[str, Kind], str]()
    for act in in_order(acts):
        standing, verdicts[act.evidence, act.kind] = STEPS[act.kind](standing, act)
    return Replayed(standing, verdicts)


def _call(now: Standing, act: Act) -> tuple[Standing, str]:
    if not (act.by_maintainer or act.by_asker):
        return now, "stranger"
    if act.until is None or act.until <= act.acted_at:
        return now, "past"
    if now.contest is not None and not now.contest.is_over(act.acted_at):
        return now, "contest"
    before = now.call
    if before is None or _is_spent(before, act):
        return (now, "claimed") if now.claims else (replace(now, call=_opened(act)), DONE)
    if why := _refused_edit(before, act):
        return now, why
    fresh = replace(_opened(act), owner=before.owner, round=before.round)
    kept = replace(
        fresh,
        opened_at=before.opened_at,
        version=before.version + 1,
        offers=before.offers,
        had_offer=before.had_offer,
    )
    return replace(now, call=kept), DONE


def _is_spent(call: Call, act: Act) -> bool:
    """Say whether a new round may begin: the last one is over, or passed without an offer."""
    return call.is_over(act.acted_at) or (not call.offers and call.until <= act.acted_at)


def _refused_edit(before: Call, act: Act) -> str:
    if before.had_offer and act.method != before.method:
        return "method"
    if before.phase(act.acted_at) != "open":
        return "late"
    if before.had_offer and act.until is not None and act.until < before.until:
        return "shorter"
    if before.had_offer and _currency(act.high) != _currency(before.high):
        return "currency"
    return ""


def _opened(act: Act) -> Call:
    method: Method = act.method  # type: ignore[assignment] # the grammar gives no other
    return Call(
        owner=act.github_id,
        round=act.evidence,
        said=act.evidence,
        version=1,
        opened_at=act.acted_at,
        until=act.until or act.acted_at,
        method=method,
        vote_days=act.days,
        term=act.term,
        low=act.low,
        high=act.high,
    )


def _call_off(now: Standing, act: Act) -> tuple[Standing, str]:
    call = now.call
    if call is None or call.is_over(act.acted_at):
        return now, "none"
    if not (act.by_maintainer or act.by_asker):
        return now, "stranger"
    ended = replace(call, ending="off", decided_at=act.acted_at)
    return replace(now, call=ended), DONE


def _bid(now: Standing, act: Act) -> tuple[Standing, str]:
    call = now.call
    if call is None or call.is_over(act.acted_at):
        return now, "none"
    if act.acted_at >= call.until:
        return now, "late"
    if act.price is None or (call.high and act.price.currency != call.high.currency):
        return now, "currency"
    made = Offer(
        act.github_id, act.price, act.days, act.acted_at, act.place, call.version, act.evidence
    )
    others = tuple(one for one in call.offers if one.bidder != act.github_id)
    return replace(now, call=replace(call, offers=(*others, made), had_offer=True)), DONE


def _bid_off(now: Standing, act: Act) -> tuple[Standing, str]:
    call = now.call
    if call is None or call.offer_of(act.github_id) is None:
        return now, "idle"
    if call.is_over(act.acted_at) and call.chosen != act.github_id:
        return now, "late"
    others = tuple(one for one in call.offers if one.bidder != act.github_id)
    left = replace(now, call=replace(call, offers=others))
    return (_given_back(left, act) if call.chosen == act.github_id else left), DONE


def _given_back(now: Standing, act: Act) -> Standing:
    """End the work of whoever was chosen: the round is over, and another may begin."""
    gone = act.whom or act.github_id
    claims = tuple(one for one in now.claims if one.who != gone)
    call = now.call
    if call is not None and call.chosen == gone:
        call = replace(call, chosen=0, ending="given_back", decided_at=act.acted_at)
    return replace(now, call=call, claims=claims)


def _chosen(now: Standing, act: Act) -> tuple[Standing, str]:
    call = now.call
    if call is None or call.ending == "off":
        return now, "none"
    why = _refused_choice(call, act)
    return (now, why) if why else (_with_chosen(now, call, act), DONE)


def _refused_choice(call: Call, act: Act) -> str:
    refusals = (
        (call.is_over(act.acted_at), "decided"),
        (call.method != "maintainer" and call.ending != "unvoted", "method"),
        (not act.by_maintainer, "maintainer"),
        (act.acted_at < call.until, "early"),
        (call.offer_of(act.whom) is None, "unknown"),
    )
    return next((why for holds, why in refusals if holds), "")


def _with_chosen(now: Standing, call: Call, act: Act) -> Standing:
    works = Claim(act.whom, act.acted_at, call.term, act.evidence, "offer")
    done = replace(call, chosen=act.whom, decided_at=act.acted_at, ending="chosen")
    return replace(now, call=done, claims=(works,))


def _claim(now: Standing, act: Act) -> tuple[Standing, str]:
    call, contest = now.call, now.contest
    if now.claim_of(act.github_id) is not None:
        return now, "already"
    if call is not None and not call.is_over(act.acted_at) and not _is_spent(call, act):
        return now, "waits"
    if contest is not None and not contest.is_over(act.acted_at):
        return now, "contest"
    if len(now.claims) >= act.limit:
        return now, "taken"
    fresh = Claim(act.github_id, act.acted_at, act.term, act.evidence)
    return replace(now, claims=(*now.claims, fresh)), DONE


def _release(now: Standing, act: Act) -> tuple[Standing, str]:
    gone = act.whom or act.github_id
    if now.claim_of(gone) is None:
        return now, "idle"
    if act.github_id not in {gone, 0} and not act.by_maintainer:
        return now, "theirs"
    return _given_back(now, replace(act, whom=gone)), DONE


def _outcome(now: Standing, act: Act) -> tuple[Standing, str]:
    """Take what a deadline decided; `method` says how it ended."""
    if act.method.startswith("contest_"):
        return contests.outcome(now, act)
    call = now.call
    if call is None or call.is_over(act.acted_at) or call.ending:
        return now, "none"
    if act.whom:
        return _with_chosen(now, call, act), DONE
    ending: Ending = act.method  # type: ignore[assignment] # as `choosing` gave it
    ended = replace(call, ending=ending, decided_at=act.acted_at)
    return replace(now, call=ended), DONE


def _currency(amount: object) -> str:
    return getattr(amount, "currency", "")


STEPS: Mapping[Kind, Step] = {
    "call": _call,
    "call_off": _call_off,
    "bid": _bid,
    "bid_off": _bid_off,
    "chosen": _chosen,
    "claim": _claim,
    "release": _release,
    "contest": contests.opened,
    "contest_off": contests.off,
    "entry": contests.entered,
    "entry_off": contests.left,
    "outcome": _outcome,
}
