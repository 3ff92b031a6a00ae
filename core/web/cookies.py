"""Cookies, the signed session and the CSRF check on every form."""

from flask import Flask, Response, current_app
from flask_wtf.csrf import CSRFProtect

from core.config import Settings

PREFIX = "__Host-"
ONE_YEAR = 31_536_000
LARGEST_FORM = 262_144


def prepare(app: Flask, settings: Settings) -> None:
    """Sign sessions with the secret key and check the CSRF token of every POST."""
    https = settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=_name("session", https=https),
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        # The session cookie is bound to the form already: a page left open overnight may post.
        WTF_CSRF_TIME_LIMIT=None,
        # The framework by itself reads a url-encoded form of any size into memory.
        MAX_CONTENT_LENGTH=LARGEST_FORM,
    )
    CSRFProtect(app)


def _name(name: str, *, https: bool) -> str:
    # With the prefix, browsers take the cookie from this very host over https only.
    return f"{PREFIX}potluck-{name}" if https else f"potluck-{name}"


def cookie_name(name: str) -> str:
    """Name one of our cookies as this site sets it."""
    return _name(name, https=bool(current_app.config["SESSION_COOKIE_SECURE"]))


def keep(response: Response, name: str, value: str) -> None:
    """Set a cookie that is kept for a year; an empty value takes it away."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=ONE_YEAR if value else 0,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
