"""The frame around every page: templates, filters, and what the templates may ask for."""

from flask import Blueprint, Flask, request
from flask_babel import format_date, format_datetime, format_decimal, format_timedelta

from core.config import Settings
from core.translations import LANGUAGES
from core.web import preferences, text

PRIVACY_PAGE = "/privacy"
"""What is kept about people, and how long: linked from every page."""

blueprint = Blueprint("web", __name__, template_folder="templates")


def prepare(app: Flask, settings: Settings) -> None:
    """Let every template extend `web/layout.html` and import `web/components.html`."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters.update(
        markdown=text.markdown,
        inert=text.inert,
        coded=text.coded,
        date=format_date,
        moment=format_datetime,
        number=format_decimal,
        span=format_timedelta,
    )
    app.jinja_env.globals.update(
        languages=LANGUAGES, themes=preferences.THEMES, mode=settings.mode
    )
    app.jinja_env.globals["public_url"] = settings.public_url
    app.jinja_env.globals["privacy_page"] = PRIVACY_PAGE
    app.context_processor(_of_this_request)


def _of_this_request() -> dict[str, object]:
    return {
        "language": preferences.language(),
        "theme": preferences.theme(),
        "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
    }
