"""The rule itself: what each holder's part of a line rests on for a target. Pure.

Each holder needs a basis of their own, and a line's is the worst of them. What a commit claims
(a name, an address, a date) never makes it better than what the keys of its people say.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from licensing import paths
from licensing.audit.targets import agreed, inbound_allows
from licensing.audit.values import (
    ORDER,
    Grant,
    Held,
    Inbound,
    Judged,
    Ledger,
    Person,
    Reason,
    Standing,
    Waiver,
    Work,
)

_NONE: frozenset[str] = frozenset()


def judge(work: Work, path: str, target: str, ledger: Ledger) -> Judged:
    """Judge the lines that a commit left in a file; `path` is where the file was in that commit."""
    came = inbound_at(ledger.inbound, path, work.submitted_at)
    people = work.people
    if ledger.bots:
        people = tuple(one for one in people if one.trouble or one.key not in ledger.bots)
    if work.people and not people:
        return Judged("OWNED", tuple(Held(one, "OWNED", why="bot") for one in work.people))
    if not people:
        nobody = Person((f"commit:{work.sha}",), trouble="the commit names nobody")
        people = (nobody,)
    held = tuple(_held(one, work, path, target, ledger, came) for one in people)
    promised = [one for one in held if one.grant is not None and one.grant.promises]
    licences = frozenset({came}) if promised else _NONE
    return Judged(worst(held), held, licences)


def worst(held: Iterable[Held | Judged]) -> Standing:
    """Give what several have together."""
    return max([one.standing for one in held], key=ORDER.__getitem__)


class Eras:
    """Between which instants of a ledger others fall: within an era nothing begins or ends."""

    def __init__(self, ledger: Ledger) -> None:
        """Gather all instants at which something begins or ends."""
        spans: list[Grant | Inbound] = [*ledger.inbound, *ledger.covered.values()]
        spans += [one for found in ledger.grants.values() for one in found]
        ends = [one for it in spans for one in (it.from_at, it.until_at)]
        ends += [one.until_at for one in ledger.waived.values()]
        self._ends = sorted({one for one in ends if one is not None})
        self._special = ledger.waived_in | {sha for sha, _ in ledger.covered}

    def of(self, work: Work) -> tuple[int, int] | None:
        """Give what a judgement depends on beside the people; None if on the very commit."""
        if work.sha in self._special or not work.people:
            return None
        ends = self._ends
        return bisect_right(ends, work.authored_at), bisect_right(ends, work.submitted_at)


def inbound_at(known: Iterable[Inbound], path: str, at: datetime) -> str:
    """Give the licence under which work came: the last one that fits; "" where none does."""
    fitting = [one for one in known if _within(one, at) and about(one.paths, path)]
    return fitting[-1].licence if fitting else ""


def about(patterns: tuple[str, ...], path: str) -> bool:
    """Say whether a file is meant; no patterns mean every file."""
    return not patterns or any(paths.matches(path, one) for one in patterns)


def _within(span: Inbound | Grant, at: datetime) -> bool:
    return (span.from_at is None or span.from_at <= at) and (
        span.until_at is None or at < span.until_at
    )


def _held(person: Person, work: Work, path: str, target: str, ledger: Ledger, came: str) -> Held:
    waiver = _waiver(person, work, ledger)
    if waiver is not None:
        return Held(person, "TRIVIAL", waiver=waiver)
    if person.trouble:
        return Held(person, "UNKNOWN", why=person.trouble)
    employer = _employer(person, ledger)
    tried = [
        (_lack(grant, work, path, target, came), grant)
        for grant in _known(person, work, ledger, employer)
    ]
    fits = next((grant for lack, grant in tried if lack is None), None)
    if fits is not None:
        return Held(person, "OWNED" if fits.owned else "GRANT", fits)
    if inbound_allows(came, target):
        return Held(person, "PERMISSIVE_INBOUND", why=came)
    failed = [(lack, grant) for lack, grant in tried if lack is not None]
    if failed:
        return Held(person, *min(failed, key=lambda one: ORDER[one[0]]))
    return _without(person, came, employer)


def _without(person: Person, came: str, employer: str) -> Held:
    """Say what is wrong with a part for which nobody granted anything."""
    if employer:
        return Held(person, "EMPLOYER", why=employer)
    if came and person.signed_off:
        return Held(person, "COPYLEFT_INBOUND", why=came)
    return Held(person, "NO_SIGNATURE")


def _waiver(person: Person, work: Work, ledger: Ledger) -> Waiver | None:
    if work.sha in ledger.waived_in:
        nobody = (f"commit:{work.sha}",) if person.email or person.trouble else ()
        for key in (*person.keys, *nobody, ""):
            if (found := ledger.waived.get((work.sha, key))) is not None:
                return found
    if person.claimed or "" not in ledger.waived_in:
        return None  # anybody can write a waived person's address into what they push
    for key in person.keys:
        found = ledger.waived.get(("", key))
        if found is not None and (
            found.until_at is None or max(work.authored_at, work.submitted_at) < found.until_at
        ):
            return found
    return None


def _known(person: Person, work: Work, ledger: Ledger, employer: str) -> list[Grant]:
    """Give what may cover a part: at an employer's address, the person's own grant does not."""
    let_in = [(work.sha, key) for key in person.keys if (work.sha, key) in ledger.covered]
    keys = (employer,) if employer else person.keys
    theirs = [grant for key in keys for grant in ledger.grants.get(key, ())]
    return [ledger.covered[one] for one in let_in] + theirs


def _employer(person: Person, ledger: Ledger) -> str:
    domain = person.email.rpartition("@")[2].lower()
    return ledger.employers.get(domain, "") if domain else ""


def _lack(grant: Grant, work: Work, path: str, target: str, came: str) -> Reason | None:
    """Say what a grant lacks for these lines, None if nothing: target, then files, then time."""
    if not grant.owned and not agreed(grant.outbound, grant.licences, came, target):
        return "SCOPE"
    if not about(grant.paths, path):
        return "PATH"
    # Sent before it began, or made or sent after it ended: an earlier date in a commit does not
    # make it sent earlier, and a later one does not make it made earlier.
    # What somebody made before they were employed is not the employer's, whenever it was sent.
    began_at = min(work.authored_at, work.submitted_at) if grant.owned else work.submitted_at
    if grant.from_at is not None and began_at < grant.from_at:
        return "DATE"
    if grant.until_at is not None and max(work.authored_at, work.submitted_at) >= grant.until_at:
        return grant.ends
    return None
