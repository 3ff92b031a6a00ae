"""The languages of the house and their catalogues, for the pages and for what the bot says."""

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "English", "fr": "Français"}
"""Code and own name of each language; the first one is what the messages are written in."""

DEFAULT = "en"


@cache
def catalogue(language: str) -> NullTranslations:
    """Give the messages of `language`, a key of `LANGUAGES`, for use outside of a request.

    Hand it to a Jinja environment by `install_gettext_translations(..., newstyle=True)`, with
    the policy `ext.i18n.trimmed` on, as the pages have it: the catalogue is made that way.
    """
    if language not in LANGUAGES:
        message = f"no catalogue for {language!r}"
        raise LookupError(message)
    return translation("messages", FOLDER, [language], fallback=language == DEFAULT)
