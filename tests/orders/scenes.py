"""The scenarios whose events are told in every order: each gives a recording of what happened at the bank."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from bot.sandbox.stripe import checkout, troubles
from bot.sandbox.stripe.bank import Json
from core.money import Money
from donations.receipts import store as receipts
from tests.bank import PAYS, BankHouse
from tests.orders.glimpses import Moment, watch
from tests.orders.telling import Recording, begin, recorded
from tests.scenarios.giving.test_gifts import DISPUTES, give, page
from tests.scenarios.giving.test_receipts import FACTS
from tests.scenarios.giving.test_unasked import take
from tests.scenarios.pledges.promising import ASKS, campaign, garden, promise

DAY = timedelta(days=1)
Scene = Callable[[BankHouse, Path], Recording]


def newest(house: BankHouse, kind: str) -> Json:
    """Give the newest object of a kind at the bank."""
    return next(house.bank.bank.all(kind))


def paid_and_back_in_parts(house: BankHouse, folder: Path) -> Recording:
    """A gift arrives; two parts of it go back, and one of them comes home."""
    gift = give(house, Money(1003, "EUR"))
    heard = begin(house)
    house.pay(page(house, gift))
    bank = house.bank.bank
    for part in (300, 400):
        troubles.refunded(bank, newest(house, "charge"), part, {})
    troubles.refund_fails(bank, newest(house, "refund"))
    return recorded(house, heard, folder)


def disputed(house: BankHouse, folder: Path, *, won: bool) -> Recording:
    """A gift of which a part went back is looked into, found good, and disputed, and that ends."""
    gift = give(house, Money(5000, "EUR"))
    heard = begin(house)
    house.pay(page(house, gift))
    bank = house.bank.bank
    troubles.refunded(bank, newest(house, "charge"), 700, {})
    review = troubles.reviewed(bank, newest(house, "charge"))
    dispute = troubles.disputed(bank, newest(house, "charge"))
    troubles.warned(bank, newest(house, "charge"))
    troubles.review_ends(bank, review)
    troubles.dispute_ends(bank, dispute, won=won)
    return recorded(house, heard, folder)


def dispute_won(house: BankHouse, folder: Path) -> Recording:
    """A dispute that is won."""
    return disputed(house, folder, won=True)


def dispute_lost(house: BankHouse, folder: Path) -> Recording:
    """A dispute that is lost."""
    return disputed(house, folder, won=False)


def a_debit_that_arrives(house: BankHouse, folder: Path) -> Recording:
    """A bank debit that takes days."""
    return _debit(house, folder, arrives=True)


def a_debit_that_bounces(house: BankHouse, folder: Path) -> Recording:
    """A bank debit that never comes."""
    return _debit(house, folder, arrives=False)


def _debit(house: BankHouse, folder: Path, *, arrives: bool) -> Recording:
    gift = give(house, Money(2000, "EUR"))
    heard = begin(house)
    house.pay(page(house, gift), "", by="debit")
    house.advance(3 * DAY)
    checkout.debit_ends(house.bank.bank, newest(house, "checkout.session"), arrives=arrives)
    return recorded(house, heard, folder)


def monthly(house: BankHouse, folder: Path) -> Recording:
    """Giving every month: two bills, one of them given back, and the end."""
    gift = give(house, Money(500, "EUR"), rhythm="month")
    heard = begin(house)
    house.pay(page(house, gift), PAYS)
    house.advance(timedelta(days=31))
    bank = house.bank.bank
    bank.turn()
    troubles.refunded(bank, newest(house, "charge"), 500, {})
    ended = newest(house, "subscription")
    ended["status"] = "canceled"
    bank.tell("customer.subscription.deleted", ended)
    return recorded(house, heard, folder)


def another_currency(house: BankHouse, folder: Path) -> Recording:
    """What is said in euros settles in dollars, goes back in part at another rate, and is disputed."""
    house.bank.bank.settle_in("usd", eur=Fraction(108, 100))
    gift = give(house, Money(2000, "EUR"))
    heard = begin(house)
    house.pay(page(house, gift))
    bank = house.bank.bank
    bank.settle_in("usd", eur=Fraction(111, 100))
    troubles.refunded(bank, newest(house, "charge"), 500, {})
    dispute = troubles.disputed(bank, newest(house, "charge"))
    troubles.dispute_ends(bank, dispute, won=True)
    return recorded(house, heard, folder)


def more_than_was_said(house: BankHouse, folder: Path) -> Recording:
    """Somebody at the dashboard takes the same gift again, and more."""
    gift = give(house, Money(1000, "EUR"))
    house.pay(page(house, gift))
    house.settle()
    heard = begin(house)
    for amount in (1000, 1700):
        take(house, gift, amount, "eur")
    return recorded(house, heard, folder)


def one_receipt(house: BankHouse, folder: Path) -> Recording:
    """A gift with a receipt goes back in three parts: the receipt is cancelled once."""
    gift = give(house, Money(3000, "EUR"))
    house.pay(page(house, gift))
    house.settle()
    charge = newest(house, "charge")
    with house.app.write() as connection:
        facts = replace(FACTS, money=gift.money)
        receipts.issue(connection, facts, gift.id, charge["id"], house.now)
    heard = begin(house)
    for part in (300, 400, 500):
        troubles.refunded(house.bank.bank, charge, part, {})
    dispute = troubles.disputed(house.bank.bank, charge)
    troubles.dispute_ends(house.bank.bank, dispute, won=False)
    return recorded(house, heard, folder)


def a_promise_is_charged(house: BankHouse, folder: Path) -> Recording:
    """The work is accepted, the saved card is charged, and its holder disputes that."""
    issue = garden(house)
    promise(house, issue, "50", DISPUTES)
    mara = house.garden.mara
    say_without_money(house, lambda: house.world.comment(issue, mara, "/accept"))
    heard = begin_unheard(house)
    bank = house.bank.bank
    bank.turn()
    troubles.dispute_ends(bank, newest(house, "dispute"), won=True)
    return recorded(house, heard, folder)


def before_a_charge(house: BankHouse, folder: Path) -> Recording:
    """The work is accepted, and our side has decided nothing yet."""
    issue = garden(house)
    promise(house, issue, "50")
    house.world.comment(issue, house.garden.mara, "/accept")
    house.sandbox.deliver_all()
    return recorded(house, [], folder)


def a_campaign_collects(house: BankHouse, folder: Path) -> Recording:
    """At the goal three cards are charged; one asks for its holder, who then pays on a page."""
    issue = garden(house)
    campaign(house, issue, "100", 5)
    for amount, card in (("60", PAYS), ("30", PAYS), ("25", ASKS)):
        promise(house, issue, amount, card)
    house.advance(5 * DAY)
    house.tick("sweep_pledges")
    say_without_money(house, lambda: None)
    heard = begin_unheard(house)
    return recorded(house, heard, folder)


def say_without_money(house: BankHouse, act: Callable[[], object]) -> None:
    """Let something happen, and our side decide what follows; no call is made yet."""
    step, house.cashier.step = house.cashier.step, lambda *_: False  # type: ignore[method-assign]  # waits
    act()
    house.happen()
    house.cashier.step = step  # type: ignore[method-assign]  # goes on


def begin_unheard(house: BankHouse) -> list[Moment]:
    """Make the calls that wait, with nobody hearing what comes of them."""
    heard = watch(house.bank.bank)
    while house.cashier.step():
        pass
    return heard


SCENES: dict[str, Scene] = {
    one.__name__.replace("_", "-"): one
    for one in (
        paid_and_back_in_parts,
        dispute_won,
        dispute_lost,
        a_debit_that_arrives,
        a_debit_that_bounces,
        monthly,
        another_currency,
        more_than_was_said,
        one_receipt,
        a_promise_is_charged,
        a_campaign_collects,
    )
}
"""Every scenario by its name."""
