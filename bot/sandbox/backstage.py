"""Behind the stage: what GitHub told Potluck, what Potluck answered, and what it asked."""

import json

from bot.sandbox.hooks import Attempt, Delivery
from bot.sandbox.serving import Response
from bot.sandbox.web import Look, PageError, page, to

SHOWN = 40


def about(delivery: Delivery) -> str:
    """Say in a word what a delivery is about: `#3`, or nothing."""
    payload = delivery.event.payload
    for name in ("pull_request", "issue"):
        if name in payload:
            return f"#{payload[name]['number']}"
    return ""


@page("GET", "/deliveries")
def deliveries(look: Look) -> Response:
    """List deliveries and API requests, newest first."""
    hooks, world = look.stage.office.hooks, look.world
    attempts = list(reversed(hooks.attempts))[:SHOWN]
    asked = [it for it in reversed(world.requests) if it.path != "/meta"][:SHOWN]
    return look.page(
        "deliveries.html",
        attempts=attempts,
        waiting=hooks.waiting,
        asked=asked,
        about=about,
        violations=look.stage.office.referee.violations,
    )


def _attempt(look: Look) -> Attempt:
    wanted = int(look.args["id"])
    for it in look.stage.office.hooks.attempts:
        if it.id == wanted:
            return it
    raise PageError(404, "There is no such delivery.")


@page("GET", "/deliveries/{id}")
def delivery(look: Look) -> Response:
    """Show one delivery as it was sent."""
    it = _attempt(look)
    payload = json.dumps(it.delivery.event.payload, indent=2, ensure_ascii=False)
    return look.page("delivery.html", attempt=it, payload=payload, about=about)


@page("POST", "/deliveries/{id}/redeliver")
def redeliver(look: Look) -> Response:
    """Deliver once more, under the same id."""
    look.stage.office.hooks.redeliver(_attempt(look))
    return to("/deliveries")
