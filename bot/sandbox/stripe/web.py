"""What people see at the sandbox's Stripe: the page where they pay, and its back room."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.sandbox.serving import Request, Response
from bot.sandbox.stripe import checkout, connect, payouts, troubles
from bot.sandbox.stripe.amounts import NO_FRACTION, THREE_DIGITS, WHOLE
from bot.sandbox.stripe.bank import Bank, Json, Refused
from bot.sandbox.stripe.cards import BY_NUMBER, CARDS

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; form-action *; base-uri 'none'; frame-ancestors 'none'"
)
LANGUAGES = ("en", "fr")
MOST_SHOWN = 50
SEEN = "seen"


@dataclass(frozen=True)
class Visit:
    """One request for a page: the bank, the form, the ids from the path, the language."""

    bank: Bank
    request: Request
    args: dict[str, str]
    language: str

    @property
    def form(self) -> dict[str, str]:
        """The form that was sent."""
        return self.request.form()

    def page(self, template: str, /, status: int = 200, **values: Any) -> Response:
        """Make a page."""
        common = {
            "t": lambda text, **names: _said(self.language, text).format(**names),
            "language": self.language,
            "money": shown,
            "path": self.request.path,
        }
        html = _templates().get_template(template).render(common | values)
        return Response(status, html.encode(), {"content-type": "text/html; charset=utf-8"})


Page = Callable[[Visit], Response]
_PAGES: list[tuple[str, re.Pattern[str], Page]] = []


def page(method: str, path: str) -> Callable[[Page], Page]:
    """Register a page or an act."""
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[A-Za-z0-9_]+)", path))

    def register(show: Page) -> Page:
        _PAGES.append((method, pattern, show))
        return show

    return register


class Web:
    """The pages."""

    def __init__(self, bank: Bank) -> None:
        """Show this bank."""
        self._bank = bank

    def __call__(self, request: Request) -> Response:
        """Answer one request of a browser."""
        visit = Visit(self._bank, request, {}, _language(request))
        with self._bank.lock:
            self._bank.turn()
            try:
                response = _shown(visit)
            except Refused as refused:
                response = visit.page("trouble.html", refused.status, message=str(refused))
        headers = {
            "content-security-policy": POLICY,
            "referrer-policy": "same-origin",
            "cache-control": "no-store",
        }
        return Response(response.status, response.body, headers | dict(response.headers))


def to(place: str) -> Response:
    """Send the browser elsewhere after an act."""
    return Response(303, b"", {"location": place})


def shown(amount: int, currency: str) -> str:
    """Write an amount for people."""
    digits = 0 if currency in WHOLE else 3 if currency in THREE_DIGITS else 2
    if currency in NO_FRACTION:
        amount, digits = amount // 100, 0
    return f"{amount / 10**digits:,.{digits}f} {currency.upper()}"


@page("GET", "/")
def back_room(visit: Visit) -> Response:
    """Show what there is, with buttons for what a bank and its customers may do."""
    bank = visit.bank
    return visit.page(
        "back_room.html",
        balance=bank.balance(),
        charges=list(bank.all("charge"))[:MOST_SHOWN],
        disputes={one["charge"]: one for one in bank.all("dispute")},
        refunds=list(bank.all("refund"))[:MOST_SHOWN],
        accounts=list(bank.all("account"))[:MOST_SHOWN],
        debits=[one for one in bank.all("checkout.session") if _under_way(bank, one)],
        events=list(reversed(bank.events))[:MOST_SHOWN],
    )


@page("POST", "/acts/{act}/{id}")
def act(visit: Visit) -> Response:
    """Do what a button says."""
    bank, number = visit.bank, visit.args["id"]
    done = _ACTS.get(visit.args["act"])
    if done is None or number not in bank.objects:
        raise Refused("There is nothing here.", status=404)
    done(bank, bank.objects[number])
    bank.turn()
    return to("/")


@page("GET", "/checkout/{id}")
def pay(visit: Visit) -> Response:
    """Show the page where somebody pays or leaves a card."""
    return _checkout(visit, visit.bank.find("checkout.session", visit.args["id"]))


@page("POST", "/checkout/{id}")
def paid(visit: Visit) -> Response:
    """Take what was filled in."""
    of, form = visit.bank.find("checkout.session", visit.args["id"]), visit.form
    email, name = form.get("email", "").strip(), form.get("name", "").strip()
    if "@" not in email or not name:
        return _checkout(visit, of, _said(visit.language, "Fill in your address and your name."))
    if form.get("by") == "debit":
        checkout.complete_by_debit(visit.bank, of, email, name)
        return to(_back(of))
    card = BY_NUMBER.get(form.get("card", ""))
    if card is None:
        return _checkout(visit, of, _said(visit.language, "Choose a card."))
    try:
        seen = form.get("bank") == SEEN
        if not checkout.complete(visit.bank, of, card, email, name, seen=seen):
            return visit.page("bank.html", of=of, card=card, email=email, name=name)
    except Refused as refused:
        if refused.status != 402:
            raise
        return _checkout(visit, of, _said(visit.language, str(refused)))
    return to(_back(of))


@page("GET", "/connect/{id}")
def introduce(visit: Visit) -> Response:
    """Show the page where a payee says who they are."""
    return visit.page("connect.html", of=visit.bank.find("account", visit.args["id"]))


@page("POST", "/connect/{id}")
def introduced(visit: Visit) -> Response:
    """Take what the payee said."""
    of = visit.bank.find("account", visit.args["id"])
    connect.onboarded(visit.bank, of, able=visit.form.get("able") == "yes")
    return to(of.get("sandbox_return") or "/")


@page("GET", "/static/sandbox.css")
def stylesheet(visit: Visit) -> Response:
    """Give the stylesheet that all of the sandbox shares."""
    content = (HERE.parent / "static" / "sandbox.css").read_bytes()
    return Response(200, content, {"content-type": "text/css; charset=utf-8"})


_ACTS: dict[str, Callable[[Bank, Json], object]] = {
    "refund": lambda bank, of: troubles.refunded(
        bank, of, of["amount"] - of["amount_refunded"], {}
    ),
    "dispute": troubles.disputed,
    "win": lambda bank, of: troubles.dispute_ends(bank, of, won=True),
    "lose": lambda bank, of: troubles.dispute_ends(bank, of, won=False),
    "warn": troubles.warned,
    "return": troubles.refund_fails,
    "arrive": lambda bank, of: checkout.debit_ends(bank, of, arrives=True),
    "bounce": lambda bank, of: checkout.debit_ends(bank, of, arrives=False),
    "part": connect.deauthorized,
    "payout": payouts.pay_out,
    "payout_fails": payouts.pay_out_fails,
}


def _checkout(visit: Visit, of: Json, trouble: str = "") -> Response:
    status = 422 if trouble else 200
    return visit.page(
        "checkout.html", status, of=of, cards=CARDS, trouble=trouble, given=visit.form
    )


def _back(of: Json) -> str:
    return str(of["success_url"]).replace("{CHECKOUT_SESSION_ID}", quote(of["id"]))


def _under_way(bank: Bank, of: Json) -> bool:
    intent = bank.objects.get(of["payment_intent"] or "")
    return intent is not None and intent["status"] == "processing"


def _shown(visit: Visit) -> Response:
    request = visit.request
    method = "GET" if request.method == "HEAD" else request.method
    for wanted, pattern, show in _PAGES:
        match = pattern.fullmatch(request.path) if wanted == method else None
        if match:
            if method == "POST":
                _refuse_strangers(request)
            return show(Visit(visit.bank, request, match.groupdict(), visit.language))
    raise Refused("There is nothing here.", status=404)


def _refuse_strangers(request: Request) -> None:
    origin = request.headers.get("origin", "").partition("://")[2]
    if origin and origin != request.headers.get("host"):
        raise Refused("This form was sent from another site.", status=403)


def _language(request: Request) -> str:
    for part in request.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip()[:2].lower()
        if code in LANGUAGES:
            return code
    return "en"


def _said(language: str, text: str) -> str:
    return _french().get(text, text) if language == "fr" else text


@cache
def _french() -> dict[str, str]:
    words: dict[str, str] = json.loads((HERE / "french.json").read_text(encoding="utf-8"))
    return words


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
