"""What people can do with what is owed to them: decline it, or give it to the project.

What is declined goes to the others by the split that stood; where there are none, to the project.
Only what was not sent can be chosen about: a transfer that waits is cancelled, and whoever is
first, the click or the cashier, wins.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from core.money import Money
from donations.ledger import Entry
from donations.payouts import leaving, paying, rules, shares, store
from donations.payouts.shares import Share
from donations.payouts.store import Owing

Choice = Literal["declined", "given"]


def choose(
    connection: Connection, share_id: int, github_id: int, choice: Choice, now: datetime
) -> bool:
    """Do what somebody chose about a share of their own; False where it is too late for that."""
    store.hold(connection, github_id)
    of = _own(connection, share_id, github_id)
    if of is None:
        return False
    if of.standing.state == "wanted":
        paying.cancel(connection, of, now)
        of = _own(connection, share_id, github_id)
    if of is None or of.standing.state != "owed":
        return False
    left = leaving.leave(connection, of, choice, f"{choice}:{of.id}", now)
    if left is None:
        return False
    others = _others(connection, of) if choice == "declined" else ()
    if others:
        _share_again(connection, of, left, others, now)
    elif left:
        account, book = store.account_of(github_id), of.reward.book
        entries = [Entry(account, left), Entry(book, -left)]
        store.post(connection, of.reward, f"{choice}:{of.id}", "redirect", entries, now)
    # Looked at once more: what is said of it on the issue follows.
    store.wait_for(connection, of.id, now)
    return True


def _others(connection: Connection, of: Share) -> tuple[tuple[int, int], ...]:
    """Give (account, weight) of the others of the reward who did not decline."""
    found = []
    for one in shares.of_reward(connection, of.reward.id):
        deeds = {act.deed for act in shares.acts(connection, one.id)}
        if one.id != of.id and not deeds & {"declined", "given", "lapsed"}:
            found.append((one.github_id, one.money.minor))
    return tuple(found)


def _share_again(
    connection: Connection,
    of: Share,
    left: Money,
    others: tuple[tuple[int, int], ...],
    now: datetime,
) -> None:
    again = Owing(
        cause=f"declined:{of.id}",
        book=of.reward.book,
        account=store.account_of(of.github_id),
        shares=rules.shared(left, rules.Split(others)),
        weights=others,
        about=of.reward.about,
        kind="redirect",
        owed_days=of.reward.owed_days,
        lapse="project" if of.reward.lapse == "backers" else of.reward.lapse,
    )
    store.owe(connection, again, now)


def _own(connection: Connection, share_id: int, github_id: int) -> Share | None:
    found = shares.shares(connection, (share_id,))
    return found[0] if found and found[0].github_id == github_id else None
