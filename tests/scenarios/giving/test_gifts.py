"""A gift from the page of the bank to the books, and back: in any order, and exactly once."""

from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from bot.meters import meter
from bot.sandbox.stripe import troubles
from core.money import Money, to_stripe
from donations import calls
from donations import store as books
from donations.asked import OpenSession
from donations.giving import store
from donations.giving.store import Gift, Giver, Said
from donations.giving.terms import Terms
from donations.ledger import Cause, Entry, Transaction
from tests.bank import PAYS, BankHouse
from tests.scenarios.roadmap import wish

PAGES = {"success_url": "http://x.test/ok", "cancel_url": "http://x.test/no"}
TERMS = Terms("donation", (("feature", 2), ("builders", 1), ("project", 1)))
DISPUTES = "4000000000000259"


def give(house: BankHouse, money: Money, key: str = "a" * 32, rhythm: str = "once") -> Gift:
    """Say a gift and ask for the page where it is paid."""
    wish(house, 12, "Sort by season")
    said = Said(key, house.garden.repo.id, "I_12", "donation", rhythm, money, TERMS)
    with house.app.write() as connection:
        gift = store.say(connection, said, Giver(7, "Bo"), house.now)
        amount, mode = to_stripe(money), "payment" if rhythm == "once" else "subscription"
        call = OpenSession(
            gift.name, mode, amount, money.currency, "A gift", **PAGES, interval=rhythm
        )
        calls.put(connection, call, gift.name, house.now)
    house.settle()
    return gift


def page(house: BankHouse, gift: Gift) -> str:
    with house.app.read() as connection:
        kept = calls.by_key(connection, gift.name)
    assert kept is not None
    return kept.url


def ledger(house: BankHouse) -> dict[tuple[str, str], int]:
    with house.app.read() as connection:
        found = books.in_book(connection, f"project:{house.garden.repo.id}")
    assert not sum(found.values())
    return found


def standing(house: BankHouse, gift: Gift) -> tuple[str, int, int]:
    with house.app.read() as connection:
        found = store.standing(connection, gift)
        raised = store.raised(connection, gift.repo_id, gift.about)
        total, givers = raised.get(("donation", gift.money.currency), (0, 0))
    assert (total, givers) == (found.kept, int(found.kept > 0))
    return found.state, found.paid, found.returned


def test_a_gift_is_shared_fee_and_all_and_goes_back_in_parts(bank_house: BankHouse) -> None:
    gift = give(bank_house, Money(1003, "EUR"))
    assert standing(bank_house, gift) == ("open", 0, 0)
    bank_house.bank.hooks.duplicate(3)
    bank_house.pay(page(bank_house, gift))
    bank_house.bank.hooks.shuffle(3)
    bank_house.settle()

    assert standing(bank_house, gift) == ("paid", 1003, 0)
    sums = ledger(bank_house)
    fee = 1003 - sums["stripe:balance", "EUR"]
    assert fee > 0
    names = ("request:I_12", f"project:{gift.repo_id}", f"owed:builders-{gift.repo_id}")
    assert sum(sums[name, "EUR"] for name in names) == fee - 1003
    bank = bank_house.bank.bank
    charge = next(bank.all("charge"))
    for part in (300, 400):
        troubles.refunded(bank, charge, part, {})
        bank_house.settle()
    assert standing(bank_house, gift) == ("paid", 1003, 700)
    refund = next(bank.all("refund"))
    troubles.refund_fails(bank, refund)
    bank_house.settle()
    assert standing(bank_house, gift) == ("paid", 1003, 300)
    assert ledger(bank_house)[f"refund:gift-{gift.id}", "EUR"] == -400
    held = sum(one["net"] for one in bank.all("balance_transaction"))
    assert ledger(bank_house)["stripe:balance", "EUR"] == held


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_ends_the_same_in_whatever_order_it_is_heard(
    bank_house: BankHouse, won: bool
) -> None:
    gift = give(bank_house, Money(5000, "EUR"))
    bank_house.pay(page(bank_house, gift), DISPUTES)
    bank = bank_house.bank.bank
    bank.turn()
    troubles.dispute_ends(bank, next(bank.all("dispute")), won=won)
    waiting = list(bank_house.bank.hooks.waiting)
    about = [one for one in waiting if "dispute" in one["type"]]
    bank_house.bank.hooks.deliver_all()
    for order in list(permutations(about))[:6]:
        for event in order:
            bank_house.bank.hooks.again(event)
        bank_house.settle()
    assert standing(bank_house, gift) == (("paid", 5000, 0) if won else ("lost", 5000, 5000))
    held = sum(one["net"] for one in bank.all("balance_transaction"))
    assert ledger(bank_house)["stripe:balance", "EUR"] == held


def test_a_debit_counts_when_it_arrives_and_a_page_runs_out(bank_house: BankHouse) -> None:
    debit = give(bank_house, Money(2000, "EUR"), "b" * 32)
    bank_house.pay(page(bank_house, debit), "", by="debit")
    bank_house.settle()
    assert standing(bank_house, debit) == ("under_way", 0, 0)
    session = next(bank_house.bank.bank.all("checkout.session"))
    bank_house.pay(f"{bank_house.bank.url}/acts/arrive/{session['id']}")
    bank_house.settle()
    assert standing(bank_house, debit) == ("paid", 2000, 0)
    left = give(bank_house, Money(900, "JPY"), "c" * 32)
    bank_house.advance(timedelta(days=2))
    bank_house.settle()
    assert standing(bank_house, left) == ("over", 0, 0)


def test_monthly_gifts_come_again_and_their_refunds_find_them(bank_house: BankHouse) -> None:
    gift = give(bank_house, Money(500, "EUR"), rhythm="month")
    bank = bank_house.bank.bank
    price = {"unit_amount": 500, "currency": "eur"}
    data = {"items": {"data": [{"price": price}]}, "metadata": {"potluck": gift.name}}
    made = bank.make("sub", "subscription", status="incomplete", **data)
    bank.tell("customer.subscription.created", made)
    bank_house.settle()
    with bank_house.app.read() as connection:
        assert store.acts(connection, gift.id) == (), "its first payment may never come"
    assert bank_house.pay(page(bank_house, gift), PAYS).status_code == 303
    bank_house.settle()
    bank_house.advance(timedelta(days=31))
    bank_house.settle()
    assert standing(bank_house, gift) == ("paid", 1000, 0)
    troubles.refunded(bank, next(bank.all("charge")), 500, {})
    bank_house.settle()
    assert standing(bank_house, gift) == ("paid", 1000, 500)
    held = sum(one["net"] for one in bank.all("balance_transaction"))
    assert ledger(bank_house)["stripe:balance", "EUR"] == held


def test_a_night_finds_what_no_event_told(bank_house: BankHouse) -> None:
    gift = give(bank_house, Money(1000, "EUR"))
    bank_house.bank.hooks.lose(99)
    bank_house.pay(page(bank_house, gift))
    bank_house.settle()
    assert standing(bank_house, gift) == ("open", 0, 0)
    for _night in range(2):
        bank_house.advance(timedelta(days=1))
        bank_house.tick("reconcile_movements")
        bank_house.settle()
    assert standing(bank_house, gift) == ("paid", 1000, 0)
    strange = Transaction(
        f"project:{gift.repo_id}",
        Cause("stripe", "txn_of_nobody", "gift"),
        bank_house.now - timedelta(hours=2),
        (Entry("stripe:balance", Money(5, "EUR")), Entry("project:1", Money(-5, "EUR"))),
    )
    with bank_house.app.write() as connection:
        books.post(connection, strange, bank_house.now)
    bank_house.advance(timedelta(minutes=1))
    bank_house.tick("reconcile_movements")
    bank_house.settle()
    with bank_house.app.read() as connection:
        counted = connection.execute(
            select(meter.c.labels, meter.c.value).where(meter.c.name == "movements")
        ).all()
    assert [row.value for row in counted if "unknown" in row.labels] == [1]
