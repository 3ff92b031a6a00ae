"""Who looks at a page: signed in with GitHub, or nobody."""

from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from flask import (
    Flask,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
)
from sqlalchemy.exc import OperationalError

from core import sign_ins
from core.sign_ins import SignIn
from core.web.addresses import local_path
from core.web.house import house

KEY = "signed_in"
"""Where the session cookie holds the key of a sign-in."""

YOUR_PAGE = "/you"
"""Where people see what is theirs."""


class Person(NamedTuple):
    """Somebody who is signed in: GitHub's number, and the login at that time, for show."""

    id: int
    login: str


def person() -> Person | None:
    """Give who is signed in; None for everybody else."""
    found = _signed_in()
    return Person(found.account_id, found.login) if found else None


def signed_in_person() -> Person:
    """Give who is signed in, or let the visitor sign in first.

    A page is asked for again after signing in; a form that was sent meanwhile is not, and says so.
    """
    found = person()
    if found:
        return found
    if request.method in {"GET", "HEAD"}:
        answer = make_response(redirect(signin_address(request.full_path.rstrip("?")), 303))
    else:
        answer = _sign_in_again()
    return abort(answer)


def verified_addresses() -> tuple[str, ...] | None:
    """Give the person's addresses that GitHub has verified, in lower case; None if never asked."""
    found = _signed_in()
    return found.addresses if found else None


def signin_available() -> bool:
    """Say whether people can sign in here at all: the App's client id and secret are set."""
    github = house().settings.github
    return bool(github and github.client_id and github.client_secret)


def signin_address(after: str) -> str:
    """Give the address at which to sign in, and then go on to `after`, a path on this site."""
    return f"/sign-in?{urlencode({'next': after})}"


def ask_for_addresses(after: str) -> str:
    """Give the address at which a person lets us see their verified addresses, and then goes on."""
    return f"/sign-in?{urlencode({'want': 'addresses', 'next': after})}"


def prepare(app: Flask) -> None:
    """Let templates say who is signed in, and keep what such a person saw out of caches."""
    app.jinja_env.globals.update(
        signin_available=signin_available,
        signin_address=signin_address,
        ask_for_addresses=ask_for_addresses,
        your_page=YOUR_PAGE,
    )
    app.context_processor(lambda: {"visitor": _shown_person})
    app.after_request(_keep_to_yourself)


def _signed_in() -> SignIn | None:
    if "sign_in" not in g:
        key = session.get(KEY)
        g.sign_in = None
        if isinstance(key, str):
            with house().app.read() as connection:
                g.sign_in = sign_ins.find(connection, key, house().clock())
    found: SignIn | None = g.sign_in
    return found


def _shown_person() -> Person | None:
    try:
        return person()
    except OperationalError:
        # The page that says so is in this very frame, and must not fail for the same reason.
        return None


def _keep_to_yourself(response: Response) -> Response:
    if session.get(KEY) and response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _sign_in_again() -> Response:
    came_from = urlsplit(request.referrer or "")
    after = local_path(f"{came_from.path}?{came_from.query}".rstrip("?"))
    page = render_template("web/sign_in_again.html", address=signin_address(after))
    response = make_response(page, 403)
    response.headers["Cache-Control"] = "no-store"
    return response
