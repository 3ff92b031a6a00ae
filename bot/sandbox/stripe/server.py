"""The sandbox's Stripe as a running thing on a port of this machine."""

import re
from collections.abc import Callable
from types import TracebackType

from bot.sandbox.failures import LONGEST_HANG, Failure, Failures, How
from bot.sandbox.serving import Request, Response, Server
from bot.sandbox.stripe import billing, checkout, connect, payments, payouts, troubles
from bot.sandbox.stripe.bank import Bank
from bot.sandbox.stripe.calls import Counter
from bot.sandbox.stripe.hooks import Hooks
from bot.sandbox.stripe.web import Web
from core.clock import Clock, system_clock

API_KEY = "sk_test_sandbox"
WEBHOOK_SECRET = "whsec_a_secret_between_two_halves_of_the_sandbox"  # noqa: S105 - protects nothing
SUBJECTS = (payments, checkout, billing, troubles, connect, payouts)
"""Imported so that their endpoints are registered."""


class StripeSandbox:
    """A Stripe of one's own: `url` for programs and people, `bank` for tests."""

    def __init__(self, bank: Bank, host: str, port: int, hooks: Hooks, api_key: str) -> None:
        """Listen; use `start` instead."""
        self.bank = bank
        self.hooks = hooks
        self.api_key = api_key
        self.failures = Failures()
        self._counter = Counter(bank, api_key)
        self._web = Web(bank)
        self._server = Server(host, port, self._answer)
        self.url = bank.web_url = f"http://{host}:{self._server.port}"
        self.requests: list[tuple[str, str, int]] = []
        self.watch: Callable[[Request, Response], None] = lambda request, response: None
        bank.on_time += [checkout.run_out, billing.renew, troubles.come_due]

    @classmethod
    def start(
        cls,
        port: int = 0,
        *,
        webhook_url: str | None = None,
        webhook_secret: str = WEBHOOK_SECRET,
        api_key: str = API_KEY,
        clock: Clock = system_clock,
        host: str = "127.0.0.1",
        live: bool = False,
    ) -> "StripeSandbox":
        """Start a Stripe in test mode; `live` delivers webhooks as things happen."""
        bank = Bank(clock)
        sandbox = cls(bank, host, port, Hooks(bank, webhook_url, webhook_secret), api_key)
        sandbox._server.start()
        if live:
            sandbox.hooks.start()
        return sandbox

    @property
    def webhook_secret(self) -> str:
        """What webhooks are signed with."""
        return self.hooks.secret

    def stop(self) -> None:
        """Stop serving and delivering."""
        self.failures.clear()
        self.hooks.stop()
        self._server.stop()

    def __enter__(self) -> "StripeSandbox":
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def fail(self, method: str, path_pattern: str, how: How, times: int = 1) -> Failure:
        """Let the next `times` API requests fail that have this method and a matching path."""
        return self.failures.add(Failure(method, re.compile(path_pattern), how, times))

    def _answer(self, request: Request) -> Response:
        if not request.path.startswith("/v1/"):
            return self._web(request)
        response = self._with_failures(request)
        self.requests.append((request.method, request.path, response.status))
        self.watch(request, response)
        return response

    def _with_failures(self, request: Request) -> Response:
        failure = self.failures.take(request)
        how = failure.how if failure else None
        before = how.before(request) if how and how.before else request
        response = before if isinstance(before, Response) else self._counter(before)
        if how and how.after:
            response = how.after(request, response)
        if failure and how and how.hangs:
            failure.released.wait(LONGEST_HANG)
        return response
