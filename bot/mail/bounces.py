"""Mail that came back late: delivery status notifications (RFC 3464), believed only of mails of ours.

Whoever can write to us could otherwise have anybody’s mail stopped. A notification is believed if
the mail that it returns bears a name that we gave, which holds a secret of that mail’s own row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32
from hmac import compare_digest

from sqlalchemy import Connection, select, update

from bot.mail import outgoing
from bot.mail.tables import mail, queue
from bot.mail.writing import NAME, named

LARGEST = 2_000_000
"""Of a larger message nothing is read: ours are a few thousand bytes, and come back with a note."""

MOST_PARTS = 50
MOST_DEEP = 100
"""So many parts may a message have in all: one inside the other, they would be read without an end."""

_GONE = re.compile(r"5\.(?:[014]\.[0-9]{1,3}|2\.[01])(?![0-9])", re.ASCII)
"""The address or its mailbox is gone (RFC 3463). A full mailbox (5.2.2), a letter that is taken for
spam (5.7.1) or a broken system there says nothing of the address."""


@dataclass(frozen=True)
class Bounce:
    """A mail that never arrives: `name` is its Message-ID, `status` an enhanced code (RFC 3463)."""

    name: str
    status: str


def read(raw: bytes) -> Bounce | None:
    """Read a notification; None for everything else: a delay, an answer, a letter, nonsense."""
    # Every part that holds others has to say so, in a field of its own.
    if len(raw) > LARGEST or raw.lower().count(b"content-type") > MOST_DEEP:
        return None
    status, name = "", ""
    for part in _parts(message_from_bytes(raw, policy=compat32)):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status = status or _status(part)
        elif kind in {"message/rfc822", "text/rfc822-headers", "message/global"}:
            name = name or _name(part)
    return Bounce(name, status) if status and name else None


def believe(connection: Connection, bounce: Bounce, now: datetime) -> bool:
    """Write no more to where a mail of ours came back from; says whether it was one.

    The mail goes once more where its reader has another address.
    """
    found = NAME.fullmatch(bounce.name)
    number = int(found[1]) if found else 0
    row = connection.execute(
        select(mail).where(mail.c.id == number, mail.c.state == "done")
    ).one_or_none()
    if row is None or not row.sent_to or found is None:
        return False
    if not compare_digest(named(row, found[3]).encode(), bounce.name.encode()):
        return False
    outgoing.silence_digest(connection, row.sent_to, "refused", now)
    came = {"state": "refused", "error": f"came back: {bounce.status}", "sent_to": ""}
    connection.execute(update(mail).where(mail.c.id == number).values(**came))
    address = outgoing.address_of(connection, row)
    if address and not outgoing.is_silent(connection, address, "refused"):
        queue.retry(connection, number, now)
    return True


def _parts(of: Message) -> Iterator[Message]:
    """Give the parts of the outermost message; what is inside a returned one is not its word."""
    if not of.is_multipart():
        return
    parts = of.get_payload()
    if isinstance(parts, list):
        yield from (one for one in parts[:MOST_PARTS] if isinstance(one, Message))


def _status(part: Message) -> str:
    """Give the status of the first recipient whom nothing will ever reach."""
    for block in _parts(part):
        said = str(block.get("Action", "")).strip().lower()
        code = _GONE.match(str(block.get("Status", "")).strip())
        if said == "failed" and code:
            return code[0]
    return ""


def _name(part: Message) -> str:
    inner = part.get_payload()
    if isinstance(inner, list):
        returned = inner[0] if inner else None
    else:
        text = part.get_payload(decode=True)
        # Whatever stands behind the headers is not looked at: it may have come encoded.
        found = text.decode("latin-1") if isinstance(text, bytes) else ""
        returned = HeaderParser(policy=compat32).parsestr(found)
    return str(returned.get("Message-ID", "")).strip() if isinstance(returned, Message) else ""
