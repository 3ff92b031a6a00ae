"""Wants mails sent: a row in the transaction of what it tells of, carried after it by the postman."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, Row, delete, exists, insert, or_, select, update

from bot.mail.facts import Facts, kept
from bot.mail.tables import mail, mail_address, mail_silence, queue
from core.db import insert_once
from donations.giving.tables import giver
from licensing.addresses import proven_address

KEPT = timedelta(days=30)
"""So long a mail that was dealt with can be looked at; then it is forgotten."""

AT_REST = ("done", "dead", "unsent", "refused", "stopped")
"""`unsent`: there was no address, or nobody to carry it; `stopped`: they want no such letters."""

MOST_PROVEN = 20

_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f-\x9f]{1,64}@[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f-\x9f]{1,189}"
)


@dataclass(frozen=True)
class ToGift:
    """To whoever gave this: at the address they told the bank, else at one that they proved."""

    gift_id: int


@dataclass(frozen=True)
class ToPerson:
    """To an account, at an address that it proved."""

    github_id: int


@dataclass(frozen=True)
class ToAddress:
    """To an address that somebody told us; it is kept beside the mail until that is forgotten."""

    address: str


To = ToGift | ToPerson | ToAddress


def send(
    connection: Connection,
    to: To,
    letter: str,
    facts: Facts,
    *,
    key: str,
    now: datetime,
    language: str = "en",
) -> bool:
    """Want a letter sent, once for each `key`; says whether this is the first time.

    Belongs into the transaction that keeps what the letter tells of. `letter` is the name of a
    file in `bot/mail/letters`. Raises `ValueError` for what is no address.
    """
    if isinstance(to, ToAddress) and not is_address(to.address):
        raise ValueError("this is no address of mail")
    entity = None
    if isinstance(to, ToGift):
        entity = f"gift:{to.gift_id}"
    elif isinstance(to, ToPerson):
        entity = f"person:{to.github_id}"
    values = {
        "effect_key": key[:200],
        "letter": letter,
        "facts": kept(facts),
        "language": language,
        "gift_id": to.gift_id if isinstance(to, ToGift) else None,
        "person_id": to.github_id if isinstance(to, ToPerson) else None,
        "token": secrets.token_hex(16),
        "created_at": now,
        "state": "due",
        "entity": entity,
        "due_at": now,
    }
    is_new = insert_once(connection, mail, values)
    if is_new and isinstance(to, ToAddress):
        number = connection.scalar(select(mail.c.id).where(mail.c.effect_key == key[:200]))
        connection.execute(insert(mail_address).values(mail_id=number, address=to.address))
    return is_new


def is_address(said: str) -> bool:
    """Say whether a mail can be sent there: one address, without a name, quotes or anything hidden."""
    return _ADDRESS.fullmatch(said) is not None


def address_of(connection: Connection, row: Row[int]) -> str:
    """Give the address to which a mail goes; empty where nobody knows one that can be used.

    One from which mail comes back is only given where its reader has no other.
    """
    said = select(mail_address.c.address).where(mail_address.c.mail_id == row.id)
    person, found = row.person_id, connection.scalar(said) or ""
    if row.gift_id is not None:
        who = connection.execute(
            select(giver.c.email, giver.c.github_id).where(giver.c.gift_id == row.gift_id)
        ).one_or_none()
        if who is not None:
            found, person = who.email, who.github_id
    return _best(connection, found, person)


def of_giver(connection: Connection, gift_id: int) -> str:
    """Give the address to which mail about a gift goes; empty where nobody knows one."""
    who = connection.execute(
        select(giver.c.email, giver.c.github_id).where(giver.c.gift_id == gift_id)
    ).one_or_none()
    return _best(connection, who.email, who.github_id) if who else ""


def _best(connection: Connection, told: str, person: int | None) -> str:
    known = [told] if is_address(told) else []
    if person is not None and (not known or is_silent(connection, told, "refused")):
        known += proven(connection, person)
    takes = (one for one in known if not is_silent(connection, one, "refused"))
    return next(takes, known[0] if known else "")


def proven(connection: Connection, github_id: int) -> list[str]:
    """Give the addresses that an account proved to be its own, the newest first."""
    mine = select(proven_address.c.address).where(proven_address.c.github_id == github_id)
    newest = mine.order_by(proven_address.c.proven_at.desc(), proven_address.c.address)
    return [one for one in connection.scalars(newest.limit(MOST_PROVEN)) if is_address(one)]


def silence(connection: Connection, address: str, why: str, now: datetime) -> bool:
    """Note that an address takes no mail (`refused`) or wants little (`stopped`)."""
    return silence_digest(connection, digest(address), why, now)


def silence_digest(connection: Connection, known_as: str, why: str, now: datetime) -> bool:
    """Note the same of an address of which only the digest is known."""
    values = {"address_sha256": known_as, "why": why, "at": now}
    return insert_once(connection, mail_silence, values)


def is_silent(connection: Connection, address: str, why: str) -> bool:
    """Say whether that was noted."""
    known = mail_silence.c.address_sha256 == digest(address)
    return bool(connection.scalar(select(exists().where(known, mail_silence.c.why == why))))


def hear_again(connection: Connection, address: str) -> bool:
    """Take it that an address takes mail again; says whether it was noted that it does not."""
    known = mail_silence.c.address_sha256 == digest(address)
    gone = delete(mail_silence).where(known, mail_silence.c.why == "refused")
    return connection.execute(gone).rowcount > 0


def digest(address: str) -> str:
    """Give what is kept of an address that wants no mail: enough to know it again."""
    return sha256(address.strip().lower().encode()).hexdigest()


def went(connection: Connection, number: int, address: str) -> None:
    """Keep who took a mail, as a digest: it may come back later."""
    known_as = digest(address)
    connection.execute(update(mail).where(mail.c.id == number).values(sent_to=known_as))


def again(connection: Connection, number: int, now: datetime) -> bool:
    """Let a mail go that did not; False for one that went, or waits: nobody gets the same twice."""
    state = connection.scalar(select(mail.c.state).where(mail.c.id == number))
    return state in AT_REST and state != "done" and queue.retry(connection, number, now)


def forget(connection: Connection, github_id: int) -> int:
    """Forget every mail to somebody, sent or not; says how many."""
    gifts = select(giver.c.gift_id).where(giver.c.github_id == github_id)
    return _delete(connection, or_(mail.c.person_id == github_id, mail.c.gift_id.in_(gifts)))


def forget_gift(connection: Connection, gift_id: int) -> int:
    """Forget every mail about a gift, sent or not; says how many."""
    return _delete(connection, mail.c.gift_id == gift_id)


def prune(connection: Connection, now: datetime) -> int:
    """Forget what was dealt with a while ago; says how much."""
    return _delete(connection, mail.c.state.in_(AT_REST), mail.c.finished_at < now - KEPT)


def _delete(connection: Connection, *where: object) -> int:
    numbers = select(mail.c.id).where(*where)  # type: ignore[arg-type]  # conditions, all of them
    connection.execute(delete(mail_address).where(mail_address.c.mail_id.in_(numbers)))
    return connection.execute(delete(mail).where(*where)).rowcount  # type: ignore[arg-type]  # as above
