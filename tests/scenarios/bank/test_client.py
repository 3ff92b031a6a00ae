"""Our door to Stripe: what it asks reaches Stripe whole, and what it reads is what is there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.sandbox import failures
from donations.asked import (
    ChargeCard,
    EndGiving,
    Forget,
    GiveBack,
    Introduce,
    OpenSession,
    Send,
    TakeBack,
)
from donations.processor import Away, Declined, Gone, Locked, Rejected
from donations.stripe_client import Stripe
from tests.scenarios.bank.test_sandbox import ASKS, LATER, PAYS, Play

PAGES = {"success_url": "http://x.test/ok", "cancel_url": "http://x.test/no"}


@pytest.fixture
def play() -> Iterator[Play]:
    made = Play()
    yield made
    made.browser.close()
    made.stripe.stop()


@pytest.fixture
def ours(play: Play) -> Stripe:
    return Stripe(play.stripe.api_key, play.stripe.url)


def opened(mode: str = "payment", about: str = "gift:1", **more: object) -> OpenSession:
    return OpenSession(about, mode, 2500, "EUR", "A gift", **PAGES, **more)


def test_a_gift_is_paid_given_back_in_part_and_read_with_its_fee(play: Play, ours: Stripe) -> None:
    done = ours.perform(opened(locale="fr", email="bo@example.org"), "k1")
    assert ours.perform(opened(locale="fr", email="bo@example.org"), "k1") == done
    play.fill_in(done.url, PAYS)
    session = ours.look("session", done.object_id)
    assert (session.payment_status, session.about, session.amount) == ("paid", "gift:1", 2500)
    intent = ours.look("intent", session.intent_id)
    assert intent.charge is not None
    assert intent.charge.movement is not None
    assert (intent.about, intent.charge.about) == ("gift:1", "gift:1")
    back = ours.perform(GiveBack("gift:1", intent.charge.id, 300), "k2")
    refund = ours.look("refund", back.object_id)
    assert refund.movement is not None
    assert (refund.status, refund.movement.net) == ("succeeded", -300)
    assert ours.look("charge", intent.charge.id).refunded == 300
    found = list(ours.movements(play.now - timedelta(days=1)))
    assert {one.id for one in found} == {intent.charge.movement.id, refund.movement.id}
    assert sum(one.net for one in found) == sum(
        one.available + one.pending for one in ours.balances()
    )
    names = [one.kind for one in ours.happened(play.now - timedelta(days=1)) if one.kind]
    assert names[:2] == ["charge", "refund"]


def test_a_saved_card_is_charged_once_asks_or_declines(play: Play, ours: Stripe) -> None:
    kept = {}
    for card in (PAYS, ASKS, LATER):
        done = ours.perform(opened("setup", f"pledge:{card[-4:]}"), card)
        play.fill_in(done.url, card, bank="seen")
        kept[card] = ours.look("setup", ours.look("session", done.object_id).setup_id)

    def charge(card: str, key: str) -> object:
        held = kept[card]
        about = f"pledge:{card[-4:]}"
        call = ChargeCard(about, 1000, "EUR", held.customer_id, held.method_id, "A promise kept")
        return ours.perform(call, key)

    assert charge(PAYS, "a:1") == charge(PAYS, "a:1")
    with pytest.raises(Declined) as asked:
        charge(ASKS, "b:1")
    assert asked.value.asks
    assert ours.look("intent", asked.value.intent_id).asks
    with pytest.raises(Declined) as refused:
        charge(LATER, "c:1")
    assert (refused.value.asks, refused.value.code) == (False, "generic_decline")
    ours.perform(Forget("x", kept[PAYS].customer_id), "d:1")
    with pytest.raises(Gone):
        charge(PAYS, "a:2")


def test_payees_and_monthly_gifts(play: Play, ours: Stripe) -> None:
    payee = ours.perform(Introduce("payee:7", "FR"), "p").object_id
    assert not ours.look("payee", payee).payable
    page = ours.onboarding(payee, "http://x.test/back", "http://x.test/again")
    play.browser.post(page, data={"able": "yes"})
    assert ours.look("payee", payee).payable
    done = ours.perform(opened("subscription", "member:1", interval="month"), "s")
    play.fill_in(done.url, PAYS)
    giving = ours.look("subscription", ours.look("session", done.object_id).subscription_id)
    assert (giving.status, giving.about, giving.interval) == ("active", "member:1", "month")
    bill_id = next(play.stripe.bank.all("invoice"))["id"]
    bill = ours.look("bill", bill_id)
    charge = ours.look("intent", bill.intent_id).charge
    assert charge is not None
    sent = ours.perform(Send("reward:1", payee, 900, "EUR", charge.id), "t").object_id
    ours.perform(TakeBack("reward:1", sent, 400), "r")
    transfer = ours.look("transfer", sent)
    assert [one.amount for one in transfer.reversals] == [400]
    assert transfer.reversals[0].movement is not None
    ours.perform(EndGiving("member:1", giving.id), "e")
    assert ours.look("subscription", giving.id).status == "canceled"


def test_what_goes_wrong_is_told_apart(play: Play, ours: Stripe) -> None:
    with pytest.raises(Gone):
        ours.look("charge", "ch_none")
    with pytest.raises(Rejected, match="amount_too_small"):
        ours.perform(OpenSession("g", "payment", 1, "EUR", "w", **PAGES), "k")
    with pytest.raises(Locked):
        Stripe("sk_test_other", play.stripe.url).balances()
    for how in (failures.status(500), failures.status(429), failures.reset()):
        play.stripe.fail("GET", "/v1/balance", how)
        with pytest.raises(Away):
            ours.balances()
    assert ours.balances() == ()
    assert (ours.live, Stripe("rk_live_x", play.stripe.url).live) == (False, True)
