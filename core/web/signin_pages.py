"""Signing in with GitHub and out again: the way of the browser there and back.

1. `/sign-in` binds a new `state` and a PKCE verifier to this session and leads to GitHub.
2. GitHub sends the browser back to `/sign-in/callback` with a code and that state.
3. We trade the code for the person, keep number and login, and drop the token.

Source: RFC 6749 section 4.1, RFC 7636, RFC 9700.
"""

import hmac
import logging
import re
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import Blueprint, Response, make_response, redirect, request, session
from flask_babel import gettext as _

from core import sign_ins
from core.config import GitHubSettings
from core.github import Account, GitHubError, Refused
from core.web import errors
from core.web.addresses import local_path
from core.web.errors import Words
from core.web.house import house
from core.web.signin import KEY, person, signin_available

log = logging.getLogger(__name__)

WAITING = "signing_in"
WAIT = timedelta(minutes=10)
"""As long as GitHub keeps a code."""

MOST_WAITING = 3
LONGEST_NEXT = 500
ADDRESSES = "addresses"
_CODE = re.compile(r"[A-Za-z0-9_-]{1,200}")

blueprint = Blueprint("signin", __name__)


class Started(NamedTuple):
    """A sign-in on its way: what comes back must bear its `state`."""

    state: str
    verifier: str
    want: str
    after: str
    at: float


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    """Leave no copy of these answers behind."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/sign-in")
def start() -> Response:
    """Lead to GitHub, and from there back to `next`; `want=addresses` asks for those as well."""
    if not signin_available():
        return errors.page(503, _not_set_up())
    after = local_path(request.args.get("next"))
    after = after if len(after) <= LONGEST_NEXT else "/"
    want = ADDRESSES if request.args.get("want") == ADDRESSES else ""
    if person() and not want:
        return _to(after)
    from core.pygithub.user import authorize_url

    now = house().clock()
    new = Started(
        secrets.token_urlsafe(24), secrets.token_urlsafe(48), want, after, now.timestamp()
    )
    session[WAITING] = [*_waiting(now), new][-MOST_WAITING:]
    return _to(authorize_url(_github(), _callback_address(), new.state, new.verifier))


@blueprint.get("/sign-in/callback")
def callback() -> Response:
    """Take GitHub's code, once, in the session that asked for it."""
    if not signin_available():
        return errors.page(503, _not_set_up())
    started = _take(request.args.get("state", ""), house().clock())
    if started is None:
        return errors.page(400, _stale())
    reason = request.args.get("error", "")
    if reason == "access_denied":
        return errors.page(403, _denied())
    if reason:
        log.error("GitHub sent somebody back", extra={"reason": reason[:80]})
        return errors.page(502, _unwilling())
    code = request.args.get("code", "")
    if not _CODE.fullmatch(code):
        return errors.page(400, _stale())
    return _finish(started, code)


def _finish(started: Started, code: str) -> Response:
    from core.pygithub.user import signed_in

    github, clock = _github(), house().clock
    try:
        user = signed_in(github, _callback_address(), code, started.verifier, clock)
    except Refused:
        return errors.page(400, _stale())
    except GitHubError:
        return errors.page(502, _unwilling())
    try:
        who = user.account()
    except GitHubError:
        return errors.page(502, _unwilling())
    try:
        addresses = user.verified_addresses() if started.want == ADDRESSES else None
    except GitHubError as error:
        log.warning("no addresses from GitHub", extra={"reason": type(error).__name__})
        return errors.page(502, _no_addresses())
    _renew(who, addresses)
    return _to(started.after)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Sign out: the key in the cookie, and every copy of it, is worth nothing from now on."""
    _forget()
    session.clear()
    return _to("/")


def _renew(who: Account, addresses: tuple[str, ...] | None) -> None:
    """Begin a session that shares nothing with the one before."""
    _forget()
    session.clear()
    with house().app.write() as connection:
        session[KEY] = sign_ins.begin(connection, who, addresses, house().clock())


def _forget() -> None:
    key = session.get(KEY)
    if isinstance(key, str):
        with house().app.write() as connection:
            sign_ins.end(connection, key)


def _waiting(now: datetime) -> list[Started]:
    since = (now - WAIT).timestamp()
    kept = [Started(*one) for one in session.get(WAITING, [])]
    return [one for one in kept if one.at > since]


def _take(state: str, now: datetime) -> Started | None:
    """Give the sign-in of this session that `state` belongs to, and use it up."""
    waiting = _waiting(now)
    found = [one for one in waiting if hmac.compare_digest(one.state.encode(), state.encode())]
    session[WAITING] = [one for one in waiting if one not in found]
    return found[0] if found else None


def _github() -> GitHubSettings:
    github = house().settings.github
    if github is None:
        raise RuntimeError("signing in needs GitHub credentials")
    return github


def _callback_address() -> str:
    return f"{house().settings.public_url}/sign-in/callback"


def _to(address: str) -> Response:
    return make_response(redirect(address, 303))


def _not_set_up() -> Words:
    return Words(
        _("Nobody can sign in here"),
        _("This site has no client id and secret of a GitHub App."),
        _("Whoever runs it can set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET."),
    )


def _stale() -> Words:
    return Words(
        _("This answer from GitHub is no longer good"),
        _("It belongs to another visit, was used already, or is older than ten minutes."),
        _("Sign in once more, from this site."),
    )


def _denied() -> Words:
    return Words(
        _("You did not sign in"),
        _("You told GitHub not to say who you are, so nothing changed here."),
        _("You can sign in at any time. We learn your name on GitHub, and may not act for you."),
    )


def _unwilling() -> Words:
    return Words(
        _("GitHub could not sign you in just now"),
        _("It did not tell us who you are. Nothing was lost."),
        _("Try again in half a minute."),
    )


def _no_addresses() -> Words:
    return Words(
        _("GitHub did not show us your addresses"),
        _(
            "Its App for this site may lack the permission to read them, or GitHub is out of reach."
        ),
        _("Try again. If it stays so, tell whoever runs this site."),
    )
