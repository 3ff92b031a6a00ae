"""The pages' common ground: look, languages, forms, cookies, headers and error pages."""

from flask import Flask

from core.config import Settings
from core.web import (
    assets,
    cookies,
    errors,
    headers,
    layout,
    numbers,
    pace,
    preferences,
    signin,
    signin_pages,
    styleguide,
)

__all__ = ["prepare"]


def prepare(app: Flask, settings: Settings) -> None:
    """Give `app` everything that its pages stand on; call it once, before the other blueprints.

    Afterwards `app.extensions["csrf"].exempt(blueprint)` takes a door out of the CSRF check.
    """
    cookies.prepare(app, settings)
    numbers.prepare(app)
    preferences.prepare(app)
    assets.prepare(app)
    layout.prepare(app, settings)
    headers.prepare(app, settings)
    errors.prepare(app)
    signin.prepare(app)
    pace.prepare(app, settings)
    app.register_blueprint(signin_pages.blueprint)
    app.register_blueprint(styleguide.blueprint)
