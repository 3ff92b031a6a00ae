"""What whoever operates the service asks it: alive, ready, and the figures."""

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot import meters
from bot.readiness import facts
from core.metrics import registry
from core.web.house import house

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer as long as the process can answer at all."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Say whether deliveries can be taken and handled: 200, or 503 with what is wrong."""
    site = house()
    found = facts(site.app, site.inbox, site.clock())
    ready = all(value == "ok" for value in found.checks.values())
    return jsonify(ready=ready, waiting=found.waiting, **found.checks), 200 if ready else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give every figure in the text format of Prometheus."""
    site = house()
    lines = generate_latest(registry) + meters.expose(site.app, site.inbox, site.clock())
    return Response(lines, content_type=CONTENT_TYPE_LATEST)
