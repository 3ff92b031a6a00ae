"""A request for which people gave and promised, to be looked at beside very many entries of the books."""

from datetime import timedelta

from sqlalchemy import Connection, insert

from bench.bookkeeping import NOW, REPO
from bot import policies
from bot.roadmap import store as requests
from bot.roadmap.store import Request, Told
from core.db import Database
from core.github import Account
from core.money import Money
from donations.giving import store as gifts
from donations.giving.rules import Act, Deed
from donations.giving.store import Giver, Said
from donations.giving.terms import Terms
from donations.pledges import store as purses

GIFTS, PROMISES = 300, 200
RULES = """
[roadmap]
on = true
[funding]
"""


def fund(database: Database) -> Request:
    """Let people give for one request, and promise for it."""
    with database.write() as connection:
        connection.execute(insert(policies.policy).values(**_rules()))
        asked = requests.note(connection, _told(), "label", "asked")
        purses.open_purse(connection, asked.node_id, REPO.id, NOW)
        for number in range(GIFTS + PROMISES):
            _give(connection, asked, number)
    return asked


def _rules() -> dict[str, object]:
    texts = dict.fromkeys(("etag", "document_etag", "company_etag", "source_name"), "")
    return texts | {
        "repo_id": REPO.id,
        "source": "repository",
        "text": RULES,
        "rejected": None,
        "refusal": "",
        "checked_at": NOW,
    }


def _told() -> Told:
    at = NOW - timedelta(days=300)
    who = Account(4_200, "bo")
    return Told(
        node_id="I_1",
        repo_id=REPO.id,
        number=1,
        title="Water the beds at night",
        author=who,
        state="open",
        locked=False,
        opened_at=at,
        closed_at=None,
        updated_at=at,
    )


def _give(connection: Connection, asked: Request, number: int) -> None:
    """Give or promise; every third of those who gave is named."""
    is_promise = number >= GIFTS
    said = Said(
        f"key-{number:027d}",
        REPO.id,
        asked.node_id,
        "pledge" if is_promise else "donation",
        "once",
        Money(500 + number, "EUR"),
        Terms("pledge" if is_promise else "donation", (("feature", 1),)),
    )
    who = Giver(github_id=10_000 + number, name=f"Giver {number}", public=number % 3 == 0)
    at = NOW - timedelta(hours=number)
    gift = gifts.say(connection, said, who, at)
    deed: Deed = "saved" if is_promise else "paid"
    done = Act(deed, f"evidence-{number}", at, 0 if is_promise else said.money.minor)
    gifts.note(connection, gift, done, at)
