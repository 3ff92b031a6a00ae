"""Endpoints about releases."""

from functools import partial

from bot.sandbox.calls import Call, route
from bot.sandbox.releases import shown
from bot.sandbox.serving import Response


@route("GET", "/repos/{owner}/{repo}/releases", permission="contents:read")
def releases(call: Call) -> Response:
    """List the published releases, newest first."""
    return call.paged(call.repo.releases, partial(shown, call.world.place))
