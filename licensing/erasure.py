"""Erasing what is personal beside the chain: the proof stays whole, and names nobody any more.

What stays is what a project needs to establish or defend legal claims (GDPR art. 17(3)(e)): the
account's number, the hashes, the version, and what was merged on their strength.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from licensing import addresses, details
from licensing.addresses import proven_address
from licensing.companies.tables import company_contact
from licensing.details import signer_detail
from licensing.signed import theirs
from licensing.tables import signature, signer

ADDRESSES_KEPT = timedelta(days=3 * 365)
"""From the last time that somebody chose to rely on an address."""


def erase(connection: Connection, github_id: int) -> int:
    """Erase what the register keeps about a person beside the chain, and say how many rows it was.

    What they told as a guardian goes too. Records keep the hash of it, whose salt is gone.
    """
    mine = select(signature.c.id).where(theirs(github_id)).scalar_subquery()
    named = select(signature.c.id).where(signature.c.github_id == github_id).scalar_subquery()
    gone = addresses.forget(connection, github_id)
    for statement in (
        delete(signer).where(signer.c.signature_id.in_(named)),
        delete(signer_detail).where(signer_detail.c.signature_id.in_(mine)),
        delete(company_contact).where(company_contact.c.github_id == github_id),
    ):
        gone += connection.execute(statement).rowcount
    return gone


def prune(connection: Connection, now: datetime) -> int:
    """Erase what was to be kept until now, and say how many rows it was."""
    old = delete(proven_address).where(proven_address.c.proven_at <= now - ADDRESSES_KEPT)
    return details.prune(connection, now) + connection.execute(old).rowcount
