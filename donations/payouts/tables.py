"""Splits, rewards, their shares and what happened to them; triggers guard all that decides about money.

A reward is money that became owed to people for one reason; a share is what of it is one
person's. What happens to a share are acts, known by their evidence.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from core.db import Json, UtcDateTime, metadata
from core.queue import BIG_ID

split_said = Table(
    "split_said",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("about", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("shares", Json, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by_id", BigInteger, nullable=False),
    Column("evidence", String(120), nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_split_said_version", "about", "version", unique=True),
    Index("uq_split_said_evidence", "about", "evidence", unique=True),
)
"""Each version of who gets what for a request: `shares` are [account number, weight], 0 the project."""

merged_work = Table(
    "merged_work",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("about", String(80), primary_key=True),
    Column("github_id", BigInteger, nullable=False),
    Column("merged_at", UtcDateTime, nullable=False),
    Index("ix_merged_work_about", "about", "merged_at"),
)
"""Merged pull requests that say they close a request, or are of somebody who claimed it."""

reverted_work = Table(
    "reverted_work",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("by_number", Integer, primary_key=True, autoincrement=False),
    Column("by_id", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Pull requests that were said to be taken back out by another one that was merged; `by_id` merged that.

Kept whether or not the first was heard of: its merge may be told after the merge that undid it.
"""

reward = Table(
    "reward",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("cause", String(120), nullable=False),
    Column("book", String(32), nullable=False),
    Column("about", String(120), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("owed_days", Integer, nullable=False),
    Column("lapse", String(8), nullable=False),
    Column("payments", Json, nullable=False),
    Column("weights", Json, nullable=False, server_default="[]"),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("made_at", UtcDateTime, nullable=False),
    Index("uq_reward_cause", "cause", unique=True),
    Index("ix_reward_about", "about"),
)
"""`payments` are [gift, charge, minor units, last act known] that paid for it.

`lapse` says to whom it goes in the end. `weights` are [account number, weight] by which it was
shared, 0 the project; `version` the split that was said so, 0 where a rule did.
"""

share = Table(
    "reward_share",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("reward_id", ForeignKey("reward.id"), nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Index("uq_reward_share_person", "reward_id", "github_id", unique=True),
    Index("ix_reward_share_person", "github_id", "id"),
)

share_act = Table(
    "share_act",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("share_id", ForeignKey("reward_share.id"), nullable=False),
    Column("deed", String(12), nullable=False),
    Column("evidence", String(120), nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("concerns", String(80), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("uq_share_act_evidence", "share_id", "deed", "evidence", unique=True),
    Index("ix_share_act_concerns", "concerns"),
)
"""`concerns` names the payout or the debt that it is about: `payout:7`, `debt:3`, or nothing."""

share_wait = Table(
    "share_wait",
    metadata,
    Column("share_id", ForeignKey("reward_share.id"), primary_key=True, autoincrement=False),
    Column("live", Boolean(name="live"), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Index("ix_share_wait_due", "live", "due_at"),
)
"""When to look at a share next; not `live` once there is nothing left to do."""

payout = Table(
    "payout",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("share_id", ForeignKey("reward_share.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("stripe_id", Text, nullable=False),
    Column("charge_id", Text, nullable=False),
    Column("wanted_at", UtcDateTime, nullable=False),
    Index("uq_payout_attempt", "share_id", "attempt", unique=True),
    Index("ix_payout_account", "stripe_id"),
)
"""Each transfer that was wanted: one for a reward and a person, and another only after one that failed."""

debt = Table(
    "payee_debt",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("share_id", ForeignKey("reward_share.id"), nullable=False),
    Column("evidence", String(120), nullable=False),
    Column("github_id", BigInteger, nullable=False),
    Column("book", String(32), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("bearer", String(96), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("uq_payee_debt_evidence", "share_id", "evidence", unique=True),
    Index("ix_payee_debt_person", "github_id", "book"),
)
"""What a person's later shares of the same book still make good; the account `bearer` bears it until then."""

payee = Table(
    "payee",
    metadata,
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("stripe_id", Text, nullable=False),
    Column("country", String(2), nullable=False),
    Column("payable", Boolean(name="payable"), nullable=False),
    Column("told", Boolean(name="told"), nullable=False),
    Column("consents", Boolean(name="consents"), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("seen_at", UtcDateTime),
    Index("ix_payee_account", "stripe_id"),
)
"""Who is to be paid, and whether they can be; `consents`: money may be taken back from their account."""

warning = Table(
    "fraud_warning",
    metadata,
    Column("charge_id", String(120), primary_key=True),
    Column("source", String(8), primary_key=True),
    Column("warned_at", UtcDateTime, nullable=False),
)
"""Charges of which the card’s `network` warns, or a `review` looks into; what they paid for waits a while."""
