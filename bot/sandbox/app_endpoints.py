"""Endpoints about Apps, installations, webhook deliveries and accounts."""

from bot.sandbox import shapes
from bot.sandbox.auth import ApiError
from bot.sandbox.calls import Call, route
from bot.sandbox.hooks import Attempt, log_entry
from bot.sandbox.records import Account, App, Installation, Team
from bot.sandbox.repo_shapes import repository
from bot.sandbox.serving import Response
from bot.sandbox.shapes import Json

KEPT_DAYS = 3


def _app(call: Call, app: App) -> Json:
    living = [it for it in call.world.installations.values() if it.app is app and not it.deleted]
    counted = {"client_id": app.client_id, "installations_count": len(living)}
    return shapes.app(call.world.place, app) | counted


@route("GET", "/app", "app")
def own_app(call: Call) -> Response:
    """Give the App that asks."""
    return Response.json(200, _app(call, call.app))


@route("GET", "/app/installations", "app")
def installations(call: Call) -> Response:
    """List the App's installations."""
    living = [it for it in call.world.installations.values() if not it.deleted]
    own = [it for it in living if it.app is call.app]
    return call.paged(own, lambda it: shapes.installation(call.world.place, it))


def _installation(call: Call) -> Installation:
    it = call.world.installations.get(call.number("id"))
    if it is None or it.deleted or it.app is not call.app:
        raise ApiError(404, "Not Found")
    return it


@route("GET", "/app/installations/{id}", "app")
def installation(call: Call) -> Response:
    """Give one installation."""
    return Response.json(200, shapes.installation(call.world.place, _installation(call)))


@route("GET", "/repos/{owner}/{repo}/installation", "app")
def installation_of_repository(call: Call) -> Response:
    """Find the installation that covers a repository."""
    it = call.world.installation_for(call.repo, call.app)
    if it is None:
        raise ApiError(404, "Not Found")
    return Response.json(200, shapes.installation(call.world.place, it))


@route("POST", "/app/installations/{id}/access_tokens", "app")
def access_token(call: Call) -> Response:
    """Mint a token for an installation."""
    it = _installation(call)
    if it.suspended_at:
        raise ApiError(403, "This installation has been suspended")
    token = call.office.tokens.mint(it, call.said())
    return Response.json(
        201,
        {
            "token": token.text,
            "expires_at": shapes.when(token.expires_at),
            "permissions": dict(token.permissions),
            "repository_selection": "all" if it.repositories is None else "selected",
        },
    )


@route("GET", "/installation/repositories", "installation")
def repositories(call: Call) -> Response:
    """List what the installation sees."""
    seen = call.world.repositories_of(call.installation)
    narrowed = call.caller.token.repositories if call.caller.token else None
    seen = [repo for repo in seen if narrowed is None or repo.id in narrowed]
    return call.paged(seen, lambda repo: repository(call.world.place, repo), "repositories")


def _attempts(call: Call) -> list[Attempt]:
    now = call.world.clock()
    return [
        it
        for it in reversed(call.office.hooks.attempts)
        if it.delivery.event.app is call.app and (now - it.delivered_at).days < KEPT_DAYS
    ]


@route("GET", "/app/hook/deliveries", "app")
def deliveries(call: Call) -> Response:
    """List attempts to deliver, newest first, page by cursor."""
    size = call.page()[1]
    cursor = call.request.query.get("cursor", "")
    attempts = _attempts(call)
    if cursor:
        number = cursor.removeprefix("v1_")
        if not number.isdecimal():
            raise ApiError(422, "Invalid cursor")
        attempts = [it for it in attempts if it.id < int(number)]
    shown, more = attempts[:size], len(attempts) > size
    places = {"next": {"cursor": f"v1_{shown[-1].id}"}} if more else {}
    headers = call.link_header(places)
    return Response.json(200, [log_entry(it) for it in shown], **headers)


def _attempt(call: Call) -> Attempt:
    wanted = call.number("id")
    for it in _attempts(call):
        if it.id == wanted:
            return it
    raise ApiError(404, "Not Found")


@route("GET", "/app/hook/deliveries/{id}", "app")
def delivery(call: Call) -> Response:
    """Give one attempt with what was sent and what came back."""
    it = _attempt(call)
    whole = {
        "url": it.delivery.event.app.hook_url or "",
        "request": {
            "headers": dict(it.request_headers),
            "payload": it.delivery.event.payload,
        },
        "response": {"headers": dict(it.response_headers), "payload": it.response_body},
    }
    return Response.json(200, log_entry(it) | whole)


@route("POST", "/app/hook/deliveries/{id}/attempts", "app")
def redeliver(call: Call) -> Response:
    """Deliver again, under the same id."""
    call.office.hooks.redeliver(_attempt(call))
    return Response.json(202, {})


@route("POST", "/app-manifests/{code}/conversions")
def conversion(call: Call) -> Response:
    """Turn the code of the manifest flow into an App and its credentials."""
    app = call.world.convert_manifest(call.args["code"])
    if app is None:
        raise ApiError(404, "Not Found")
    secret = {
        "client_secret": app.client_secret,
        "webhook_secret": app.webhook_secret,
        "pem": app.private_key,
    }
    return Response.json(201, _app(call, app) | secret)


def _profile(call: Call, who: Account | None) -> Response:
    if who is None:
        raise ApiError(404, "Not Found")
    return Response.json(200, shapes.profile(call.world.place, who))


@route("GET", "/user", "user")
def oneself(call: Call) -> Response:
    """Give the user whose token it is."""
    return _profile(call, call.caller.token.user if call.caller.token else None)


@route("GET", "/user/emails", "user")
def own_addresses(call: Call) -> Response:
    """List the addresses of the user whose token it is, the hiding one of GitHub's among them."""
    token = call.caller.token
    if token is None or token.user is None or "email_addresses" not in dict(token.permissions):
        raise ApiError(403, "Resource not accessible by integration")
    who = token.user
    proven = [*sorted(who.emails), who.noreply]
    listed = [_address(it, proven[0], verified=True) for it in proven]
    listed += [_address(it, proven[0], verified=False) for it in sorted(who.unverified)]
    return call.paged(listed, lambda it: it)


def _address(address: str, primary: str, *, verified: bool) -> Json:
    is_primary = address == primary
    shown = "private" if is_primary else None
    return {"email": address, "primary": is_primary, "verified": verified, "visibility": shown}


@route("GET", "/orgs/{org}/teams/{slug}", "installation")
def one_team(call: Call) -> Response:
    """Give a team by its name."""
    found = _named_team(call)
    return Response.json(200, {"id": found.id, "slug": found.slug, "name": found.slug})


@route("GET", "/orgs/{org}/teams/{slug}/members", "installation")
def team_members(call: Call) -> Response:
    """List the members of a team, for the organisation's own installation."""
    return _members(call, _named_team(call))


@route("GET", "/organizations/{org}/team/{id}/members", "installation")
def members_by_number(call: Call) -> Response:
    """List the members of a team by the numbers of its organisation and its own."""
    if call.number("org") != _own_organisation(call).id:
        raise ApiError(404, "Not Found")
    found = (one for one in call.world.teams.values() if one.id == call.number("id"))
    return _members(call, next(found, None))


def _own_organisation(call: Call) -> Account:
    token = call.caller.token
    if token is None or "members" not in dict(token.permissions):
        raise ApiError(403, "Resource not accessible by integration")
    return call.installation.account


def _named_team(call: Call) -> Team:
    where = _own_organisation(call)
    team = call.world.teams.get((where.id, call.args["slug"]))
    if team is None or where.login.casefold() != call.args["org"].casefold():
        raise ApiError(404, "Not Found")
    return team


def _members(call: Call, team: Team | None) -> Response:
    if team is None or team.organization is not call.installation.account:
        raise ApiError(404, "Not Found")
    members = list(team.members.values())
    return call.paged(members, lambda who: shapes.account(call.world.place, who))


@route("GET", "/user/{id}")
def user_by_id(call: Call) -> Response:
    """Give an account by its number."""
    return _profile(call, call.world.accounts.get(call.number("id")))


@route("GET", "/users/{login}")
def user_by_login(call: Call) -> Response:
    """Give an account by its present login."""
    return _profile(call, call.world.by_login(call.args["login"]))


@route("GET", "/rate_limit")
def rate_limit(call: Call) -> Response:
    """Give what is left of the caller's budget."""
    budget = call.office.referee.budget(call.caller.name, call.world.clock())
    rate = {
        "limit": budget.limit,
        "remaining": budget.remaining,
        "used": budget.used,
        "reset": int(budget.reset.timestamp()),
    }
    return Response.json(200, {"resources": {"core": rate, "search": rate}, "rate": rate})


@route("GET", "/meta")
def meta(call: Call) -> Response:
    """Give the addresses that webhooks come from."""
    addresses = {"hooks": ["127.0.0.1/32", "::1/128"], "web": [], "api": []}
    return Response.json(200, {"verifiable_password_authentication": False} | addresses)
