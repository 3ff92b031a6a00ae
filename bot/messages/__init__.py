"""Everything the bot says on GitHub: one template for each message, in the project's language.

A template's result is Markdown. Whatever a stranger wrote goes through `inert`, so that it can
neither notify anybody nor look like words of ours.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.messages import marks
from core.translations import DEFAULT, LANGUAGES, catalogue


@cache
def _environment(language: str) -> Environment:
    environment = Environment(  # noqa: S701 - Markdown, not HTML: strangers' words go through `inert`
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters |= {
        "inert": marks.inert,
        "masked": marks.masked,
        "short": marks.short,
        "profile": marks.profile,
        "mention": marks.mention,
        "code": marks.code,
        "quoted": marks.quoted,
    }
    environment.install_gettext_translations(  # type: ignore[attr-defined] # added by the extension
        catalogue(language), newstyle=True
    )
    return environment


def say(name: str, language: str, **facts: Any) -> str:
    """Fill the message `name`, a file `NAME.md` beside this one; blank lines are never doubled."""
    spoken = language if language in LANGUAGES else DEFAULT
    text = _environment(spoken).get_template(f"{name}.md").render(**facts)
    return marks.tidy(text)


def headed(name: str, language: str, **facts: Any) -> tuple[str, str]:
    """Fill a message whose first line is a title; gives title and text."""
    title, _, text = say(name, language, **facts).partition("\n")
    return title, text.strip()


def translated(language: str, text: str, **values: Any) -> str:
    """Give one sentence of the catalogues in `language`, filled with `values`."""
    spoken = language if language in LANGUAGES else DEFAULT
    return catalogue(spoken).gettext(text) % values
