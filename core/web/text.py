"""What people wrote elsewhere, made safe to look at: names as plain text, documents as Markdown."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

HEADINGS_BELOW = 2
LOWEST_HEADING = 6
MOST_KEPT = 32
TAGS = {
    *("p", "br", "hr", "blockquote", "pre", "code", "em", "strong", "del", "a"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"),
    *("h3", "h4", "h5", "h6"),
}
SCHEMES = {"http", "https", "mailto"}

# Characters that show nothing or turn the direction of what follows: control characters but for
# tab and line ends, direction marks, overrides and isolates, and the invisible separators.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_CODE = re.compile("`([^`]+)`")
_parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def inert(words: object) -> str:
    """Show hidden and direction-turning characters as �, so that a name cannot pose as another."""
    return _HIDDEN.sub("\ufffd", str(words))


def coded(words: str) -> Markup:
    """Show what stands between backticks in a sentence of ours as code; all else is plain text."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(words))))  # noqa: S704 - escaped before


@lru_cache(maxsize=MOST_KEPT)
def markdown(words: str) -> Markup:
    """Render a document: no HTML of its own, no pictures, links only to other sites by http or mail.

    Its headings are put below the page's own. The last ones are remembered: half a megabyte that
    somebody wrote on purpose takes seconds, and its page can be asked for again and again.
    """
    tokens = _parser.parse(inert(words))
    for token in tokens:
        _lower(token)
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        attribute_filter=_absolute_only,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704 - this is what nh3 has cleaned


def _lower(token: Token) -> None:
    if token.type in {"heading_open", "heading_close"}:
        level = int(token.tag.removeprefix("h")) + HEADINGS_BELOW
        token.tag = f"h{min(level, LOWEST_HEADING)}"


def _absolute_only(tag: str, attribute: str, value: str) -> str | None:
    """Drop links that would lead into our own pages: the document was written for another site."""
    if (tag, attribute) != ("a", "href"):
        return value
    return value if value.partition(":")[0].lower() in SCHEMES else None
