"""Proof of receipts, in a database: no number is missing, no paper was changed, no invoice over-credited."""

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import Connection, func, select

from donations.receipts.tables import paper, receipt, series

AT_ONCE = 100
"""So many papers are read at a time: each has some tens of kilobytes."""


def problems(connection: Connection) -> Iterator[str]:
    """Give a sentence for each thing that does not hold; none where nothing was altered."""
    yield from _numbers(connection)
    papers = select(receipt.c.record_sha256, paper).join(
        receipt, receipt.c.id == paper.c.receipt_id
    )
    for row in connection.execute(papers, execution_options={"yield_per": AT_ONCE}):
        if sha256(row.record.encode()).hexdigest() != row.record_sha256:
            yield f"receipt {row.receipt_id}: what stands on it was changed"
        if row.pdf is not None and sha256(row.pdf).hexdigest() != row.pdf_sha256:
            yield f"receipt {row.receipt_id}: its paper is not the one that was printed first"
    credit, gone = receipt.alias("credit"), receipt.alias("gone")
    over = connection.scalars(
        select(receipt.c.id)
        .join(credit, credit.c.credits == receipt.c.id)
        .outerjoin(gone, gone.c.cancels == credit.c.id)
        .where(gone.c.id.is_(None))
        .group_by(receipt.c.id, receipt.c.minor)
        .having(func.sum(credit.c.minor) > receipt.c.minor)
    )
    yield from (f"receipt {number}: more was credited than was invoiced" for number in over)


def _numbers(connection: Connection) -> Iterator[str]:
    """Hold each series against its last number: from 1 on, each once."""
    place = (receipt.c.registration, receipt.c.year, receipt.c.series)
    counted = select(*place, func.count(), func.max(receipt.c.number)).group_by(*place)
    there = {tuple(row[:3]): (row[3], row[4]) for row in connection.execute(counted)}
    last = {
        (row.registration, row.year, row.name): row.last
        for row in connection.execute(select(series))
    }
    for name in sorted(there.keys() | last.keys()):
        end = last.get(name, 0)
        if there.get(name, (0, 0)) != (end, end):
            shown = f"{name[2]}-{name[1]} of {name[0]}"
            yield f"the receipts {shown} are not those from 1 to {end}"
