"""What acts on a contest do to what stands: pure, steps of `rules.replay`."""

from dataclasses import replace

from bot.roadmap.intents.values import Act, Claim, Contest, Ending, Entry, Standing

DONE = "done"


def opened(now: Standing, act: Act) -> tuple[Standing, str]:
    """Open a contest, or change when the one that runs ends."""
    if not act.by_maintainer:
        return now, "maintainer"
    if act.until is None or act.until <= act.acted_at:
        return now, "past"
    if now.call is not None and not now.call.is_over(act.acted_at):
        return now, "call"
    before = now.contest
    if before is None or before.is_over(act.acted_at):
        return (now, "claimed") if now.claims else (replace(now, contest=_fresh(act)), DONE)
    if act.acted_at >= before.until or (before.had_entry and act.until < before.until):
        return now, "late" if act.acted_at >= before.until else "shorter"
    changed = replace(before, until=act.until, said=act.evidence)
    return replace(now, contest=changed), DONE


def _fresh(act: Act) -> Contest:
    return Contest(
        owner=act.github_id,
        round=act.evidence,
        said=act.evidence,
        opened_at=act.acted_at,
        until=act.until or act.acted_at,
        vote_days=act.days,
        term=act.term,
    )


def off(now: Standing, act: Act) -> tuple[Standing, str]:
    """Call a contest off."""
    contest = now.contest
    if contest is None or contest.is_over(act.acted_at):
        return now, "none"
    if not act.by_maintainer:
        return now, "maintainer"
    ended = replace(contest, ending="off", decided_at=act.acted_at)
    return replace(now, contest=ended), DONE


def entered(now: Standing, act: Act) -> tuple[Standing, str]:
    """Submit something, in place of what the same person submitted before."""
    contest = now.contest
    if contest is None or contest.is_over(act.acted_at):
        return now, "none"
    if act.acted_at >= contest.until:
        return now, "late"
    fresh = Entry(act.github_id, act.acted_at, act.place, act.evidence)
    others = tuple(one for one in contest.entries if one.author != act.github_id)
    changed = replace(contest, entries=(*others, fresh), had_entry=True)
    return replace(now, contest=changed), DONE


def left(now: Standing, act: Act) -> tuple[Standing, str]:
    """Take back what was submitted, as long as nothing is decided."""
    contest = now.contest
    if contest is None or contest.entry_of(act.github_id) is None:
        return now, "idle"
    if contest.is_over(act.acted_at):
        return now, "late"
    others = tuple(one for one in contest.entries if one.author != act.github_id)
    return replace(now, contest=replace(contest, entries=others)), DONE


def outcome(now: Standing, act: Act) -> tuple[Standing, str]:
    """Take what the vote decided: the winner gets the slot."""
    contest = now.contest
    if contest is None or contest.is_over(act.acted_at):
        return now, "none"
    ending: Ending = act.method.removeprefix("contest_")  # type: ignore[assignment] # as written
    ended = replace(contest, winner=act.whom, ending=ending, decided_at=act.acted_at)
    if not act.whom:
        return replace(now, contest=ended), DONE
    works = Claim(act.whom, act.acted_at, contest.term, act.evidence, "contest")
    return replace(now, contest=ended, claims=(works,)), DONE
