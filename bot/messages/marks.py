"""Strangers' words made harmless for Markdown, and the few marks that our messages are made of."""

import re
import unicodedata

LONGEST = 60
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?(?:\[bot\])?", re.ASCII)
_BLANKS = re.compile(r"\n{3,}")
_EMAIL = re.compile(r"([^@\s]+)@([^@\s]+)")


def inert(text: str, longest: int = LONGEST) -> str:
    """Show what somebody wrote as code on one line: it mentions nobody, links nothing, draws nothing."""
    shown = "".join(_visible(character) for character in text)
    shown = " ".join(shown.split())
    # A pipe ends a table cell even inside code, and a backtick ends the code.
    shown = shown.replace("`", "'").replace("|", "¦")
    shown = _EMAIL.sub(lambda match: masked(match[0]), shown)
    if len(shown) > longest:
        shown = shown[: longest - 1] + "…"
    return f"`{shown or '?'}`"


def _visible(character: str) -> str:
    # Control and format characters can turn the writing direction or hide what is written.
    return " " if unicodedata.category(character)[0] in {"C", "Z"} else character


def masked(email: str) -> str:
    """Show of an address just enough to be recognised by whoever owns it."""
    local, at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}" if at else f"{email[:1]}…"


def short(sha: str) -> str:
    """Show a commit as GitHub does."""
    return sha[:7]


def profile(login: str | None, number: int, web: str) -> str:
    """Link an account without notifying it; one without a known login is named by its number."""
    if not login:
        # Not “#2”, which GitHub would take for the number of a thread.
        return f"`id {number}`"
    if not _LOGIN.fullmatch(login):
        return inert(login)
    if login.endswith("[bot]"):
        return f"[{login[:-5]}\\[bot\\]]({web}/apps/{login[:-5]})"
    return f"[{login}]({web}/{login})"


def mention(login: str | None) -> str | None:
    """Notify an account; None for what is no login of a person."""
    if login is None or not _LOGIN.fullmatch(login) or login.endswith("[bot]"):
        return None
    return f"@{login}"


def code(line: str) -> str:
    """Show a line to be copied as a block of its own."""
    fence = "```"
    while fence in line:
        fence += "`"
    return f"{fence}\n{line}\n{fence}"


def quoted(text: str) -> str:
    """Quote what somebody wrote, Markdown and all: it notifies nobody and hides no line like ours."""
    # An empty comment of HTML keeps GitHub from taking a name for a mention.
    harmless = text.replace("<!--", "&lt;!--").replace("@", "@<!-- -->")
    return "\n".join(f"> {line}".rstrip() for line in harmless.splitlines())


def tidy(text: str) -> str:
    """Take away the blank space that branches of a template leave."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return _BLANKS.sub("\n\n", lines)
