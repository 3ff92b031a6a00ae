"""A garden that sells while its code and its agreements change, and a model of what may be sold."""

import random
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from bot.audit import certificates, facts, stated
from bot.audit.stated import Stated
from bot.sandbox.records import Account
from bot.selling import settling, store
from bot.selling.store import Sale
from donations.giving import store as gifts
from donations.giving.tables import gift as gift_table
from licensing import signing
from licensing import store as agreements
from tests.bank import BankHouse
from tests.gityard import Yard
from tests.scenarios.agreement import offer, push_files, sign
from tests.scenarios.audit.looking import look
from tests.scenarios.merging import land
from tests.scenarios.selling import BUY, RULES, TEXT
from tests.visitor import Visitor

STATES = """
steward = "Mara"
reason = "it is written in the minutes"
offered = ["AGPL-3.0-only"]
[[licence]]
id = "AGPL-3.0-only"
"""


class Shop:
    """A garden that sells, and a model of what may be sold: who wrote what, and under which rules."""

    def __init__(self, house: BankHouse, folder: Path, dice: random.Random) -> None:
        """Open it: Mara owns what is there."""
        self.house, self.garden, self.dice = house, house.garden, dice
        self.yard = Yard(folder / "clone")
        self.signed: set[int] = set()
        self.works: list[tuple[int, bool]] = []
        self.rules = 0
        self.releases: dict[str, tuple[int, int]] = {}
        self.pages: list[str] = []
        self.sold: set[int] = set()
        self.back: set[int] = set()
        self.refused = self.paid = self.tags = 0
        terms = 'version = "1.0"\noutbound = "any_plus_original"\nreaches_back = true'
        rules = RULES.replace('version = "1.0"', terms)
        self.text = rules
        push_files(house, {".github/potluck.toml": rules, "COMMERCIAL.md": TEXT})
        house.settle()
        owners = (self.garden.mara.id, self.garden.repo.owner.id)
        said = STATES + "".join(f"[[owner]]\nperson = {one}\n" for one in owners)
        act = Stated(
            owners[0], "It is in the minutes.", "", house.now, {"audit.toml": said.encode()}
        )
        with house.app.write() as connection:
            stated.record(connection, self.garden.repo.id, act, house.now)

    def somebody(self) -> Account:
        return self.dice.choice((self.garden.ada, self.garden.bo))

    def contribute(self) -> None:
        """Land work of somebody, signed or not: Mara merges whatever the check says."""
        who = self.somebody()
        pull = offer(self.house, who, {"author": who})
        self.house.settle()
        land(self.house, pull, self.dice.choice(("merge", "squash")))
        self.works.append((who.id, who.id in self.signed))

    def sign(self) -> None:
        who = self.somebody()
        if who.id not in self.signed:
            sign(self.house, who)
            self.signed.add(who.id)
            # The agreement reaches back to what they did before.
            self.works = [(one, covered or one == who.id) for one, covered in self.works]

    def withdraw(self) -> None:
        """What is withdrawn is for what comes later; what was granted stays granted."""
        with self.house.app.write() as connection:
            version = agreements.agreement_in_force(connection, self.garden.repo.id)
            assert version is not None
            who = self.somebody()
            if who.id in self.signed:
                said = signing.Withdrawal(who.id, who.id, "later work", self.house.now)
                signing.withdraw(connection, version.agreement_id, said, self.house.now)
                self.signed.discard(who.id)

    def change_rules(self) -> None:
        self.rules += 1
        rule = f'[agreement]\nagents = ["agent-{self.rules}@example.org"]'
        files = {".github/potluck.toml": self.text.replace("[agreement]", rule)}
        pull = self.house.propose(self.garden.mara, files=files)
        self.house.settle()
        land(self.house, pull)

    def release(self) -> None:
        """Publish the tip, and audit it from a clone."""
        repo, repo_id = self.garden.repo, self.garden.repo.id
        tip = repo.branches[repo.default_branch]
        self.house.world.publish_release(repo, self.garden.mara, f"v{self.tags}")
        self.tags += 1
        self.house.settle()
        self.yard.take(repo.objects, tip)
        with self.house.app.read() as connection:
            inputs = facts.inputs(connection, repo_id)
        found = look(self.yard, inputs, kept=self.yard.path / "kept.db")
        with self.house.app.write() as connection:
            certificates.keep(connection, repo_id, found.audit, found.matter, self.house.now)
            secret = self.house.settings.secret_key
            certificates.issue(connection, repo_id, found.audit, secret, self.house.now)
        self.releases[tip] = (len(self.works), self.rules)

    def buy(self) -> None:
        """Begin to buy: either the bank's page is opened, or nothing at all happens."""
        with Visitor(self.house) as buyer:
            fields = {"licensee": "Acme", "accept": "yes"}
            page = buyer.get(f"{BUY}/pro")
            if 'id="buy"' not in page.text:
                self.refused += 1
                return
            sent = buyer.fill_in(page, fields, "buy", follow=False)
        assert sent.status_code in {303, 409}
        if sent.status_code == 303:
            self.pages.append(sent.headers["location"])
        else:
            self.refused += 1

    def pay(self) -> None:
        """Pay on a page that was opened some time ago; the model says whether it still may be sold."""
        if self.pages:
            self.paid += 1
            self.house.pay(self.pages.pop(0))
            self.house.settle()

    def check(self) -> int:
        """Hold each licence, and what went back, against the model when it appears; gives how many."""
        with self.house.app.read() as connection:
            keys = connection.scalars(
                select(gift_table.c.key).where(gift_table.c.product == "licence")
            ).all()
            for key in keys:
                sale = store.of_gift(connection, gifts.by_key(connection, key))
                assert sale is not None
                licence = settling.licence_of(connection, sale)
                number, state = sale.gift.id, gifts.standing(connection, sale.gift).state
                if licence is not None and number not in self.sold:
                    assert self.may_be_sold(sale)
                    self.sold.add(number)
                elif licence is None and state == "given_back" and number not in self.back:
                    assert not self.may_be_sold(sale)
                    self.back.add(number)
        return len(self.sold)

    def may_be_sold(self, sale: Sale) -> bool:
        """Say what the model says: everybody who wrote it granted it, under the rules of its audit."""
        count, rules = self.releases[sale.commit_sha]
        return all(covered for _who, covered in self.works[:count]) and rules == self.rules

    def play(self, steps: int) -> int:
        """Sell some, do what the dice say, and one more when everybody signed; gives how many."""
        acts: list[Callable[[], None]] = [
            *([self.contribute] * 2),
            *([self.sign] * 2),
            self.withdraw,
            self.change_rules,
            *([self.release] * 3),
            *([self.buy] * 4),
            *([self.pay] * 3),
        ]
        for begin in (self.release, self.buy, self.pay):
            begin()
        assert self.check() == 1
        # Somebody unsigned lands: what was released before may be sold still.
        for other in (self.buy, self.contribute, self.pay):
            other()
        assert self.check() == 2
        # What is paid after the rules changed goes back.
        for late in (self.buy, self.change_rules, self.pay):
            late()
        assert (self.check(), self.paid) == (2, 3)
        for _ in range(steps):
            self.dice.choice(acts)()
            self.check()
        while not all(covered for _who, covered in self.works):
            self.sign()
        self.release()
        before = self.check()
        self.buy()
        self.pages = self.pages[-1:]
        self.pay()
        assert self.check() == before + 1
        return len(self.sold)
