"""The house beside a bank: the sandbox's Stripe, its browser pages, and our cashier.

`bank_house.settle()` lets money move as everything else happens; `bank_house.pay(url)` fills in
the page on which somebody pays.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from bot import running
from bot.cashier import Cashier
from bot.sandbox.stripe.server import StripeSandbox
from tests.economy import PLAIN
from tests.house import House, sooner

PAYS = "4242424242424242"


class BankHouse(House):
    """A house with a bank beside it."""

    bank: StripeSandbox
    _next_bank: StripeSandbox

    def restart(self) -> None:
        """Begin a new life of the worker's process, the cashier's too."""
        super().restart()
        processor = self.worker.world.processor
        assert processor is not None
        self.cashier = Cashier(self.app, processor, self.clock, f"cashier-{self._lives}")

    @classmethod
    def _neighbours(cls, stack: ExitStack, now: list[datetime]) -> dict[str, str]:
        bank = stack.enter_context(StripeSandbox.start(clock=lambda: now[0]))
        cls._next_bank = bank
        return {
            "STRIPE_API_KEY": bank.api_key,
            "STRIPE_API_BASE": bank.url,
            "STRIPE_WEBHOOK_SECRET": bank.webhook_secret,
        }

    def connect(self) -> None:
        """Let the bank know where to tell what happens."""
        self.bank = self._next_bank
        self.bank.hooks.url = f"{self.url}/webhooks/stripe"

    def _happen(self) -> None:
        while True:
            super()._happen()
            self.bank.bank.turn()
            moved = len(self.bank.hooks.deliver_all())
            self.delivered += moved
            if not moved and not self.rounds.step("cashier", self.app.writes, self.cashier.step):
                return

    def _next_at(self) -> datetime | None:
        cashier = self.rounds.next_at("cashier", self.app.writes, self.cashier.next_at)
        return sooner(super()._next_at(), cashier)

    def pay(self, url: str, card: str = PAYS, **more: str) -> httpx.Response:
        """Fill in the page of the bank with a card."""
        form = {"email": "bo@example.org", "name": "Bo Backer", "card": card, "by": "card"}
        return httpx.post(url, data=form | {"bank": "seen"} | more, verify=PLAIN)


@pytest.fixture
def bank_house(databases: tuple[str, str], tmp_path: Path) -> Iterator[BankHouse]:
    """A house with everything that the product does, and a bank."""
    running.register_handlers()
    with BankHouse.open(databases, tmp_path) as opened:
        opened.connect()
        yield opened
        assert opened.sandbox.violations == []
