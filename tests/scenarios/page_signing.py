"""What the stories about signing on the page share."""

import re
from typing import Any

from sqlalchemy import select

from bot.sandbox.records import Account
from licensing.chain import parsed
from licensing.tables import record
from tests.house import House
from tests.visitor import Visitor

PAGE = "/potluck-sandbox/garden/cla/sign"
AGREED = {"agree": "yes"}


def link_of(house: House, minor: Account) -> str:
    """The link that a minor finds on the page, to give to a guardian: a path."""
    with Visitor(house) as browser:
        text = browser.sign_in(minor, after=PAGE).text
    found = re.search(r"/cla/sign\?minor=[\w.-]+", text)
    assert found, "the page shows no link"
    return PAGE.removesuffix("/cla/sign") + found[0]


def records(house: House) -> list[dict[str, Any]]:
    """The records of all signatures, in order."""
    with house.app.read() as connection:
        rows = connection.scalars(
            select(record.c.record).where(record.c.kind == "signature").order_by(record.c.id)
        )
        return [parsed(text) for text in rows]
