"""The sandbox's Stripe behaves as Stripe does, seen through Stripe's own client and a browser's forms."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import stripe

from bot.sandbox import failures
from bot.sandbox.stripe.server import StripeSandbox
from tests.economy import PLAIN

PAYS, DECLINED, ASKS = "4242424242424242", "4000000000000002", "4000002760003184"
DISPUTES, LATER = "4000000000000259", "4000000000000341"
ITEM = {
    "price_data": {"currency": "eur", "unit_amount": 2500, "product_data": {"name": "Help"}},
    "quantity": 1,
}


class Play:
    """A Stripe, its client, and somebody at a browser."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 10, tzinfo=UTC)
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.there = True
        self.stripe = StripeSandbox.start(webhook_url="http://127.0.0.1:9/x", clock=self.clock)
        self.stripe.hooks.post = self._hear
        self.api = stripe.StripeClient(
            self.stripe.api_key, base_addresses={"api": self.stripe.url}, max_network_retries=0
        ).v1
        self.browser = httpx.Client(verify=PLAIN)

    def clock(self) -> datetime:
        return self.now

    def _hear(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict, bytes]:
        self.heard.append((headers, body))
        return (202 if self.there else 503), {}, b""

    def session(self, **more: object) -> stripe.checkout.Session:
        given = {"mode": "payment", "line_items": [ITEM], "success_url": "http://x.test/ok"}
        return self.api.checkout.sessions.create(given | more)

    def fill_in(self, url: str, card: str, **more: str) -> httpx.Response:
        form = {"email": "bo@example.org", "name": "Bo", "card": card, "by": "card"}
        return self.browser.post(url, data=form | more)

    def kinds(self) -> list[str]:
        return [event["type"] for event in self.stripe.bank.events]


@pytest.fixture
def play() -> Iterator[Play]:
    made = Play()
    yield made
    made.browser.close()
    made.stripe.stop()


def test_a_payment_goes_from_the_page_to_the_balance(play: Play) -> None:
    opened = play.session(payment_intent_data={"metadata": {"gift": "7"}})
    assert "25.00 EUR" in play.browser.get(opened.url).text

    assert play.fill_in(opened.url, DECLINED).status_code == 422
    done = play.fill_in(opened.url, PAYS)

    assert (done.status_code, done.headers["location"]) == (303, "http://x.test/ok")
    paid = play.api.checkout.sessions.retrieve(
        opened.id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )
    charge = paid.payment_intent.latest_charge
    assert (paid.payment_status, charge.metadata["gift"]) == ("paid", "7")
    assert charge.balance_transaction.net == 2500 - charge.balance_transaction.fee
    assert play.kinds()[-3:] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    assert play.api.balance.retrieve().pending[0].amount == charge.balance_transaction.net
    assert play.fill_in(opened.url, PAYS).status_code == 400, "a session is paid once"


def test_a_key_repeats_the_answer_and_refuses_other_words(play: Play) -> None:
    given = {"email": "bo@example.org"}
    first = play.api.customers.create(given, {"idempotency_key": "a"})
    assert play.api.customers.create(given, {"idempotency_key": "a"}).id == first.id
    with pytest.raises(stripe.IdempotencyError):
        play.api.customers.create({"email": "other@example.org"}, {"idempotency_key": "a"})
    play.stripe.fail("POST", "/v1/customers", failures.reset_after())
    with pytest.raises(stripe.APIConnectionError):
        play.api.customers.create(given, {"idempotency_key": "b"})
    made = play.api.customers.create(given, {"idempotency_key": "b"})
    assert [made.id] == [one["id"] for one in play.stripe.bank.all("customer")][:1]
    assert len(list(play.stripe.bank.all("customer"))) == 2


def test_a_saved_card_is_charged_later_or_asks_for_its_holder(play: Play) -> None:
    opened = play.session(mode="setup", currency="eur", line_items=[])
    assert "is it you" in play.fill_in(opened.url, ASKS).text
    assert play.fill_in(opened.url, ASKS, bank="seen").status_code == 303
    kept = play.api.checkout.sessions.retrieve(opened.id, {"expand": ["setup_intent"]})
    with pytest.raises(stripe.CardError) as refused:
        play.api.payment_intents.create(
            {
                "amount": 1000,
                "currency": "eur",
                "customer": kept.customer,
                "payment_method": kept.setup_intent.payment_method,
                "confirm": True,
                "off_session": True,
            }
        )
    assert refused.value.code == "authentication_required"
    assert play.kinds()[-1] == "payment_intent.payment_failed"


def test_a_dispute_takes_the_money_and_a_victory_gives_it_back(play: Play) -> None:
    opened = play.session()
    play.fill_in(opened.url, DISPUTES)
    charge = play.api.charges.list().data[0]
    dispute = play.api.disputes.list().data[0]
    assert dispute.status == "needs_response"
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        play.api.refunds.create({"charge": charge.id})
    play.browser.post(f"{play.stripe.url}/acts/win/{dispute.id}")
    assert play.api.disputes.retrieve(dispute.id).status == "won"
    moved = {one.reporting_category: one.net for one in play.api.balance_transactions.list().data}
    assert moved["dispute"] == -2500 - 1500
    assert moved["dispute_reversal"] == 2500
    assert play.api.refunds.create({"charge": charge.id, "amount": 300}).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        play.api.refunds.create({"charge": charge.id, "amount": 2201})


def test_payees_are_paid_once_they_have_said_who_they_are(play: Play) -> None:
    opened = play.session()
    play.fill_in(opened.url, PAYS)
    charge = play.api.charges.list().data[0]
    payee = play.api.accounts.create({"type": "express", "country": "FR"})
    wanted = {"currency": "eur", "destination": payee.id, "source_transaction": charge.id}
    with pytest.raises(stripe.InvalidRequestError, match="capabilities"):
        play.api.transfers.create(wanted | {"amount": 1000})
    link = play.api.account_links.create(
        {
            "account": payee.id,
            "return_url": "http://x.test/back",
            "refresh_url": "http://x.test/again",
            "type": "account_onboarding",
        }
    )
    assert play.browser.get(link.url).status_code == 200
    done = play.browser.post(link.url, data={"able": "yes"})
    assert done.headers["location"] == "http://x.test/back"
    sent = play.api.transfers.create(wanted | {"amount": 1000})
    with pytest.raises(stripe.InvalidRequestError, match="more than it was"):
        play.api.transfers.create(wanted | {"amount": 1501})
    play.api.transfers.reversals.create(sent.id, {"amount": 400})
    assert play.api.transfers.retrieve(sent.id).amount_reversed == 400


def test_giving_monthly_goes_on_until_it_is_ended(play: Play) -> None:
    price = ITEM["price_data"] | {"recurring": {"interval": "month"}}
    opened = play.session(mode="subscription", line_items=[{"price_data": price, "quantity": 1}])
    assert play.fill_in(opened.url, LATER).status_code == 303
    play.now += timedelta(days=31)
    bills = play.api.invoices.list({"expand": ["data.payments.data.payment.payment_intent"]}).data
    assert [bill.status for bill in bills] == ["open", "paid"]
    assert bills[1].payments.data[0].payment.payment_intent.status == "succeeded"
    ongoing = play.api.subscriptions.retrieve(bills[0].parent.subscription_details.subscription)
    assert ongoing.status == "past_due"
    play.api.subscriptions.cancel(ongoing.id)
    assert play.kinds()[-1] == "customer.subscription.deleted"


def test_events_are_signed_come_again_and_are_listed(play: Play) -> None:
    opened = play.session()
    play.fill_in(opened.url, "", by="debit")
    assert play.api.checkout.sessions.retrieve(opened.id).payment_status == "unpaid"
    play.there = False
    assert set(play.stripe.hooks.deliver_all()) == {503}
    play.there = True
    assert set(play.stripe.hooks.deliver_all()) == {202}
    headers, body = play.heard[-1]
    event = stripe.Webhook.construct_event(
        body,
        headers["Stripe-Signature"],
        play.stripe.webhook_secret,
        tolerance=10**9,
    )
    assert event.type == "checkout.session.completed"
    play.stripe.hooks.lose()
    play.browser.post(f"{play.stripe.url}/acts/arrive/{opened.id}")
    listed = [one.type for one in play.api.events.list({"limit": 100}).auto_paging_iter()]
    assert listed[0] == "checkout.session.async_payment_succeeded"
    assert sorted(listed) == sorted(play.kinds())


def test_sessions_run_out_and_pages_speak_french(play: Play) -> None:
    opened = play.session()
    french = play.browser.get(opened.url, headers={"accept-language": "fr"})
    assert "Quelle carte jouez-vous" in french.text
    play.now += timedelta(days=1)
    assert play.api.checkout.sessions.retrieve(opened.id).status == "expired"
    assert play.kinds()[-1] == "checkout.session.expired"
    assert play.browser.get(f"{play.stripe.url}/").status_code == 200
    assert play.browser.get(f"{play.stripe.url}/none").status_code == 404
    stranger = {"origin": "http://elsewhere.test"}
    assert play.browser.post(opened.url, headers=stranger).status_code == 403
