"""How often one visitor may send forms of which each makes a row, and a page at the bank."""

from math import ceil
from typing import cast

from flask import Flask, current_app, request
from werkzeug.exceptions import TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

from core.buckets import Buckets, Rate
from core.config import Settings
from core.web.house import house
from core.web.signin import person

BUCKETS = "potluck_form_buckets"
FORMS = Rate(60, 0.5)
"""For each account, or each network address of those who are not signed in: whole offices share one."""


def prepare(app: Flask, settings: Settings) -> None:
    """Give the application what remembers how often everybody sent such forms, and whom it counts."""
    app.extensions[BUCKETS] = Buckets()
    if settings.trusted_proxies:
        # Who asks is whom the outermost of them saw: what stands before that, anybody can write.
        wrapped = ProxyFix(app.wsgi_app, settings.trusted_proxies, x_proto=0, x_host=0)
        app.wsgi_app = wrapped  # type: ignore[method-assign]  # as Flask's documents say


def keep_pace() -> None:
    """Count a form of the visitor's. Raises `TooManyRequests`, with how long to wait."""
    buckets = cast("Buckets", current_app.extensions[BUCKETS])
    if wait := buckets.take(visitor(), FORMS, house().clock()):
        raise TooManyRequests(retry_after=max(ceil(wait), 1))


def visitor() -> str:
    """Name who is counted together."""
    who = person()
    return f"account:{who.id}" if who else f"address:{request.remote_addr}"
