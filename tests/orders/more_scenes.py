"""More scenarios whose events are told in every order: licences, transfers, payouts, bills, late debits."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.sandbox.stripe import checkout, troubles
from bot.sandbox.stripe.payouts import pay_out, pay_out_fails
from core.money import Money
from donations.receipts import store as receipts
from donations.receipts.fields import Item
from tests.bank import BankHouse
from tests.orders.outcome_scenes import SCENES as OF_OUTCOMES
from tests.orders.scenes import (
    DAY,
    Scene,
    begin_unheard,
    newest,
    say_without_money,
)
from tests.orders.scenes import SCENES as FIRST
from tests.orders.telling import Recording, begin, recorded
from tests.scenarios.asking import say
from tests.scenarios.giving.test_gifts import give, page
from tests.scenarios.giving.test_receipts import FACTS
from tests.scenarios.payouts.paying import accept, join, sweep
from tests.scenarios.pledges.promising import ASKS, LATER, garden, pass_time, press, promise
from tests.scenarios.selling import BUY, open_shop
from tests.visitor import Visitor


def an_invoice_is_credited(house: BankHouse, folder: Path) -> Recording:
    """Of what was invoiced two parts go back; the first cannot, and is owed until the second and a third."""
    gift = give(house, Money(3000, "EUR"))
    house.pay(page(house, gift))
    house.settle()
    charge, bank = newest(house, "charge"), house.bank.bank
    with house.app.write() as connection:
        body, item = replace(FACTS.issuer, vat="FR12732829320"), Item("Pro", tax=500)
        facts = replace(FACTS, kind="invoice", issuer=body, money=gift.money, item=item)
        for one in (facts, replace(FACTS, money=gift.money)):
            receipts.issue(connection, one, gift.id, charge["id"], house.now)
    heard = begin(house)
    troubles.refunded(bank, charge, 700, {})
    troubles.refund_fails(bank, newest(house, "refund"))
    for part in (400, 501):
        house.advance(timedelta(minutes=5))
        troubles.refunded(bank, charge, part, {})
    dispute = troubles.disputed(bank, charge)
    troubles.dispute_ends(bank, dispute, won=False)
    return recorded(house, heard, folder)


def warned_of_fraud(house: BankHouse, folder: Path) -> Recording:
    """The card's network warns of fraud, Stripe looks into it, all but a part goes back, and is disputed."""
    gift = give(house, Money(4000, "EUR"))
    heard = begin(house)
    house.pay(page(house, gift))
    bank, charge = house.bank.bank, newest(house, "charge")
    troubles.warned(bank, charge)
    review = troubles.reviewed(bank, charge)
    troubles.refunded(bank, charge, 3000, {})
    troubles.review_ends(bank, review, "refunded_as_fraud")
    dispute = troubles.disputed(bank, charge)
    troubles.dispute_ends(bank, dispute, won=False)
    return recorded(house, heard, folder)


def a_promise_that_its_bank_forbids(house: BankHouse, folder: Path) -> Recording:
    """A card is saved for a promise, and its holder tells their bank that nothing may be taken."""
    issue = garden(house)
    heard = begin(house)
    promise(house, issue, "40", settle=False)
    troubles.mandate_ends(house.bank.bank, newest(house, "payment_method"))
    return recorded(house, heard, folder)


def a_debit_that_is_disputed(house: BankHouse, folder: Path) -> Recording:
    """A bank debit arrives days later, and its holder has their bank take it back."""
    gift = give(house, Money(2000, "EUR"))
    heard = begin(house)
    house.pay(page(house, gift), "", by="debit")
    house.advance(3 * DAY)
    bank = house.bank.bank
    checkout.debit_ends(bank, newest(house, "checkout.session"), arrives=True)
    troubles.dispute_ends(bank, troubles.disputed(bank, newest(house, "charge")), won=False)
    return recorded(house, heard, folder)


def bills_that_fail(house: BankHouse, folder: Path) -> Recording:
    """Giving every month: the first bill is paid, the card says no to the others, and it ends."""
    gift = give(house, Money(500, "EUR"), rhythm="month")
    heard = begin(house)
    house.pay(page(house, gift), LATER)
    for _month in range(5):
        house.advance(timedelta(days=31))
        house.bank.bank.turn()
    return recorded(house, heard, folder)


def a_card_that_asks_is_paid_on_a_page(house: BankHouse, folder: Path) -> Recording:
    """A saved card asks for its holder, who pays on a page, has a part back, and disputes the rest."""
    issue = garden(house)
    asked = promise(house, issue, "40", ASKS)
    say(house, issue, house.garden.mara, "/accept")
    house.settle()
    url = press(house, asked, "pay").headers["location"]
    heard = begin(house)
    house.pay(url, ASKS)
    bank, charge = house.bank.bank, newest(house, "charge")
    troubles.refunded(bank, charge, 1500, {})
    troubles.dispute_ends(bank, troubles.disputed(bank, charge), won=True)
    return recorded(house, heard, folder)


def a_licence_is_sold(house: BankHouse, folder: Path) -> Recording:
    """A licence is paid, a part of the price goes back, and a dispute is won."""
    return _sold(house, folder, won=True)


def a_licence_is_lost(house: BankHouse, folder: Path) -> Recording:
    """A licence is paid, and a dispute is lost: there is none in the end."""
    return _sold(house, folder, won=False)


def _sold(house: BankHouse, folder: Path, *, won: bool) -> Recording:
    open_shop(house)
    with Visitor(house) as acme:
        chosen = {"licensee": "Acme Ltd", "accept": "yes"}
        url = acme.submit(f"{BUY}/pro", chosen, "buy", follow=False).headers["location"]
    heard = begin(house)
    house.pay(url)
    bank, charge = house.bank.bank, newest(house, "charge")
    troubles.refunded(bank, charge, 1000, {})
    troubles.dispute_ends(bank, troubles.disputed(bank, charge), won=won)
    return recorded(house, heard, folder)


def shares_are_sent(house: BankHouse, folder: Path) -> Recording:
    """Two are paid for their work, and their banks get it."""
    _earned(house)
    say_without_money(house, lambda: _sweep(house))
    heard = begin_unheard(house)
    bank = house.bank.bank
    for one in list(bank.all("account"))[:2]:
        pay_out(bank, one)
    return recorded(house, heard, folder)


def a_payout_that_fails(house: BankHouse, folder: Path) -> Recording:
    """What two were sent does not reach their banks, although that was told of both."""
    _earned(house)
    say_without_money(house, lambda: _sweep(house))
    heard = begin_unheard(house)
    bank = house.bank.bank
    for one in list(bank.all("account"))[:2]:
        pay_out_fails(bank, one)
    return recorded(house, heard, folder)


def a_share_is_taken_back(house: BankHouse, folder: Path) -> Recording:
    """What was paid out comes back from accounts whose owners agreed, after a dispute was lost."""
    _earned(house)
    sweep(house)
    bank = house.bank.bank
    dispute = troubles.disputed(bank, newest(house, "charge"))
    house.settle()
    troubles.dispute_ends(bank, dispute, won=False)
    say_without_money(house, lambda: _quiet(house))
    heard = begin_unheard(house)
    assert heard
    return recorded(house, heard, folder)


def a_refund_fails_after_the_payout(house: BankHouse, folder: Path) -> Recording:
    """Of what was paid out two parts go back; one of them cannot, and is given back once more."""
    _earned(house)
    sweep(house)
    bank = house.bank.bank
    heard = begin(house)
    for part in (3001, 1001):
        troubles.refunded(bank, newest(house, "charge"), part, {})
    troubles.refund_fails(bank, newest(house, "refund"))
    bank.turn()
    house.advance(timedelta(minutes=5))
    troubles.refunded(bank, newest(house, "charge"), 1001, {})
    return recorded(house, heard, folder)


def _earned(house: BankHouse) -> None:
    ada, chen, mara = house.garden.ada, house.garden.chen, house.garden.mara
    issue = garden(house)
    say(house, issue, mara, f"/split @{ada.login} 60 @{chen.login} 40")
    promise(house, issue, "100")
    for one in (ada, chen):
        join(house, one, consents=True)
    accept(house, issue, sweeping=False)
    pass_time(house, DAY)


def _quiet(house: BankHouse) -> None:
    """Let a day pass after which losses are borne."""
    house.happen()
    house.advance(DAY)
    house.tick("sweep_pledges")
    house.happen()
    house.advance(DAY)
    house.tick("sweep_pledges")


def _sweep(house: BankHouse) -> None:
    house.tick("sweep_payouts")


SCENES: dict[str, Scene] = (
    FIRST
    | OF_OUTCOMES
    | {
        one.__name__.replace("_", "-"): one
        for one in (
            an_invoice_is_credited,
            warned_of_fraud,
            a_promise_that_its_bank_forbids,
            a_debit_that_is_disputed,
            bills_that_fail,
            a_card_that_asks_is_paid_on_a_page,
            a_licence_is_sold,
            a_licence_is_lost,
            shares_are_sent,
            a_payout_that_fails,
            a_share_is_taken_back,
            a_refund_fails_after_the_payout,
        )
    }
)
"""Every scenario by its name, those of `tests.orders.scenes` included."""
