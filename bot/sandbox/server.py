"""The sandbox as a running thing: a GitHub on a port of this machine."""

import contextlib
import re
from collections import deque
from collections.abc import Callable, Iterator
from types import TracebackType

from bot.sandbox.api import Api
from bot.sandbox.auth import Tokens
from bot.sandbox.calls import Office
from bot.sandbox.cloning import Cloning
from bot.sandbox.failures import Failure, Failures, How
from bot.sandbox.hooks import Attempt, Hooks
from bot.sandbox.installing import throwaway_key
from bot.sandbox.records import App
from bot.sandbox.referee import Referee, Violation
from bot.sandbox.serving import Request, Response, Server
from bot.sandbox.shapes import Place
from bot.sandbox.stage import stage
from bot.sandbox.state import Seen
from bot.sandbox.world import World
from core.clock import Clock, system_clock

API_PREFIX = "/api/v3"
GRAPH_PREFIX = "/api"
APP_ID = 1234
WEBHOOK_SECRET = "a secret between the sandbox and nobody else"  # noqa: S105 - protects nothing


class Sandbox:
    """A GitHub of one's own: `api_url` for programs, `web_url` for people, `world` for tests.

    Start it with `Sandbox.start()`; it is a context manager that stops at the end. `watch` may
    be set to something that is shown every API request with its answer.
    """

    def __init__(self, world: World, app: App, host: str, port: int, potluck_url: str) -> None:
        """Listen, and tell the world its addresses; use `start` instead."""
        self.world = world
        self.app = app
        self.potluck_url = potluck_url
        self.hooks = Hooks(world)
        self.referee = Referee()
        self.failures = Failures()
        self.tokens = Tokens(world)
        self.office = Office(world, self.hooks, self.tokens, self.referee)
        self.watch: Callable[[Request, Response], None] = lambda request, response: None
        self._api = Api(self.office, self.failures)
        self._web = stage(self.office, potluck_url)
        self._cloning = Cloning(world, self.tokens)
        self._server = Server(host, port, self._answer)
        self.web_url = f"http://{host}:{self._server.port}"
        self.api_url = self.web_url + API_PREFIX
        world.place = Place(self.api_url, self.web_url)

    @classmethod
    def start(
        cls,
        port: int = 0,
        *,
        webhook_url: str | None = None,
        webhook_secret: str = WEBHOOK_SECRET,
        app_id: int = APP_ID,
        private_key_pem: str | None = None,
        clock: Clock = system_clock,
        host: str = "127.0.0.1",
        live: bool = False,
        base_id: int | None = None,
        potluck_url: str = "http://127.0.0.1:8000",
    ) -> "Sandbox":
        """Start a GitHub with one App, installed nowhere yet, owned by the account `mara`.

        `port` 0 takes a free one. `live` delivers webhooks as things happen; otherwise they wait
        for `deliver_all`. `potluck_url` is only for links on the pages.
        """
        world = World(clock, base_id)
        owner = world.account("mara", name="Mara Lindqvist", id=1901)
        app = world.register_app(
            owner,
            "Potluck",
            id=app_id,
            private_key=private_key_pem or throwaway_key(),
            webhook_secret=webhook_secret,
            hook_url=webhook_url,
            external_url=potluck_url,
            callback_urls=(f"{potluck_url}/sign-in/callback",),
        )
        sandbox = cls(world, app, host, port, potluck_url)
        sandbox._server.start()
        if live:
            sandbox.hooks.start()
        return sandbox

    def stop(self) -> None:
        """Stop serving and delivering; nobody hangs any more."""
        self.failures.clear()
        self.hooks.stop()
        self._server.stop()

    def __enter__(self) -> "Sandbox":
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

    @property
    def app_id(self) -> int:
        """The App's number."""
        return self.app.id

    @property
    def private_key(self) -> str:
        """The App's private key, as PEM text."""
        return self.app.private_key

    @property
    def webhook_secret(self) -> str:
        """What webhooks are signed with."""
        return self.app.webhook_secret

    @property
    def webhook_url(self) -> str | None:
        """Where webhooks go; None makes none."""
        return self.app.hook_url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self.app.hook_url = url

    def fail(self, method: str, path_pattern: str, how: How, times: int = 1) -> Failure:
        """Let the next `times` requests fail that have this method (or `*`) and a matching path.

        `path_pattern` is a regular expression searched for in the path after `/api/v3`; ways to
        fail are in `failures`. The returned failure counts its strikes and releases who hangs.
        """
        return self.failures.add(Failure(method, re.compile(path_pattern), how, times))

    def deliver_all(self) -> list[Attempt]:
        """Try to deliver everything that waits, now, and give the attempts."""
        return self.hooks.deliver_all()

    @property
    def requests(self) -> deque[Seen]:
        """The API requests so far, the last hundred thousand of them."""
        return self.world.requests

    @property
    def violations(self) -> list[Violation]:
        """Every rule of GitHub's limits that was broken so far."""
        return self.referee.violations

    @contextlib.contextmanager
    def counted(self) -> Iterator[list[Seen]]:
        """Collect the API requests that are made inside a `with`."""
        seen: list[Seen] = []
        self.world.noting.append(seen)
        try:
            yield seen
        finally:
            # By identity: two lists that are both still empty are equal.
            self.world.noting = [it for it in self.world.noting if it is not seen]

    def _answer(self, request: Request) -> Response:
        if request.path.startswith((API_PREFIX + "/", GRAPH_PREFIX + "/graphql")):
            is_rest = request.path.startswith(API_PREFIX + "/")
            request = request.under(API_PREFIX if is_rest else GRAPH_PREFIX)
            response = self._api(request)
            self.watch(request, response)
            return response
        return self._cloned(request) or self._web(request)

    def _cloned(self, request: Request) -> Response | None:
        failure = self.failures.take(request) if ".git/" in request.path else None
        if failure is not None and failure.how.before is not None:
            changed = failure.how.before(request)
            if isinstance(changed, Response):
                return changed
        return self._cloning(request)
