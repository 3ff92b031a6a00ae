"""Pages for a frame on another site: they know nobody, so that caches may keep them."""

from flask import Response, make_response, request

from bot.roadmap.outlets import published
from core.web import headers, preferences


def theme() -> str:
    """Give the colours that the address names, else the reader's own."""
    asked = request.args.get("theme", "")
    return asked if asked in preferences.THEMES else preferences.THEMES[0]


def answer(page: str) -> Response:
    """Let any site show this page."""
    headers.allow_frames()
    response = make_response(page)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={published.CACHED_SECONDS}"
    return response
