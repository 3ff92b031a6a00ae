"""What of a share can go elsewhere, and that it went: nobody's account falls below nothing for it."""

from datetime import datetime

from sqlalchemy import Connection

from core.money import Money
from donations.payouts import paying, shares, store
from donations.payouts.rules import Act, Deed
from donations.payouts.shares import Share


def balance(connection: Connection, of: Share) -> Money:
    """Give all that is owed to the person of a share in its book and currency."""
    account = store.account_of(of.github_id)
    return store.owed_in(connection, of.reward.book, account, of.money.currency)


def of_others(connection: Connection, of: Share) -> int:
    """Sum what of somebody's balance is for other shares, or on its way to them."""
    others = 0
    for one in shares.of_person(connection, of.github_id):
        same = (one.reward.book, one.money.currency) == (of.reward.book, of.money.currency)
        if one.id == of.id or not same:
            continue
        if one.standing.state == "wanted":
            wanted = paying.by_name(connection, one.standing.live)
            others += wanted.minor if wanted else 0
        else:
            others += one.standing.left
    return others


def spare(connection: Connection, of: Share) -> Money:
    """Give what is left of a share and is there: a part may have gone with another one of theirs."""
    there = balance(connection, of).minor - of_others(connection, of)
    return Money(max(0, min(of.standing.left, there)), of.money.currency)


def leave(
    connection: Connection, of: Share, deed: Deed, evidence: str, now: datetime
) -> Money | None:
    """Write down that all that is left of a share goes elsewhere; gives how much, None if it went."""
    gone = spare(connection, of)
    if not shares.note(connection, of.id, Act(deed, evidence, now, gone.minor), now):
        return None
    if rest := of.standing.left - gone.minor:
        shares.note(connection, of.id, Act("carried", evidence, now, rest), now)
    return gone
