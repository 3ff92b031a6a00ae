"""A visitor of the pages: a browser without the pictures, that signs in and fills in forms.

    ada = Visitor(house)
    ada.sign_in(house.garden.ada, addresses=True)
    page = ada.get("/you")
    answer = ada.submit("/potluck-sandbox/garden/cla/sign", {"name": "Ada"}, form="sign")

It keeps cookies, follows redirects between our pages and the sandbox's, and sends hidden fields,
the CSRF token among them, as they stand on the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from urllib.parse import quote, urljoin

import httpx

from bot.sandbox.records import Account
from tests import refusals
from tests.economy import PLAIN
from tests.house import House

MOST_REDIRECTS = 10
Fields = Mapping[str, str | list[str]]


@dataclass
class Form:
    """A form as it stands on a page: `fields` are what it would send untouched."""

    id: str
    action: str
    method: str
    fields: dict[str, str | list[str]] = field(default_factory=dict)


class Visitor:
    """Somebody with a browser. `get` and `submit` give the last answer, after all redirects."""

    def __init__(self, house: House, **headers: str) -> None:
        """Open a browser without cookies; it comes through the house's real door."""
        self.house = house
        self.http = httpx.Client(headers=headers, follow_redirects=False, timeout=30, verify=PLAIN)

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()

    def get(self, path: str, *, follow: bool = True) -> httpx.Response:
        """Open a page of ours (or any whole address)."""
        return self.send("GET", self.here(path), follow=follow)

    def post(
        self, path: str, fields: Fields | None = None, *, follow: bool = True
    ) -> httpx.Response:
        """Send fields just as they are, as no form of ours would: without a CSRF token."""
        return self.send("POST", self.here(path), fields or {}, follow=follow)

    def submit(
        self, path: str, fields: Fields | None = None, form: str = "", *, follow: bool = True
    ) -> httpx.Response:
        """Open the page at `path`, fill in its form and send it.

        `form` is the form's id or action (the path part); it may be left out where there is only
        one form besides that for signing out. `fields` replace or add to what stands in it.
        """
        page = self.get(path)
        return self.fill_in(page, fields, form, follow=follow)

    def fill_in(
        self,
        page: httpx.Response,
        fields: Fields | None = None,
        form: str = "",
        *,
        follow: bool = True,
    ) -> httpx.Response:
        """Fill in a form of a page that was opened before, and send it."""
        found = chosen(forms(page.text), form)
        whole = {**found.fields, **(fields or {})}
        target = urljoin(str(page.url), found.action)
        came_from = {"referer": str(page.url)}
        if found.method == "get":
            return self.send("GET", str(httpx.URL(target, params=whole)), follow=follow)
        return self.send("POST", target, whole, follow=follow, headers=came_from)

    def sign_in(
        self, account: Account, *, addresses: bool = False, after: str = "/"
    ) -> httpx.Response:
        """Sign in as an account of the sandbox; gives the page `after`."""
        want = "&want=addresses" if addresses else ""
        asked = self.get(f"/sign-in?next={quote(after, safe='')}{want}")
        return self.agree(asked, account)

    def agree(
        self, page: httpx.Response, account: Account, *, follow: bool = True
    ) -> httpx.Response:
        """Agree on the sandbox's page to be known to Potluck as `account`."""
        assert page.url.path == "/login/oauth/authorize", (page.status_code, str(page.url))
        form = "/login/oauth/authorize"
        return self.fill_in(page, {"login": account.login}, form, follow=follow)

    def sign_out(self) -> httpx.Response:
        """Press the button in the foot of the page."""
        return self.submit("/", form="/sign-out")

    def here(self, path: str) -> str:
        """Give where a path, or an address under `PUBLIC_URL`, can be reached in this test."""
        return urljoin(self.house.url, path.removeprefix(self.house.settings.public_url) or "/")

    def send(
        self,
        method: str,
        address: str,
        fields: Fields | None = None,
        *,
        follow: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send one request and follow where it leads."""
        answer = self.http.request(method, address, data=fields, headers=headers)
        if answer.status_code == refusals.REFUSED and fields:
            assert not (wrong := [*refusals.problems(answer.url.path, fields, answer.text)]), wrong
        for _ in range(MOST_REDIRECTS):
            if not (follow and answer.is_redirect):
                return answer
            target = urljoin(str(answer.url), answer.headers["location"])
            answer = self.http.get(self.here(target))
        raise AssertionError(f"redirects without end at {answer.url}")


def forms(html: str) -> list[Form]:
    """Read the forms of a page, with what they would send untouched."""
    reader = _Forms()
    reader.feed(html)
    return reader.found


def chosen(found: list[Form], form: str) -> Form:
    """Give the one form with this id or action; fails if it is not one."""
    if form:
        fits = [it for it in found if it.id == form or it.action.partition("?")[0] == form]
    else:
        fits = [it for it in found if it.action != "/sign-out"]
    assert len(fits) == 1, (
        f"{len(fits)} forms for {form!r}: {[(it.id, it.action) for it in found]}"
    )
    return fits[0]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._select = ""
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").lower()
            self._open = Form(given.get("id", ""), given.get("action", ""), method)
            self.found.append(self._open)
        elif self._open is None:
            return
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in self._open.fields:
                self._open.fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = given.get("name", "")
            self._open.fields[self._area] = ""

    def _input(self, given: dict[str, str]) -> None:
        assert self._open is not None
        name, kind = given.get("name", ""), given.get("type", "text")
        if not name or kind in {"submit", "button", "file"}:
            return
        if kind in {"checkbox", "radio"} and "checked" not in given:
            return
        value = given.get("value", "on" if kind == "checkbox" else "")
        known = self._open.fields.get(name)
        if known is None or kind == "radio":
            self._open.fields[name] = value
        else:
            before = known if isinstance(known, list) else [known]
            self._open.fields[name] = [*before, value]

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._open is not None:
            self._open.fields[self._area] = str(self._open.fields[self._area]) + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = None
