"""The one door to Stripe: the pinned SDK and API version stop here.

https://docs.stripe.com/api; `StripeClient` of stripe-python 16. Retries are ours to make, with
the same key or another: the SDK makes none.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

import stripe

from donations import stripe_finding as finding
from donations import stripe_reading as reading
from donations import stripe_writes as writes
from donations.asked import Call, Done, Found
from donations.processor import Away, Declined, Gone, Locked, ProcessorError, Rejected
from donations.stripe_reading import ASKS, Json
from donations.told import Balance, Happened, Kind, Movement, Seen

API_VERSION = "2026-10-28.endive"
"""Pinned, here and at the webhook endpoint: shapes change with it."""

WITHIN_S = 20
GONE = "account_invalid"
"""Whoever owns a connected account has cut the connection, https://docs.stripe.com/error-codes."""

A_PAGE = 100

_PLACES: Mapping[Kind, tuple[str, tuple[str, ...]]] = {
    "session": ("/v1/checkout/sessions/{}", ()),
    "intent": ("/v1/payment_intents/{}", ("latest_charge.balance_transaction",)),
    "setup": ("/v1/setup_intents/{}", ()),
    "charge": ("/v1/charges/{}", ("balance_transaction",)),
    "refund": (
        "/v1/refunds/{}",
        ("balance_transaction", "failure_balance_transaction"),
    ),
    "dispute": ("/v1/disputes/{}", ()),
    "transfer": ("/v1/transfers/{}", ("balance_transaction",)),
    "payee": ("/v1/accounts/{}", ()),
    "subscription": ("/v1/subscriptions/{}", ()),
    "bill": ("/v1/invoices/{}", ("payments",)),
    "warning": ("/v1/radar/early_fraud_warnings/{}", ()),
    "review": ("/v1/reviews/{}", ()),
    "mandate": ("/v1/mandates/{}", ()),
}
"""Where each kind is read, and what has to be read with it."""


class Stripe:
    """Stripe as our account sees it; a `Processor`."""

    def __init__(self, api_key: str, api_base: str) -> None:
        """Speak under a key; `rk_live_` and `sk_live_` move real money."""
        self._live = "_live_" in api_key
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": api_base},
            stripe_version=API_VERSION,
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=WITHIN_S),
        )

    @property
    def live(self) -> bool:
        """Real money moves."""
        return self._live

    def look(self, kind: Kind, object_id: str) -> Seen:
        """Read an object as it is now. Raises `Gone`."""
        place, expand = _PLACES[kind]
        found = self._ask("get", place.format(object_id), {"expand": list(expand)})
        if kind == "transfer":
            place = f"/v1/transfers/{object_id}/reversals"
            return reading.transfer(
                found, list(self._pages(place, {"expand": ["data.balance_transaction"]}))
            )
        return reading.PLAIN[kind](found)

    def perform(self, call: Call, key: str) -> Done:
        """Carry out a call; the same `key` never does it twice."""
        request = writes.request(call)
        found = self._ask(request.method, request.path, writes.named(request, key), key)
        if request.result:
            return Done(request.result)
        return Done(str(found["id"]), str(found.get("url") or ""))

    def came_of(self, call: Call, key: str, since: datetime) -> tuple[Found, ...]:
        """Look for what came of a call under a key; nothing is changed."""
        place = finding.place(call, since)
        return finding.found(call, key, self._pages(place.path, place.fields)) if place else ()

    def onboarding(self, payee_id: str, return_url: str, again_url: str) -> str:
        """Give the address where a payee says who they are; it is good for minutes."""
        fields = {
            "account": payee_id,
            "return_url": return_url,
            "refresh_url": again_url,
            "type": "account_onboarding",
        }
        return str(self._ask("post", "/v1/account_links", fields)["url"])

    def balances(self) -> tuple[Balance, ...]:
        """Give what is held for us."""
        found = self._ask("get", "/v1/balance", {})
        sums = {
            kind: {one["currency"].upper(): one["amount"] for one in found[kind]}
            for kind in ("available", "pending")
        }
        codes = sorted({*sums["available"], *sums["pending"]})
        return tuple(
            Balance(code, sums["available"].get(code, 0), sums["pending"].get(code, 0))
            for code in codes
        )

    def movements(self, since: datetime) -> Iterator[Movement]:
        """Give every movement of the balance since then, the newest first."""
        return map(reading.movement, self._since("/v1/balance_transactions", since))

    def happened(self, since: datetime) -> Iterator[Happened]:
        """Give the events since then, the newest first; 30 days are kept."""
        return map(reading.happened, self._since("/v1/events", since))

    def _since(self, place: str, since: datetime) -> Iterator[Json]:
        return self._pages(place, {"created": {"gte": int(since.timestamp())}})

    def _pages(self, place: str, wanted: Json) -> Iterator[Json]:
        fields: Json = {"limit": A_PAGE, **wanted}
        while True:
            page = self._ask("get", place, fields)
            yield from page["data"]
            if not page.get("has_more") or not page["data"]:
                return
            fields["starting_after"] = page["data"][-1]["id"]

    def _ask(self, method: str, path: str, fields: Json, key: str = "") -> Json:
        options: Any = {"idempotency_key": key} if key else {}
        answer = _judged(lambda: self._client.raw_request(method, path, **fields, **options))
        return cast("Json", answer.data)


def _judged(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except stripe.StripeError as error:
        raise _ours(error) from None


def _ours(error: stripe.StripeError) -> ProcessorError:
    """Say in our words what went wrong, https://docs.stripe.com/error-handling."""
    # The SDK leaves the code of a 403 in the body.
    status, code = error.http_status or 0, error.code or str(_told(error).get("code") or "")
    if isinstance(error, stripe.CardError):
        told = _told(error)
        declined = str(told.get("decline_code") or code)
        intent = told.get("payment_intent") or {}
        asks = ASKS in {code, declined}
        return Declined(declined, asks=asks, intent_id=str(intent.get("id", "")))
    if code == GONE:
        return Gone(code)
    if status in {401, 403}:
        return Locked(code or str(status))
    if status == HTTPStatus.NOT_FOUND:
        return Gone(code or "resource_missing")
    # Of other words under a known key: something was done before, and what has to be looked up.
    known = isinstance(error, stripe.IdempotencyError)
    if known or status in {0, 409, 429} or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Away(type(error).__name__)
    return Rejected(code or type(error).__name__)


def _told(error: stripe.StripeError) -> Json:
    body = error.json_body
    told = body.get("error") if isinstance(body, dict) else None
    return told if isinstance(told, dict) else {}
