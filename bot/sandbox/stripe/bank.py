"""The ground of the sandbox's Stripe: every object by its id, its events, and what time brings.

Objects are dictionaries in the shape in which the API shows them, with ids where it nests
others; what an answer expands is put in when it is made. Amounts are in the smallest unit
that Stripe takes for a currency.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from core.clock import Clock

Json = dict[str, Any]

API_VERSION = "2026-10-28.endive"
"""The version whose shapes are spoken, https://docs.stripe.com/api/versioning."""

SETTLES_AFTER = timedelta(days=2)
"""How long a payment is pending before it can be transferred without naming it."""

DISPUTE_FEE = 1500

WITHOUT_MODE = frozenset(
    "account balance_transaction refund subscription_item transfer_reversal".split()
)
"""Objects of Stripe's that do not say whether real money moved."""

WITHOUT_METADATA = frozenset(
    "balance_transaction invoice_payment radar.early_fraud_warning".split()
)


def shown(inside: Any) -> Any:
    """Copy an object as the outside may see it: without what only the sandbox knows."""
    if isinstance(inside, dict):
        return {
            name: shown(value) for name, value in inside.items() if not name.startswith("sandbox_")
        }
    return [shown(one) for one in inside] if isinstance(inside, list) else inside


class Refused(Exception):
    """An error as Stripe answers it, https://docs.stripe.com/api/errors."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        **more: object,
    ) -> None:
        """Keep what the answer says; `more` are further fields of the error."""
        super().__init__(message)
        self.status = status
        self.error: Json = {"type": kind, "message": message, "code": code, **more}


class Bank:
    """Everything that exists at this Stripe. `lock` guards all of it."""

    def __init__(self, clock: Clock, *, livemode: bool = False) -> None:
        """Start with nothing; ids begin with the present instant, so that none ever comes back."""
        self.clock = clock
        self.livemode = livemode
        self.lock = threading.RLock()
        self.web_url = "http://sandbox.invalid"
        self.objects: dict[str, Json] = {}
        self.events: list[Json] = []
        self.on_event: Callable[[Json], None] = lambda event: None
        self.on_time: list[Callable[[Bank], None]] = []
        self.settles_in = ""
        self.rates: dict[str, Fraction] = {}
        self._base = format(int((clock().timestamp() - 1_700_000_000) * 1000), "x")
        self._count = 0

    @property
    def now(self) -> int:
        """The present second, since the epoch."""
        return int(self.clock().timestamp())

    def after(self, span: timedelta) -> int:
        """Give the second that comes `span` from now."""
        return self.now + int(span.total_seconds())

    def make(self, prefix: str, kind: str, **fields: Any) -> Json:
        """Make an object with an id of its own."""
        self._count += 1
        made: Json = {
            "id": f"{prefix}_{self._base}{self._count:06d}",
            "object": kind,
            "created": self.now,
            **({} if kind in WITHOUT_MODE else {"livemode": self.livemode}),
            **({} if kind in WITHOUT_METADATA else {"metadata": {}}),
            **fields,
        }
        self.objects[made["id"]] = made
        return made

    def find(self, kind: str, number: object) -> Json:
        """Find an object by its id. Raises `Refused` with 404."""
        found = self.objects.get(str(number))
        if found is None or found["object"] != kind:
            raise Refused(
                f"No such {kind}: '{number}'", status=404, code="resource_missing", param="id"
            )
        return found

    def all(self, kind: str) -> Iterator[Json]:
        """Give every object of a kind, the newest first."""
        return (one for one in reversed(self.objects.values()) if one["object"] == kind)

    def tell(self, event_type: str, about: Json, account: str | None = None) -> None:
        """Write down that something happened, and tell whoever listens."""
        self._count += 1
        event: Json = {
            "id": f"evt_{self._base}{self._count:06d}",
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now,
            "data": {"object": shown(about)},
            "livemode": self.livemode,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": event_type,
        }
        if account:
            event["account"] = account
        self.events.append(event)
        self.on_event(event)

    def turn(self) -> None:
        """Let happen what time has brought: sessions that run out, subscriptions that renew."""
        with self.lock:
            for bring in self.on_time:
                bring(self)

    def post(self, kind: str, amount: int, currency: str, source: Json, **more: Any) -> Json:
        """Write a movement of the balance, less a `fee`; `pending` says when it is available.

        It is written in the currency in which the account settles, at the present rate.
        """
        fee, rate = more.pop("fee", 0), self.rates.get(currency)
        if rate is not None:
            amount, fee = round(amount * rate), round(fee * rate)
            currency = self.settles_in
        pending: datetime | None = more.pop("pending", None)
        return self.make(
            "txn",
            "balance_transaction",
            type=kind,
            reporting_category=more.pop("category", kind),
            amount=amount,
            currency=currency,
            fee=fee,
            fee_details=[
                {"amount": fee, "currency": currency, "type": "stripe_fee", "application": None}
            ]
            if fee
            else [],
            net=amount - fee,
            exchange_rate=float(rate) if rate is not None else None,
            source=source["id"],
            status="pending" if pending else "available",
            available_on=int(pending.timestamp()) if pending else self.now,
            **more,
        )

    def settle_in(self, currency: str, **rates: Fraction) -> None:
        """Settle payments in other currencies in this one: `rates` turn their units into its own."""
        self.settles_in, self.rates = currency, rates

    def balance(self) -> Json:
        """Give what is available and what is pending, by currency."""
        sums: dict[str, dict[str, int]] = {"available": {}, "pending": {}}
        for one in self.all("balance_transaction"):
            kind = "available" if one["available_on"] <= self.now else "pending"
            of = sums[kind]
            of[one["currency"]] = of.get(one["currency"], 0) + one["net"]
        return {
            "object": "balance",
            "livemode": self.livemode,
            **{
                kind: [{"amount": amount, "currency": name} for name, amount in sorted(of.items())]
                for kind, of in sums.items()
            },
        }
