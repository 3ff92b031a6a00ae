"""What the stories about signing on the page share."""

from typing import Any

from sqlalchemy import select

from licensing.chain import parsed
from licensing.tables import record
from tests.house import House

PAGE = "/potluck-sandbox/garden/cla/sign"
AGREED = {"agree": "yes"}


def records(house: House) -> list[dict[str, Any]]:
    """The records of all signatures, in order."""
    with house.app.read() as connection:
        rows = connection.scalars(
            select(record.c.record).where(record.c.kind == "signature").order_by(record.c.id)
        )
        return [parsed(text) for text in rows]
