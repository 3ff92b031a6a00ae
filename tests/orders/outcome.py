"""What came of a scenario, less what may differ: numbers of rows, sequences, hashes, when it was heard."""

from typing import Any

from sqlalchemy import Connection, Table, select

from bot.mail.tables import mail
from bot.outbox import outbox
from core.db import Database
from donations.calls import stripe_call
from donations.giving import rules, store
from donations.giving.tables import gift, settlement, total
from donations.payouts import shares
from donations.payouts.tables import share, share_act, warning
from donations.pledges.tables import purse_act
from donations.receipts.tables import receipt
from donations.tables import balance, entry, refusal, transaction
from licensing.sold import reading
from licensing.sold.tables import licence

PARTS: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (balance, ("book_id", "account", "currency", "minor")),
    (refusal, ("source", "external_id", "kind", "reason")),
    (total, ("repo_id", "about", "product", "currency", "minor", "givers")),
    (settlement, ("charge_id", "minor", "settled_minor", "settled_currency")),
    (purse_act, ("about", "deed", "evidence", "minor", "currency")),
    (stripe_call, ("effect_key", "kind", "call")),
    (warning, ("charge_id", "source")),
    (receipt, ("kind", "number", "payment", "minor", "cancels", "credits")),
    (mail, ("effect_key", "letter", "gift_id")),
)

PASSING = frozenset({"began", "licence_bought", "licence_taken", "licence_again"})
"""Letters of what may be over before it was seen."""

Outcome = dict[str, list[tuple[Any, ...]]]


def outcome(database: Database) -> Outcome:
    """Read what came of it; every currency of every book sums to nothing."""
    with database.read() as connection:
        found = {
            table.name: sorted(
                tuple(row) for row in connection.execute(select(*(table.c[one] for one in names)))
            )
            for table, names in PARTS
        }
        found["outbox"] = _outbox(connection)
        found["ledger"] = _ledger(connection)
        found["gifts"] = _gifts(connection)
        found["licences"] = _licences(connection)
        found["shares"] = _shares(connection)
        found["mail"] = [row for row in found["mail"] if row[1] not in PASSING]
    sums: dict[tuple[int, str], int] = {}
    for book, _account, code, minor in found["ledger_balance"]:
        sums[book, code] = sums.get((book, code), 0) + minor
    assert not any(sums.values()), sums
    found["ledger_balance"] = [row for row in found["ledger_balance"] if row[-1]]
    found["gift_total"] = [row for row in found["gift_total"] if row[-2]]
    return found


def _outbox(connection: Connection) -> list[tuple[Any, ...]]:
    """Give what is said in each place in the end: how often it was edited on the way may differ."""
    columns = outbox.c
    rows = connection.execute(
        select(columns.surface, columns.effect_key, columns.kind, columns.action).order_by(
            columns.id
        )
    )
    last = {row.surface or row.effect_key: (row.surface, row.kind, row.action) for row in rows}
    return sorted(last.values())


def _gifts(connection: Connection) -> list[tuple[Any, ...]]:
    """Give how each gift stands, and what moved of it; what only passed may not have been seen."""
    found: list[tuple[Any, ...]] = []
    for number in connection.scalars(select(gift.c.id).order_by(gift.c.id)):
        acts = store.acts(connection, number)
        stands = rules.standing(acts)
        money = sorted((one.deed, one.evidence, one.minor) for one in acts if one.minor)
        found.append((number, stands.state, stands.goes_on, stands.kept, tuple(money)))
    return found


def _licences(connection: Connection) -> list[tuple[Any, ...]]:
    """Give each licence that holds, by what was ordered; one that only passed may not have been seen."""
    rows = connection.execute(select(licence.c.id, licence.c.order, licence.c.product))
    return sorted(
        (row.order, row.product) for row in rows if not reading.reasons(connection, row.id)
    )


def _shares(connection: Connection) -> list[tuple[Any, ...]]:
    """Give how each share stands, and what moved of it; what only passed may not have been seen."""
    columns = share_act.c
    rows = connection.execute(
        select(columns.share_id, columns.deed, columns.evidence, columns.minor).where(
            columns.minor != 0
        )
    )
    numbers = connection.scalars(select(share.c.id)).all()
    stand = [(one.id, one.standing.state, "", 0) for one in shares.shares(connection, numbers)]
    return sorted([*(tuple(row) for row in rows), *stand])


def _ledger(connection: Connection) -> list[tuple[Any, ...]]:
    """Give each transaction by its cause, with its entries."""
    columns = transaction.c
    lines: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
    for row in connection.execute(
        select(entry.c.book_id, entry.c.sequence, entry.c.account, entry.c.currency, entry.c.minor)
    ):
        lines.setdefault((row.book_id, row.sequence), []).append(tuple(row[2:]))
    return sorted(
        (row.source, row.external_id, row.kind, tuple(sorted(lines[row.book_id, row.sequence])))
        for row in connection.execute(
            select(
                columns.book_id,
                columns.sequence,
                columns.source,
                columns.external_id,
                columns.kind,
            )
        )
    )


def differences(one: Outcome, other: Outcome) -> list[str]:
    """Say what stands in only one of two outcomes."""
    return [
        f"{sign} {name} {row}"
        for name in one
        for sign, here, there in (("-", one[name], other[name]), ("+", other[name], one[name]))
        for row in here
        if row not in there
    ]
