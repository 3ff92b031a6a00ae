"""The frame of the sandbox's own pages: who looks, in which language, what may be sent."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.sandbox.calls import Office
from bot.sandbox.prose import rendered
from bot.sandbox.records import Account, Issue, PullRequest, Repository
from bot.sandbox.serving import Request, Response
from bot.sandbox.state import WEB_FLOW
from bot.sandbox.words import LANGUAGES, translated
from bot.sandbox.world import World

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{more};"
    " base-uri 'none'; frame-ancestors 'none'"
)
WHO, LANGUAGE = "sandbox_who", "sandbox_language"
BODY = {"content-type": "text/html; charset=utf-8"}


class PageError(Exception):
    """A page that is not there, or an act that cannot be done: `status` and one sentence."""

    def __init__(self, status: int, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Stage:
    """What pages are made of."""

    office: Office
    potluck_url: str


@dataclass(frozen=True)
class Look:
    """Somebody looking at a page: `who` they are playing, and in which language they read."""

    stage: Stage
    request: Request
    args: dict[str, str]
    who: Account
    language: str

    @property
    def world(self) -> World:
        """The state."""
        return self.stage.office.world

    @property
    def repo(self) -> Repository:
        """The repository that the path names."""
        repo = self.world.find_repository(f"{self.args['owner']}/{self.args['repo']}")
        if repo is None:
            raise PageError(404, "There is nothing here.")
        return repo

    def thread(self) -> Issue:
        """Give the issue or pull request that the path names."""
        thread = self.repo.threads.get(int(self.args["number"]))
        if thread is None:
            raise PageError(404, "There is nothing here.")
        return thread

    def pull(self) -> PullRequest:
        """Give the pull request that the path names."""
        thread = self.thread()
        if not isinstance(thread, PullRequest):
            raise PageError(404, "There is nothing here.")
        return thread

    @property
    def people(self) -> list[Account]:
        """List whom one can play."""
        accounts = self.world.accounts.values()
        return [it for it in accounts if it.type == "User" and it.id != WEB_FLOW]

    def maintains(self, repo: Repository) -> bool:
        """Say whether the one who looks may merge here."""
        return self.world.may(repo, self.who) in {"admin", "maintain", "push"}

    def page(self, template: str, /, status: int = 200, **values: Any) -> Response:
        """Make a page."""
        environment = _templates()
        common = {
            "look": self,
            "world": self.world,
            "t": lambda text, **names: translated(self.language, text).format(**names),
            "people": self.people,
            "path": self.request.path,
            "languages": LANGUAGES,
        }
        html = environment.get_template(template).render(common | values)
        return Response(status, html.encode(), BODY)


def to(path: str, **query: str | int) -> Response:
    """Send the browser elsewhere after an act."""
    fields = f"?{urlencode(query)}" if query else ""
    place, hash_, fragment = path.partition("#")
    return Response(303, b"", {"location": place + fields + hash_ + fragment})


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = rendered
    environment.filters["urlquote"] = quote
    return environment


Page = Callable[[Look], Response]
_PAGES: list[tuple[str, re.Pattern[str], Page]] = []


def page(method: str, path: str) -> Callable[[Page], Page]:
    """Register a page or an act."""
    pattern = re.sub(r"\{(number|id)\}", r"(?P<\1>\\d+)", path)
    pattern = re.sub(r"\{(\w+)\*\}", r"(?P<\1>.+)", pattern)
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)

    def register(show: Page) -> Page:
        _PAGES.append((method, re.compile(pattern), show))
        # A page of its own comes before one that takes any words: modules load in any order.
        _PAGES.sort(key=lambda one: one[1].groups)
        return show

    return register


class Web:
    """The application in front of people."""

    def __init__(self, stage: Stage) -> None:
        """Show this stage."""
        self.stage = stage

    def __call__(self, request: Request) -> Response:
        """Answer one request of a browser."""
        look = self._look(request, {})
        try:
            # Waiting for more to happen lets go of the lock; see `views.await_more`.
            with look.world.lock:
                response = self._shown(request)
        except PageError as error:
            message = str(error)
            response = look.page("trouble.html", error.status, message=message)
        headers = {
            "content-security-policy": POLICY.format(more=""),
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
            "cache-control": "no-store",
            **response.headers,
        }
        if request.query.get("lang") in LANGUAGES:
            headers["set-cookie"] = _cookie(LANGUAGE, request.query["lang"])
        return Response(response.status, response.body, headers)

    def _shown(self, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        for wanted, pattern, show in _PAGES:
            match = pattern.fullmatch(request.path) if wanted == method else None
            if match:
                if method == "POST":
                    _refuse_strangers(request)
                return show(self._look(request, match.groupdict()))
        raise PageError(404, "There is nothing here.")

    def _look(self, request: Request, args: dict[str, str]) -> Look:
        cookies = _cookies(request)
        chosen = request.query.get("lang") or cookies.get(LANGUAGE) or _preferred(request)
        language = chosen if chosen in LANGUAGES else "en"
        number = cookies.get(WHO, "")
        accounts = self.stage.office.world.accounts
        who = accounts.get(int(number)) if number.isdecimal() else None
        if who is None:
            world = self.stage.office.world
            who = world.by_login("ada") or next(iter(accounts.values()))
        return Look(self.stage, request, args, who, language)


def chosen_person(who: Account) -> dict[str, str]:
    """Make the header that remembers who somebody plays."""
    return {"set-cookie": _cookie(WHO, str(who.id))}


def _cookie(name: str, value: str) -> str:
    return f"{name}={value}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"


def _cookies(request: Request) -> dict[str, str]:
    try:
        jar = SimpleCookie(request.headers.get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _preferred(request: Request) -> str:
    for part in request.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip()[:2].lower()
        if code in LANGUAGES:
            return code
    return "en"


def _refuse_strangers(request: Request) -> None:
    """Let forms of other sites do nothing here; the manifest form only shows a page."""
    if request.path.endswith("/apps/new") or request.path == "/login/oauth/access_token":
        return
    origin = request.headers.get("origin", "").partition("://")[2]
    if origin and origin != request.headers.get("host"):
        raise PageError(403, "This form was sent from another site.")
