"""Mails that are to be sent, the addresses of those that have one of their own, and who wants none.

To whom a mail goes is said by what it is about: a gift, whose giver told the bank an address, or
an account that proved one. The address itself is copied nowhere.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text, text

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID, Queue, queue_columns, queue_indexes

mail = Table(
    "mail",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("effect_key", String(200), nullable=False),
    Column("letter", String(32), nullable=False),
    Column("facts", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("gift_id", ForeignKey("gift.id")),
    Column("person_id", BigInteger),
    Column("token", String(32), nullable=False),
    Column("sent_to", String(64), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    *queue_columns(),
    Index("uq_mail_effect_key", "effect_key", unique=True),
    Index("uq_mail_token", "token", unique=True),
    Index("ix_mail_gift", "gift_id"),
    Index("ix_mail_person", "person_id"),
    Index(
        "ix_mail_finished",
        "finished_at",
        sqlite_where=text("finished_at IS NOT NULL"),
        postgresql_where=text("finished_at IS NOT NULL"),
    ),
)
"""`sent_to` is the hash of the address that took it, by which a mail that comes back is known."""
queue_indexes(mail)
queue = Queue(mail)

mail_address = Table(
    "mail_address",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), primary_key=True, autoincrement=False),
    Column("address", Text, nullable=False),
)
"""Where a mail goes that is about neither a gift nor an account; gone with the mail."""

mail_silence = Table(
    "mail_silence",
    metadata,
    Column("address_sha256", String(64), primary_key=True),
    Column("why", String(16), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
"""`refused`: no mail server takes anything for it; `stopped`: wants only what is about their money;
`updates`: does not want to be told how work goes."""
