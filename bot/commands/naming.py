"""Who calls the bot by its name: `@bot vote`, `/vote cc @bot`, or no command at all."""

import re
from functools import cache

from core.context import Context

_POLITE = re.compile(
    r"(?:please|could you|can you|s['’]il (?:te|vous) pla[iî]t|stp|svp)\b[\s,!:]*", re.IGNORECASE
)
_VERBS = {"add": "credit", "ajoute": "credit", "ajouter": "credit", "ajoutez": "credit"}
"""What people who come from all-contributors say, as our command is called."""

_WORD = re.compile(r"([a-z][a-z-]{1,30})(?=[\s,.!?]|$)", re.ASCII | re.IGNORECASE)


def name_of(ctx: Context, *bodies: str) -> str:
    """Give the name of our App; empty where nobody is named, so that GitHub is not asked for it."""
    return ctx.github_app.name() if any("@" in body for body in bodies) else ""


def told(line: str, name: str) -> str | None:
    """Give what a line says to the bot that it names at its begin or end; None where it does not.

    In the middle of a sentence it is spoken about, not to. Behind its name a command needs no
    slash; before it, it does: who ends a sentence with the name may speak to everybody.
    """
    if not name or "@" not in line:
        return None
    begins, ends = _forms(name.lower())
    after, first = begins.subn("", line.strip(), count=1)
    words, last = ends.subn("", after, count=1)
    if not first and not last:
        return None
    plain = _POLITE.sub("", words.strip(), count=1).strip()
    verb = _WORD.match(plain)
    if plain.startswith("/") or verb is None:
        return plain
    known = _VERBS.get(verb[1].lower())
    if first or known is not None:
        return f"/{known or verb[1].lower()}{plain[verb.end() :]}"
    return plain


@cache
def _forms(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    called = rf"@{re.escape(name)}(?:\[bot\])?(?![\w-])"
    hello = r"(?:(?:hey|hi|hello|bonjour|salut|please)[\s,]+)?"
    begins = re.compile(rf"^{hello}{called}[\s,:!.]*", re.IGNORECASE)
    ends = re.compile(
        rf"(?:^|(?<![\s,;:(])[\s,;:(]+)(?:/?cc[\s:]*)?{called}[\s.,!?…)]*$", re.IGNORECASE
    )
    return begins, ends
