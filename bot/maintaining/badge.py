"""The badge of a project: which agreement is in force, what it means, and how many have signed it."""

from dataclasses import dataclass
from hashlib import sha256

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import force_locale, gettext, ngettext
from markupsafe import Markup

from core.translations import LANGUAGES
from core.web import preferences
from core.web.house import house
from licensing import rights, signing, store
from licensing.sentence import N_
from licensing.versions import AgreementVersion

CACHED_SECONDS = 300
WIDTHS = {"narrow": ".,:;!'|iljtfIr() 1", "wide": "mwMW@%"}
NARROW, USUAL, WIDE = 4.4, 6.9, 10.4
PADDING = 12
COLOURS = {
    "leaf": "#2f6b3a",
    "plain": "#5f5f5f",
    "blueberry": "#35548c",
    "mustard": "#7a5606",
}
STYLES = ("round", "flat")
TERMS = {
    ("keep", "yes"): N_("you keep your rights"),
    ("keep", "no"): N_("you assign your rights"),
    ("closed", "yes"): N_("may be sold closed"),
    ("closed", "partly"): N_("closed only where a licence allows it"),
    ("closed", "no"): N_("never sold closed"),
    ("open", "yes"): N_("stays open"),
    ("open", "no"): N_("may not stay open"),
}
"""What a badge says of an agreement, by question and answer; see `licensing.rights`."""

blueprint = Blueprint("badge", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Badge:
    """Two fields with words: what it is about, and how it stands."""

    label: str
    words: str
    tone: str = "leaf"
    style: str = "round"

    @property
    def widths(self) -> tuple[int, int]:
        """How wide the fields are, in pixels: guessed, because the reader's fonts decide."""
        return width(self.label), width(self.words)

    @property
    def colour(self) -> str:
        """The colour of the second field; white text stands on it at 4.5 to 1 or more."""
        return COLOURS[self.tone]


def width(words: str) -> int:
    """Guess how many pixels a sans-serif font of 11 pixels needs, with the field's padding."""
    total = sum(
        NARROW if one in WIDTHS["narrow"] else WIDE if one in WIDTHS["wide"] else USUAL
        for one in words
    )
    return round(total) + PADDING


@blueprint.get("/<owner>/<name>/cla/badge.svg")
def show(owner: str, name: str) -> Response:
    """Draw the badge; grey and 404 for a repository that is not public or not known."""
    with force_locale(language()):
        badge, status = _of(owner, name)
    return drawn(badge, status)


def language() -> str:
    """Give the language that the address names, else the reader's own."""
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else preferences.language()


def style() -> str:
    """Give the style that the address names, else the usual one."""
    asked = request.args.get("style", "")
    return asked if asked in STYLES else STYLES[0]


def drawn(badge: Badge, status: int = 200) -> Response:
    """Answer with a badge that READMEs may show and caches keep for a little while."""
    svg = Markup(render_template("bot/badge.svg", badge=badge, style=badge.style))  # noqa: S704 - what Jinja has escaped
    response = make_response(svg, status)
    response.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    # READMEs on other sites show it: that is what it is for.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={CACHED_SECONDS}"
    response.vary.update(("Accept-Language", "Cookie"))
    response.set_etag(sha256(svg.encode()).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _of(owner: str, name: str) -> tuple[Badge, int]:
    found = house().find_repo(owner, name)
    if found is None or found[2]:
        return Badge(gettext("agreement"), gettext("unknown"), "plain", style()), 404
    with house().app.read() as connection:
        version = store.agreement_in_force(connection, found[0])
        signed = signing.signers(connection, found[0]) if version else 0
    if version is None:
        return Badge(gettext("agreement"), gettext("none in force"), "plain", style()), 200
    label = f"{version.mode.upper()} {version.version}"
    if request.args.get("show") == "terms":
        return Badge(label, _terms(version), "blueberry", style()), 200
    return Badge(label, ngettext("%(num)s signed", "%(num)s signed", signed), "leaf", style()), 200


def _terms(version: AgreementVersion) -> str:
    """Say in a few words what signing means, as far as text or rules say it."""
    answers = {row.key: row.answer for row in rights.of(version).answered}
    said = [gettext(words) for (key, answer), words in TERMS.items() if answers.get(key) == answer]
    return " · ".join(said) or gettext("read the terms")
