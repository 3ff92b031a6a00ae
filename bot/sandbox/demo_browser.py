"""A very small browser for the story: it keeps cookies, follows, and fills in one form of a page."""

import re
from dataclasses import dataclass, field
from html import unescape
from http.cookiejar import CookieJar
from typing import cast
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_INPUT = re.compile(r"<(?:input|textarea)\b([^>]*)>", re.DOTALL)
_NAMED = re.compile(r'([a-z-]+)="([^"]*)"')


@dataclass(frozen=True)
class Page:
    """Where one is, and what stands there."""

    url: str
    text: str


@dataclass
class Browser:
    """Somebody who looks and presses; pages and banks of this machine alone."""

    jar: CookieJar = field(default_factory=CookieJar)

    def get(self, url: str) -> Page:
        """Open a page. Raises `HTTPError` where there is none."""
        return self._open(Request(url))  # noqa: S310 - our own loopback address

    def send(self, page: Page, form: str, **given: str) -> Page:
        """Fill in the form of this id (or the one form that there is) and send it."""
        for start, inside in _FORM.findall(page.text):
            said = dict(_NAMED.findall(start))
            if form in {said.get("id"), said.get("action")}:
                whole = _fields(inside) | given
                target = urljoin(page.url, unescape(said.get("action", "")))
                return self.post(target, page.url, whole)
        raise LookupError(f"no form {form!r} at {page.url}")

    def post(self, url: str, came_from: str, fields: dict[str, str]) -> Page:
        """Send fields as a form does."""
        headers = {"Referer": came_from, "Origin": re.sub(r"^(\w+://[^/]+).*", r"\1", came_from)}
        return self._open(Request(url, urlencode(fields).encode(), headers))  # noqa: S310 - our own loopback address

    def _open(self, request: Request) -> Page:
        opener = build_opener(HTTPCookieProcessor(self.jar))
        with opener.open(request, timeout=20) as answer:
            return Page(cast("str", answer.url), answer.read().decode())


def _fields(inside: str) -> dict[str, str]:
    """Give what a form would send untouched: boxes and buttons that are chosen already."""
    found: dict[str, str] = {}
    for text in _INPUT.findall(inside):
        said = dict(_NAMED.findall(text))
        chosen = said.get("type") not in {"radio", "checkbox", "submit"} or " checked" in text
        if chosen and said.get("name"):
            found[said["name"]] = unescape(said.get("value", ""))
    return found
