"""Markdown as GitHub shows it: tables and line breaks yes, scripts and HTML comments no."""

from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_MARKDOWN = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable(
    ["table", "strikethrough"]
)
_TAGS = nh3.ALLOWED_TAGS - {"img", "area", "map"}


def rendered(text: str, folder: str = "/") -> Markup:
    """Turn what somebody wrote into harmless HTML; relative links lead into `folder`."""

    def placed(tag: str, attribute: str, value: str) -> str:
        parts = urlsplit(value)
        relative = not parts.scheme and not parts.netloc and parts.path[:1] not in {"", "/"}
        return folder + value if attribute == "href" and relative else value

    clean = nh3.clean(_MARKDOWN.render(text), tags=_TAGS, attribute_filter=placed)
    # Code that is wider than the screen is scrolled, also from the keyboard.
    focusable = clean.replace("<pre>", '<pre tabindex="0">')
    return Markup(focusable)  # noqa: S704 - cleaned just here
