"""What happens at Stripe reaches our side once, however it is told; what we ask for is asked once."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.money import seen
from bot.money.seen import Look
from bot.sandbox import failures
from core.context import Context
from donations import calls
from donations.asked import ChargeCard, OpenSession
from donations.calls import stripe_call
from donations.told import Charge, Session
from tests.bank import BankHouse
from webhooks.deliveries import delivery

PAGES = {"success_url": "http://x.test/ok", "cancel_url": "http://x.test/no"}


@pytest.fixture
def sights(monkeypatch: pytest.MonkeyPatch) -> list[Look]:
    """Everything that was looked at."""
    found: list[Look] = []

    def keep(look: Look, _ctx: Context, _connection: object) -> tuple[()]:
        found.append(look)
        return ()

    monkeypatch.setattr(
        seen, "_sights", {kind: [keep] for kind in ("session", "charge", "intent")}
    )
    return found


def ask(house: BankHouse, key: str = "gift:1") -> str:
    call = OpenSession(key, "payment", 2500, "EUR", "A gift", **PAGES)
    with house.app.write() as connection:
        calls.put(connection, call, key, house.now)
        calls.put(connection, call, key, house.now)
    house.settle()
    with house.app.read() as connection:
        kept = calls.by_key(connection, key)
    assert kept is not None
    assert kept.state == "done"
    return kept.url


def test_a_payment_is_heard_of_in_any_order_and_though_the_answer_was_lost(
    bank_house: BankHouse, sights: list[Look]
) -> None:
    bank_house.bank.fail("POST", "/v1/checkout/sessions", failures.reset_after())
    bank_house.bank.fail("POST", "/v1/checkout/sessions", failures.status(503))
    url = ask(bank_house)
    assert len(list(bank_house.bank.bank.all("checkout.session"))) == 1

    bank_house.bank.hooks.duplicate(3)
    bank_house.pay(url)
    bank_house.bank.hooks.shuffle(7)
    bank_house.settle()

    last = {type(one.seen): one for one in sights}
    assert last[Session].seen.payment_status == "paid"
    assert last[Charge].about == "gift:1"
    assert Counter(type(one.seen) for one in sights)[Charge] == 1, "a repetition is no news"


def test_events_that_never_came_are_found_in_the_list(
    bank_house: BankHouse, sights: list[Look]
) -> None:
    url = ask(bank_house)
    bank_house.settle()
    sights.clear()
    bank_house.bank.hooks.lose(99)
    bank_house.pay(url)
    bank_house.advance(timedelta(minutes=5))
    bank_house.tick("reconcile_stripe")
    bank_house.settle()
    assert {type(one.seen) for one in sights} >= {Session, Charge}
    sights.clear()
    bank_house.advance(timedelta(minutes=5))
    bank_house.tick("reconcile_stripe")
    bank_house.settle()
    assert sights == []


def test_what_is_no_event_of_ours_is_kept_and_changes_nothing(
    bank_house: BankHouse, sights: list[Look]
) -> None:
    bank = bank_house.bank.bank
    charge = bank.make("ch", "charge", amount=1)
    bank.livemode = True
    bank.tell("charge.succeeded", charge)
    bank.livemode = False
    bank.tell("charge.succeeded", {"id": "ch_none", "object": "charge"})
    bank.tell("some.newer_event", {"id": "new_1", "object": "newer", "more": {"odd": [1]}})
    bank.tell("charge.succeeded", {"id": 7, "object": ["charge"]})
    bank_house.settle()
    assert sights == []
    with bank_house.inbox.read() as connection:
        states = connection.scalars(select(delivery.c.state).where(delivery.c.source == "stripe"))
        assert Counter(states) == {"done": 3, "quarantined": 1}


def test_a_refused_charge_is_tried_again_under_another_key(bank_house: BankHouse) -> None:
    call = ChargeCard("pledge:1", 1000, "EUR", "", "pm_card_chargeDeclined", "A promise")
    with bank_house.app.write() as connection:
        calls.put(connection, call, "charge:1", bank_house.now)
    bank_house.settle()
    with bank_house.app.write() as connection:
        row = connection.execute(select(stripe_call)).one()
        assert (row.state, row.code, row.refusals) == ("failed", "generic_decline", 1)
        assert calls.again(connection, "charge:1", bank_house.now)
    bank_house.settle()
    kinds = Counter(one["type"] for one in bank_house.bank.bank.events)
    assert kinds["payment_intent.payment_failed"] == 2


def test_a_cashier_that_dies_leaves_no_second_charge(bank_house: BankHouse) -> None:
    call = ChargeCard("pledge:1", 1000, "EUR", "", "pm_card_visa", "A promise")
    with bank_house.app.write() as connection:
        calls.put(connection, call, "charge:1", bank_house.now)
    processor = bank_house.worker.world.processor
    assert processor is not None
    with bank_house.app.write() as connection:
        claims = calls.queue.claim(connection, "dead cashier", bank_house.now, 1)
        kept = calls.load(connection, claims[0])
    processor.perform(kept.call, kept.key)
    bank_house.restart()
    bank_house.settle()
    charged = [one for one in bank_house.bank.bank.all("charge") if one["paid"]]
    assert len(charged) == 1
    with bank_house.app.read() as connection:
        assert connection.scalar(select(stripe_call.c.state)) == "done"
