"""What we send to Stripe and read of it, and what the sandbox's Stripe answers, is what Stripe publishes."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import stripe

from bot.sandbox.serving import Request, Response
from bot.sandbox.stripe import troubles
from bot.sandbox.stripe.server import StripeSandbox
from donations import stripe_client, stripe_reading
from donations.asked import (
    Call,
    ChargeCard,
    EndGiving,
    Forget,
    GiveBack,
    Introduce,
    OpenSession,
    Send,
    TakeBack,
)
from donations.processor import ProcessorError
from donations.stripe_client import Stripe
from donations.told import Intent, Session
from tests.contracts.stripe_shapes import EXAMPLES, OBJECTS, fields_of, loaded, misfits, params_of
from tests.economy import PLAIN

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
PAGES = {"success_url": "http://x.test/ok", "cancel_url": "http://x.test/no"}
PAYS = "4242424242424242"


class Tour:
    """Our own client at the sandbox's Stripe, with all that was asked and answered."""

    def __init__(self) -> None:
        self.now = NOW
        self.seen: list[tuple[Request, Response]] = []
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        self.sandbox = StripeSandbox.start(clock=lambda: self.now)
        self.sandbox.watch = lambda request, response: self.seen.append((request, response))
        self.stripe = Listened(self.sandbox.api_key, self.sandbox.url, self.sent)
        self._keys = iter(range(1000))

    def do(self, call: Call) -> str:
        key = f"key-{next(self._keys)}"
        done = self.stripe.perform(call, key).object_id
        found = self.stripe.came_of(call, key, self.now - timedelta(hours=1))
        assert [one.certain for one in found] in ([True], [])
        return done

    def pay(self, session: str, **more: str) -> Session:
        url = f"{self.sandbox.url}/checkout/{session}"
        form = {"email": "bo@example.org", "name": "Bo", "card": PAYS, "by": "card"}
        assert httpx.post(url, data=form | more, verify=PLAIN).status_code == 303
        return self.stripe.look("session", session)


class Listened(Stripe):
    """Our client, whose requests are kept as it makes them."""

    def __init__(self, key: str, base: str, sent: list[tuple[str, str, dict[str, Any]]]) -> None:
        super().__init__(key, base)
        self._sent = sent

    def _ask(self, method: str, path: str, fields: dict[str, Any], key: str = "") -> Any:
        self._sent.append((method, path, fields))
        return super()._ask(method, path, fields, key)


@pytest.fixture(scope="module")
def tour() -> Iterator[Tour]:
    made = Tour()
    walk(made)
    yield made
    made.sandbox.stop()


def walk(tour: Tour) -> None:
    """Ask for everything that we ever ask for."""
    of_promise = _pay_and_promise(tour)
    _send_and_take_back(tour, of_promise)
    see, bank = tour.stripe.look, tour.sandbox.bank
    disputed = troubles.disputed(bank, bank.find("charge", of_promise))
    see("dispute", disputed["id"])
    see("warning", troubles.warned(bank, bank.find("charge", of_promise))["id"])
    tour.stripe.balances()
    list(tour.stripe.movements(NOW - timedelta(days=1)))
    list(tour.stripe.happened(NOW - timedelta(days=1)))


def _pay_and_promise(tour: Tour) -> str:
    """Pay once, again and again, and by a card that was saved; gives the charge of the last."""
    see, bank = tour.stripe.look, tour.sandbox.bank
    once = OpenSession("gift:1", "payment", 2500, "EUR", "A gift", **PAGES, locale="fr")
    intent = see("intent", tour.pay(tour.do(once)).intent_id)
    assert isinstance(intent, Intent)
    assert intent.charge is not None
    back = tour.do(GiveBack("gift:1", intent.charge.id, 300))
    see("charge", intent.charge.id)
    troubles.refund_fails(bank, bank.find("refund", back))
    see("refund", back)
    ends_at = NOW + timedelta(hours=2)
    kept = OpenSession("gift:2", "setup", 0, "EUR", "A promise", **PAGES, expires_at=ends_at)
    card = see("setup", tour.pay(tour.do(kept)).setup_id)
    charging = ChargeCard("gift:2", 5000, "EUR", card.customer_id, card.method_id, "A promise")
    charge = see("intent", tour.do(charging)).charge.id
    monthly = OpenSession(
        "gift:3", "subscription", 900, "EUR", "A gift", **PAGES, interval="month"
    )
    going = tour.pay(tour.do(monthly))
    see("subscription", going.subscription_id)
    see("bill", next(bank.all("invoice"))["id"])
    tour.do(EndGiving("gift:3", going.subscription_id))
    tour.do(Forget("gift:2", card.customer_id))
    return charge


def _send_and_take_back(tour: Tour, charge: str) -> None:
    payee = tour.do(Introduce("payee:7", "FR"))
    page = tour.stripe.onboarding(payee, "http://x.test/back", "http://x.test/again")
    assert httpx.post(page, data={"able": "yes"}, verify=PLAIN).status_code == 303
    tour.stripe.look("payee", payee)
    sent = tour.do(Send("share:1", payee, 1000, "EUR", charge))
    tour.do(TakeBack("share:1", sent, 400))
    tour.stripe.look("transfer", sent)


def test_the_types_are_of_the_version_that_is_spoken() -> None:
    assert loaded() == stripe_client.API_VERSION == stripe.api_version


def test_every_request_says_what_stripe_publishes(tour: Tour) -> None:
    problems, heard = [], set()
    for method, path, fields in tour.sent:
        name = f"{method} {re.sub(r'/[a-z]+_[A-Za-z0-9_]*[0-9][A-Za-z0-9_]*', '/{}', path)}"
        if set(fields) <= {"expand"}:
            continue
        heard.add(name)
        problems += misfits(fields, params_of(name), name)
    assert problems == []
    assert len(heard) == 15


def test_every_answer_of_the_sandbox_is_an_object_as_stripe_publishes_it(tour: Tour) -> None:
    problems = set()
    for _request, response in tour.seen:
        if response.status != 200:
            continue
        for one in _objects(response.decoded()):
            kind = OBJECTS.get(one.get("object", ""))
            if kind is not None and not one.get("deleted"):
                problems.update(misfits(one, kind, one["object"]))
    assert not problems, "\n".join(sorted(problems))


def _objects(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, list):
        for one in found:
            yield from _objects(one)
    elif isinstance(found, dict):
        if isinstance(found.get("object"), str):
            yield found
        for one in found.values():
            yield from _objects(one)


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() & stripe_reading.KINDS.keys()))
def test_what_stripe_gives_as_an_example_is_read(name: str) -> None:
    kind = stripe_reading.KINDS[name]
    example = EXAMPLES[name]
    read = (
        stripe_reading.transfer(example, [EXAMPLES["transfer_reversal"]])
        if kind == "transfer"
        else stripe_reading.PLAIN[kind](example)
    )
    assert read.id == example["id"]
    known = Known(example, OBJECTS[name])
    if kind != "transfer":
        stripe_reading.PLAIN[kind](known)
    assert known.strange == set()


def test_a_movement_and_an_event_are_read() -> None:
    movement = stripe_reading.movement(EXAMPLES["balance_transaction"])
    assert movement.net == movement.amount - movement.fee
    assert stripe_reading.happened(EXAMPLES["event"]).id == EXAMPLES["event"]["id"]


class Known(dict[str, Any]):
    """An object that notices when something is read that Stripe does not publish."""

    def __init__(self, of: dict[str, Any], kind: type) -> None:
        super().__init__(of)
        self.strange: set[str] = set()
        self._published = set(fields_of(kind))

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def _note(self, name: str) -> None:
        if name not in self._published:
            self.strange.add(name)


def test_a_request_that_stripe_does_not_publish_is_noticed() -> None:
    wanted = params_of("post /v1/refunds")
    assert misfits({"charge": "ch_1", "amount": 300}, wanted, "it") == []
    assert misfits({"charge": "ch_1", "sum": 300}, wanted, "it") == ["it.sum is not published"]
    assert misfits({"amount": "300"}, wanted, "it") == ["it.amount: '300' is no int"]
    with pytest.raises(ProcessorError):
        Tour().stripe.look("charge", "ch_none")


def test_examples_are_whole() -> None:
    assert json.dumps(EXAMPLES, sort_keys=True)
    assert all(one.get("object") == name for name, one in EXAMPLES.items())
