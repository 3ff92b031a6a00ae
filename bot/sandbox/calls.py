"""One API call in the hands of the endpoint that answers it, and the list of endpoints."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.sandbox.auth import ApiError, Caller, Tokens
from bot.sandbox.hooks import Hooks
from bot.sandbox.records import App, Discussion, Installation, Issue, PullRequest, Repository
from bot.sandbox.referee import Referee
from bot.sandbox.serving import Request, Response
from bot.sandbox.world import World

DOCS = "https://docs.github.com/rest"
MOST_A_PAGE = 100


@dataclass(frozen=True)
class Office:
    """What endpoints work with."""

    world: World
    hooks: Hooks
    tokens: Tokens
    referee: Referee


@dataclass(frozen=True)
class Call:
    """One request at an endpoint: `args` are the parts of its path."""

    office: Office
    request: Request
    caller: Caller
    args: dict[str, str]
    repository: Repository | None = None

    @property
    def world(self) -> World:
        """The state."""
        return self.office.world

    @property
    def repo(self) -> Repository:
        """The repository that the path names."""
        if self.repository is None:
            raise ApiError(404, "Not Found")
        return self.repository

    @property
    def app(self) -> App:
        """The App that asks."""
        if self.caller.app is None:
            raise ApiError(401, "A JSON web token could not be decoded")
        return self.caller.app

    @property
    def installation(self) -> Installation:
        """The installation that asks."""
        if self.caller.installation is None:
            raise ApiError(403, "Resource not accessible by integration")
        return self.caller.installation

    def number(self, name: str) -> int:
        """Give a numeric part of the path."""
        return int(self.args[name])

    def thread(self) -> Issue:
        """Give the issue or pull request that the path names."""
        thread = self.repo.threads.get(self.number("number"))
        if thread is None or isinstance(thread, Discussion):
            raise ApiError(404, "Not Found")
        if thread.gone:
            raise ApiError(410, "This issue was deleted")
        return thread

    def pull(self) -> PullRequest:
        """Give the pull request that the path names."""
        thread = self.thread()
        if not isinstance(thread, PullRequest):
            raise ApiError(404, "Not Found")
        return thread

    def said(self) -> dict[str, Any]:
        """Read the body: a JSON object, or nothing."""
        if not self.request.body:
            return {}
        try:
            value = json.loads(self.request.body)
        except ValueError as error:
            raise ApiError(400, "Problems parsing JSON") from error
        if not isinstance(value, dict):
            raise ApiError(400, "Body should be a JSON object")
        return value

    def page(self, default: int = 30) -> tuple[int, int]:
        """Give (number, size) of the page that is asked for."""
        query = self.request.query
        size = min(MOST_A_PAGE, max(1, _count(query.get("per_page"), default)))
        return max(1, _count(query.get("page"), 1)), size

    def paged(
        self, items: Sequence[Any], show: Callable[[Any], Any], wrap: str | None = None
    ) -> Response:
        """Answer one page of `items`, with a Link header; `wrap` names the list in an object."""
        page, size = self.page()
        shown = [show(item) for item in items[(page - 1) * size : page * size]]
        value = {"total_count": len(items), wrap: shown} if wrap else shown
        return Response.json(200, value, **self.links(page, size, len(items)))

    def links(self, page: int, size: int, total: int) -> dict[str, str]:
        """Make the Link header of a page, if there is more than one."""
        last = max(1, -(-total // size))
        places: dict[str, int] = {}
        if page > 1:
            places |= {"prev": min(page - 1, last), "first": 1}
        if page < last:
            places |= {"next": page + 1, "last": last}
        return self.link_header({rel: {"page": str(at)} for rel, at in places.items()})

    def link_header(self, places: dict[str, dict[str, str]]) -> dict[str, str]:
        """Make a Link header out of the query fields that each relation changes."""
        path = self.request.path
        if self.repository:
            # GitHub names repositories by number in here, and so the links outlive a rename.
            rest = path.split("/", 4)[4:] if path.startswith("/repos/") else path.split("/", 3)[3:]
            path = "/".join(["/repositories", str(self.repository.id), *rest])
        start = self.world.place.api + path
        links = [
            f'<{start}?{urlencode({**self.request.query, **fields})}>; rel="{rel}"'
            for rel, fields in places.items()
        ]
        return {"link": ", ".join(links)} if links else {}


def _count(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default


Endpoint = Callable[[Call], Response]


@dataclass(frozen=True)
class Route:
    """An endpoint: who may call it, and which permission an installation needs for that.

    `who` is `app` (JWT), `installation`, `user`, or `anybody`.
    """

    method: str
    pattern: re.Pattern[str]
    who: str
    permission: tuple[str, str] | None
    endpoint: Endpoint


ROUTES: list[Route] = []


def route(
    method: str, path: str, who: str = "anybody", permission: str | None = None
) -> Callable[[Endpoint], Endpoint]:
    """Register an endpoint; `permission` is written like `checks:write`."""
    names = re.sub(r"\{(\w+)\*\}", r"(?P<\1>.*)", path)
    names = re.sub(r"\{(id|number)\}", r"(?P<\1>\\d+)", names)
    names = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", names)
    name, _, level = (permission or "").partition(":")

    def register(endpoint: Endpoint) -> Endpoint:
        needed = (name, level) if permission else None
        ROUTES.append(Route(method, re.compile(names), who, needed, endpoint))
        return endpoint

    return register
