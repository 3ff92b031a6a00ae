"""Making the GitHub App in the browser: GitHub's manifest flow, for whoever runs this site.

1. `/setup` explains what will be asked and posts a manifest to GitHub, with a `state`.
2. GitHub sends the browser back to `/setup/callback` with a code and that state.
3. We trade the code for the App's credentials, store them, and show the next step.

Whoever can read the log of the start may do this; where others can reach the pages too, they
have to give the code that stands there.
"""

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from bot.manifest import PERMISSIONS, is_reachable, manifest
from bot.pages import install_url
from core.config import Settings, web_url
from core.errors import UserError
from core.github import GitHubError
from core.web import errors
from core.web import house as rooms
from core.web.errors import Words
from core.web.headers import allow_form_to

STATE_LIFE = timedelta(hours=1)
"""As long as GitHub keeps the code."""

MOST_STATES = 5
CODE_LENGTH = 16
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,200}")

blueprint = Blueprint("setup", __name__, template_folder="templates", url_prefix="/setup")


class House(rooms.House, Protocol):
    """What the set-up asks of the composition root beyond what all pages do."""

    @property
    def exchange(self) -> Callable[[str], Mapping[str, Any]]:
        """Trade GitHub's code for the App's credentials; raises `GitHubError`."""

    @property
    def keep(self) -> Callable[[Mapping[str, Any]], None]:
        """Store the credentials; raises `UserError` if there are some."""

    @property
    def app_slug(self) -> Callable[[], str | None]:
        """Give the stored App's name in addresses; None if none is stored."""


def setup_code(settings: Settings) -> str:
    """Give the code that opens `/setup` on a site that others can reach; printed at the start."""
    mac = hmac.new(settings.secret_key.encode(), b"setup", "sha256")
    return mac.hexdigest()[:CODE_LENGTH]


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    """Leave no copy of these pages behind."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
def show() -> AnyResponse:
    """Explain and offer the form, ask for the code first, or say that all is done."""
    house = _house()
    closed = _closed(house)
    if closed:
        return closed
    organization = request.args.get("organization", "").strip()
    error = ""
    if organization and not _LOGIN.fullmatch(organization):
        error = _("GitHub has no such name: use letters, digits and single hyphens.")
    public = request.args.get("public") == "yes"
    github = web_url(house.settings.github_api_url)
    allow_form_to(github)
    return make_response(
        render_template(
            "bot/setup.html",
            action=_action(github, "" if error else organization, _new_state(house.clock())),
            organization=organization,
            organization_error=error,
            public=public,
            manifest=manifest(house.settings, public=public),
            permissions=_permissions(),
            is_reachable=is_reachable(house.settings),
            github=github,
        )
    )


@blueprint.post("/code")
def unlock() -> AnyResponse:
    """Take the set-up code; from then on this session may set the App up."""
    given = request.form.get("code", "").strip().lower()
    if not hmac.compare_digest(given.encode(), setup_code(_house().settings).encode()):
        return make_response(
            _ask_for_code(_("This is not the code. It stands in the log of the last start.")), 403
        )
    session.clear()
    session["setup_open"] = True
    return redirect("/setup", 303)


@blueprint.get("/callback")
def callback() -> AnyResponse:
    """Take GitHub's code, once, from the session that asked for it, and store the credentials."""
    house = _house()
    closed = _closed(house)
    if closed:
        return closed
    code = request.args.get("code", "")
    if not _take_state(request.args.get("state", ""), house.clock()) or not _CODE.fullmatch(code):
        return errors.page(400, _stale())
    try:
        house.keep(house.exchange(code))
    except GitHubError:
        return errors.page(502, _refused())
    except UserError:
        # Somebody else was quicker: what they stored stands, and /setup says so.
        pass
    session.clear()
    return redirect("/setup", 303)


def _closed(house: House) -> AnyResponse | None:
    """Give the page for when there is nothing to set up, or not for this visitor."""
    slug = house.app_slug()
    if slug or house.settings.mode == "live":
        return make_response(
            render_template(
                "bot/setup_done.html",
                restart=house.settings.mode == "sandbox",
                install_url=install_url(web_url(house.settings.github_api_url), slug),
            )
        )
    if not house.settings.is_local and not session.get("setup_open"):
        return make_response(_ask_for_code())
    return None


def _ask_for_code(error: str = "") -> str:
    return render_template("bot/setup_code.html", error=error)


def _action(github: str, organization: str, state: str) -> str:
    owner = f"/organizations/{organization}" if organization else ""
    return f"{github}{owner}/settings/apps/new?state={state}"


def _new_state(now: datetime) -> str:
    """Bind a new state to this session; the last few stay good, for other tabs."""
    state = secrets.token_urlsafe(24)
    states = [*_states(now), [state, now.timestamp()]]
    session["setup_states"] = states[-MOST_STATES:]
    return state


def _take_state(given: str, now: datetime) -> bool:
    """Say whether `given` is a state of this session, and use it up.

    A copy of the cookie could bring it back; but by then GitHub's code is used up too, and
    stored credentials are never replaced.
    """
    states = _states(now)
    left = [one for one in states if not hmac.compare_digest(one[0].encode(), given.encode())]
    session["setup_states"] = left
    return len(left) < len(states)


def _states(now: datetime) -> list[list[Any]]:
    since = (now - STATE_LIFE).timestamp()
    return [one for one in session.get("setup_states", []) if one[1] > since]


def _permissions() -> list[tuple[str, str, str]]:
    """Say of each permission what GitHub calls it, how far it goes, and what it is for."""
    words = {
        "metadata": (_("Metadata"), _("The repository’s name and owner; every App gets this.")),
        "contents": (
            _("Contents"),
            _("To read your rules, the agreement and who wrote which commit. Never to write."),
        ),
        "pull_requests": (_("Pull requests"), _("To see them, and to say there who has to sign.")),
        "issues": (
            _("Issues"),
            _(
                "To read and answer comments, to open what people ask for on the page, and, where"
                " your rules say so, to label, remind and close."
            ),
        ),
        "checks": (_("Checks"), _("To put the check potluck/cla on each commit.")),
        "discussions": (_("Discussions"), _("To hear requests and votes there, and to answer.")),
        "merge_queues": (_("Merge queues"), _("To answer for what waits in the merge queue.")),
        "members": (_("Members"), _("To see who is in a team that your rules name.")),
        "email_addresses": (
            _("Email addresses"),
            _("Of those who sign in and ask for it: to know their commits. Never without asking."),
        ),
    }
    levels = {"read": _("Read"), "write": _("Read and write")}
    return [(words[name][0], levels[level], words[name][1]) for name, level in PERMISSIONS.items()]


def _stale() -> Words:
    return Words(
        _("This answer from GitHub is no longer good"),
        _(
            "It belongs to another visit, was used already, or is older than an hour."
            " Nothing was stored."
        ),
        _(
            "Open Set up again and create the App from there. One that is left over on GitHub can"
            " be deleted in its settings."
        ),
    )


def _refused() -> Words:
    return Words(
        _("GitHub did not give us the credentials"),
        _("The App exists there now, but we could not fetch its key. Nothing was stored."),
        _("Delete that App in its settings on GitHub, then open Set up again."),
    )


def _house() -> House:
    return cast("House", rooms.house())
