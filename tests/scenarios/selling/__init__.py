"""Scenarios of selling: a garden that sells licences, and what becomes of each."""

from sqlalchemy import insert, select

from bot.audit import facts
from bot.audit.tables import audit_certificate
from bot.selling import settling, store
from bot.selling.store import Sale
from core.digests import sha256
from donations.giving import store as gifts
from donations.giving.tables import gift as gift_table
from licensing.sold import keys, reading
from licensing.sold.purposes import Purpose
from licensing.sold.reading import Licence
from tests.bank import PAYS, BankHouse
from tests.scenarios.agreement import push_files
from tests.visitor import Visitor

BUY = "/potluck-sandbox/garden/buy"
RULES = """
language = "en"
[agreement]
mode = "cla"
document = "CLA.md"
version = "1.0"

[selling]
seller = "The Garden association"
tax_percent = "20"

[[selling.products]]
id = "pro"
name = "Garden Pro"
entitlements = ["reports"]
price = "60.00"
most_seats = 5
trial_days = 30

[[selling.products]]
id = "own"
least = "10"
suggested = ["20"]
term = "perpetual"
"""
TEXT = "The commercial licence of the garden.\n"


def open_shop(house: BankHouse, rules: str = RULES) -> str:
    """Write rules and licence text, release a version, and certify it; gives its commit."""
    push_files(house, {".github/potluck.toml": rules, "COMMERCIAL.md": TEXT})
    house.settle()
    house.sandbox.world.publish_release(house.garden.repo, house.garden.mara, "v1.0")
    house.settle()
    commit = house.garden.repo.tags["v1.0"]
    certify(house, commit)
    return commit


def certify(house: BankHouse, commit: str) -> None:
    """Sign that a commit may be sold, as the audit does when nothing stands in the way."""
    repo_id, secret = house.garden.repo.id, house.settings.secret_key
    with house.app.write() as connection:
        keys.ensure(connection, repo_id, secret, house.now)
        claims = {"commit": commit, "at": house.now.isoformat()}
        signed = keys.sign(connection, repo_id, Purpose.AUDIT, claims, secret)
        values = {
            "repo_id": repo_id,
            "commit_sha": commit,
            "target": "commercial",
            "policy_sha256": facts.policy_sha256(connection, repo_id),
            "ledger_sha256": facts.ledger_sha256(connection, repo_id),
            "sha256": sha256(signed.token.encode()),
            "kid": signed.kid,
            "token": signed.token,
            "claims": claims,
            "issued_at": house.now,
        }
        connection.execute(insert(audit_certificate).values(values))


def buy(house: BankHouse, visitor: Visitor, card: str = PAYS, **fields: str) -> str:
    """Buy Garden Pro and pay; gives the page of what was bought."""
    chosen = {"licensee": "Acme Ltd", "accept": "yes"} | fields
    sent = visitor.submit(f"{BUY}/pro", chosen, "buy", follow=False)
    assert sent.status_code == 303, sent.text
    url = sent.headers["location"]
    assert url.startswith(house.bank.url)
    back = house.pay(url, card).headers["location"]
    house.settle()
    return str(back)


def last_sale(house: BankHouse) -> Sale:
    """Give the newest sale."""
    with house.app.read() as connection:
        newest = select(gift_table.c.key).where(gift_table.c.product == "licence")
        key = connection.scalar(newest.order_by(gift_table.c.id.desc()).limit(1))
        found = store.of_gift(connection, gifts.by_key(connection, str(key)))
    assert found is not None
    return found


def licence(house: BankHouse, sale: Sale) -> Licence | None:
    """Give the licence of a sale, if there is one."""
    with house.app.read() as connection:
        return settling.licence_of(connection, sale)


def licences(house: BankHouse) -> int:
    """Count the licences of the garden."""
    with house.app.read() as connection:
        return len(reading.of_seller(connection, house.garden.repo.id, 100))
