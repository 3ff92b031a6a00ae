"""GitHub's pages on which people agree: a new App from a manifest, and signing in."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.sandbox.auth import USER_TOKEN_LIFE
from bot.sandbox.calls import DOCS
from bot.sandbox.consent import Grant
from bot.sandbox.records import App
from bot.sandbox.serving import Response
from bot.sandbox.web import POLICY, Look, PageError, page

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_TRADED = ("code", "client_id", "client_secret", "redirect_uri", "code_verifier")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise PageError(422, "The App names no address to come back to.")
    return f"{parts.scheme}://{parts.netloc}"


def _leaving(response: Response, url: str) -> Response:
    # Browsers hold redirects of a form against the policy of the page that it was on.
    policy = POLICY.format(more=f" {_origin(url)}")
    headers = {**response.headers, "content-security-policy": policy}
    return Response(response.status, response.body, headers)


def _back(url: str, **fields: str) -> Response:
    start, _, query = url.partition("?")
    known = {name: values[-1] for name, values in parse_qs(query).items()}
    return Response(303, b"", {"location": f"{start}?{urlencode(known | fields)}"})


def _manifest(look: Look) -> dict[str, Any]:
    try:
        manifest = json.loads(look.request.form().get("manifest", ""))
    except ValueError as error:
        raise PageError(422, "The manifest is not JSON.") from error
    if not isinstance(manifest, dict) or "url" not in manifest or "redirect_url" not in manifest:
        raise PageError(422, "The manifest needs a url and a redirect_url.")
    return manifest


@page("POST", "/settings/apps/new")
@page("POST", "/organizations/{owner}/settings/apps/new")
def new_app(look: Look) -> Response:
    """Show what the new App wants, with the button that agrees."""
    manifest = _manifest(look)
    shown = look.page(
        "new_app.html",
        manifest=manifest,
        text=json.dumps(manifest),
        state=look.request.query.get("state", ""),
        permissions=sorted(manifest.get("default_permissions", {}).items()),
    )
    return _leaving(shown, str(manifest["redirect_url"]))


@page("POST", "/settings/apps/confirm")
def confirm_app(look: Look) -> Response:
    """Agree, and go back to the App's own site with a code."""
    manifest = _manifest(look)
    url = str(manifest["redirect_url"])
    code = look.world.submit_manifest(look.who, manifest)
    fields = {"code": code, "state": look.request.form().get("state", "")}
    return _leaving(_back(url, **{name: text for name, text in fields.items() if text}), url)


def _client(look: Look, client_id: str) -> App:
    for app in look.world.apps.values():
        if app.client_id == client_id:
            return app
    raise PageError(404, "There is no App of that name.")


def _callback(app: App, wanted: str) -> str:
    """Give the address to go back to: one of those that the App has named, to the letter."""
    if wanted and wanted not in app.callback_urls:
        raise PageError(422, "The redirect_uri is not associated with this application.")
    return wanted or next(iter(app.callback_urls), app.external_url)


def _challenge(fields: Mapping[str, str]) -> str:
    """Give the PKCE challenge, if there is one; its method can only be S256."""
    challenge, method = fields.get("code_challenge", ""), fields.get("code_challenge_method", "")
    if (challenge or method) and not (method == "S256" and _CHALLENGE.fullmatch(challenge)):
        raise PageError(422, "The code_challenge has to be an S256 one of 43 characters.")
    return challenge


@page("GET", "/login/oauth/authorize")
def authorize(look: Look) -> Response:
    """Ask whether the App may know who one is."""
    query = look.request.query
    app = _client(look, query.get("client_id", ""))
    url = _callback(app, query.get("redirect_uri", ""))
    state, challenge = query.get("state", ""), _challenge(query)
    shown = look.page("authorize.html", app=app, url=url, state=state, challenge=challenge)
    return _leaving(shown, url)


@page("POST", "/login/oauth/authorize")
def authorized(look: Look) -> Response:
    """Agree, and go back with a code; or refuse, and go back with the word for that."""
    form = look.request.form()
    app = _client(look, form.get("client_id", ""))
    url, state = _callback(app, form.get("redirect_uri", "")), form.get("state", "")
    if "refuse" in form:
        said = {"error": "access_denied", "error_description": "The user denied the request."}
        return _leaving(_back(url, **said, state=state), url)
    who = look.world.by_login(form.get("login", "")) or look.who
    code = look.world.authorize(app, who, url, _challenge(form))
    return _leaving(_back(url, code=code, state=state), url)


@page("POST", "/login/oauth/access_token")
def access_token(look: Look) -> Response:
    """Trade a code for a user's token, as the App's server does."""
    form = look.request.form()
    if "json" in look.request.headers.get("content-type", ""):
        form = json.loads(look.request.body)
    grant = look.world.signed_in(*(str(form.get(name, "")) for name in _TRADED))
    answer: dict[str, Any] = {"error": grant, "error_uri": DOCS}
    if isinstance(grant, Grant):
        token = look.stage.office.tokens.for_user(grant.user, grant.app)
        answer = {
            "access_token": token.text,
            "expires_in": int(USER_TOKEN_LIFE.total_seconds()),
            "token_type": "bearer",
            "scope": "",
        }
    if "json" in look.request.headers.get("accept", ""):
        return Response.json(200, answer)
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return Response(200, urlencode(answer).encode(), kind)


@page("GET", "/apps/{slug}")
def app_page(look: Look) -> Response:
    """Show an App and where it is installed."""
    for app in look.world.apps.values():
        if app.slug == look.args["slug"]:
            living = [it for it in look.world.installations.values() if it.app is app]
            return look.page("app.html", app=app, installations=living)
    raise PageError(404, "There is no App of that name.")
