"""A visitor's language and light or dark: from the browser, unless chosen here and kept in a cookie."""

from datetime import UTC
from gettext import NullTranslations

from flask import Blueprint, Flask, Response, abort, make_response, redirect, request
from flask_babel import Babel, get_locale

from core.translations import DEFAULT, FOLDER, LANGUAGES, catalogue
from core.web import cookies
from core.web.addresses import local_path

LOCALES = {"en": "en_GB"}
"""How dates and figures are written, where the language alone does not say."""

THEMES = ("auto", "light", "dark")

blueprint = Blueprint("preferences", __name__)


def prepare(app: Flask) -> None:
    """Translate pages into the visitor's language."""
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone=str(UTC),
        default_translation_directories=str(FOLDER),
        locale_selector=lambda: LOCALES.get(language(), language()),
    )
    # Flask-Babel looks for the catalogue at every word of a page: that was a third of the work.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # put there by jinja2.ext.i18n
        lambda words: _catalogue().gettext(words),
        lambda one, many, count: _catalogue().ngettext(one, many, count),
        newstyle=True,
    )
    # Line ends inside {% trans %} are layout of the template, not of the sentence.
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.register_blueprint(blueprint)


def _catalogue() -> NullTranslations:
    """Give the messages of the language that is in force, also where a page forces one."""
    return catalogue(get_locale().language)


def language() -> str:
    """Give the code of the visitor's language, a key of `LANGUAGES`."""
    chosen = request.cookies.get(cookies.cookie_name("language"))
    if chosen in LANGUAGES:
        return chosen
    # The framework's own match prefers a later "fr" to an earlier "en-GB".
    wanted = (tag.partition("-")[0].lower() for tag, weight in request.accept_languages if weight)
    return next((code for code in wanted if code in LANGUAGES), DEFAULT)


def theme() -> str:
    """Give the chosen theme: `light`, `dark`, or `auto` for what the system says."""
    chosen = request.cookies.get(cookies.cookie_name("theme"))
    return chosen if chosen in THEMES else "auto"


@blueprint.get("/language/<code>")
def choose_language(code: str) -> Response:
    """Keep the visitor's choice of language and go back to `next`, a path on this site."""
    if code not in LANGUAGES:
        abort(404)
    return _chosen("language", code)


@blueprint.get("/theme/<name>")
def choose_theme(name: str) -> Response:
    """Keep the visitor's choice of theme and go back to `next`, a path on this site."""
    if name not in THEMES:
        abort(404)
    return _chosen("theme", "" if name == "auto" else name)


def _chosen(name: str, value: str) -> Response:
    response = make_response(redirect(local_path(request.args.get("next")), 303))
    cookies.keep(response, name, value)
    return response
