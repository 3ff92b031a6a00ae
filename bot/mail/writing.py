"""Letters as mail: one template for each, read as plain text and as HTML, in the reader's language.

A letter's first line is its subject; blank lines part its paragraphs; a paragraph `[words](/path)`
is a link to a page of ours. Nothing in it is loaded from anywhere, and nothing tells that it was read.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.mail.facts import on_one_line, written
from core.translations import DEFAULT, LANGUAGES, catalogue

FOLDER = Path(__file__).parent / "letters"
STOPPED_BY = {"invited": "stopped", "lapsing": "stopped", "update": "updates"}
"""Letters that are not about something that happened to somebody's money: one can do without them.

Each with the note that stops it, and its kind alone (`bot.mail.outgoing.silence`).
"""

LONGEST_SUBJECT = 150
NAME = re.compile(r"<([0-9]{1,15})\.([0-9a-f]{32})@([^\s<>@]{1,255})>", re.ASCII)
"""A Message-ID of ours: the mail's number, its secret, and our host."""

_LINK = re.compile(r"\[([^\[\]]+)\]\((/[^\s()]*)\)")


@dataclass(frozen=True)
class Letter:
    """A letter in words; `links` are among its paragraphs, each as (words, address)."""

    subject: str
    paragraphs: tuple[str | tuple[str, str], ...]
    language: str
    stop: str = ""

    @property
    def plain(self) -> str:
        """The letter as plain text."""
        parts = [one if isinstance(one, str) else f"{one[0]}\n{one[1]}" for one in self.paragraphs]
        return "\n\n".join([*parts, *self._foot()]) + "\n"

    @property
    def html(self) -> str:
        """The letter as a page of its own, without anything that would have to be fetched."""
        return _environment(self.language).get_template("letter.html").render(letter=self)

    def _foot(self) -> list[str]:
        words = catalogue(self.language).gettext("No more letters of this kind")
        return [f"-- \n{words}\n{self.stop}"] if self.stop else []


@dataclass(frozen=True)
class Sender:
    """Who writes: `sender` as a mailbox, and the address under which our pages are."""

    name: str
    address: str
    public_url: str

    @property
    def host(self) -> str:
        """What stands behind the @ of our own mails' names."""
        return self.address.rpartition("@")[2]


def letter(row: Any, public_url: str) -> Letter:
    """Write a mail's letter from its row."""
    language = row.language if row.language in LANGUAGES else DEFAULT
    template = _environment(language).get_template(f"{row.letter}.txt")
    facts = written(row.facts, language)
    if not facts.get("project", "."):
        facts["project"] = catalogue(language).gettext("a project that is not public now")
    subject, _, rest = template.render(**facts).partition("\n")
    paragraphs = [on_one_line(one) for one in re.split(r"\n\s*\n", rest) if one.strip()]
    stop = f"{public_url}/mail/stop/{row.token}" if row.letter in STOPPED_BY else ""
    return Letter(
        subject=on_one_line(subject)[:LONGEST_SUBJECT],
        paragraphs=tuple(_paragraph(one, public_url) for one in paragraphs),
        language=language,
        stop=stop,
    )


def message(row: Any, sender: Sender, address: str) -> EmailMessage:
    """Make the mail: the same bytes and the same Message-ID however often it is sent.

    Raises `ValueError` for an address that no header can hold.
    """
    words, made_at = letter(row, sender.public_url), row.created_at
    mail = EmailMessage(SMTP if address.isascii() else SMTPUTF8)
    name, _, host = address.rpartition("@")
    mail["From"] = Address(sender.name, addr_spec=sender.address)
    mail["To"] = Address("", name, host)
    mail["Subject"] = words.subject
    mail["Date"] = made_at
    mail["Message-ID"] = named(row, sender.host)
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = words.language
    if words.stop:
        # RFC 8058: the reader's own program can stop it with one click.
        mail["List-Unsubscribe"] = f"<{words.stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(words.plain, cte="quoted-printable")
    mail.add_alternative(words.html, subtype="html", cte="quoted-printable")
    _fix_boundary(mail, row.effect_key, made_at)
    return mail


def named(row: Any, host: str) -> str:
    """Give a mail's Message-ID: its number, and what nobody knows who never had it."""
    secret = sha256(f"{row.effect_key} {row.token}".encode()).hexdigest()[:32]
    return f"<{row.id}.{secret}@{host}>"


def _fix_boundary(mail: EmailMessage, key: str, made_at: datetime) -> None:
    boundary = sha256(f"{key} {made_at.isoformat()}".encode()).hexdigest()[:32]
    mail.set_boundary(f"={boundary}=")


def _paragraph(text: str, public_url: str) -> str | tuple[str, str]:
    link = _LINK.fullmatch(text)
    return (link[1], f"{public_url}{link[2]}") if link else text


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        # What is HTML is escaped, by its name; the rest is plain text.
        autoescape=lambda name: bool(name and name.endswith(".html")),  # noqa: S701 - see above
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(  # type: ignore[attr-defined] # added by the extension
        catalogue(language), newstyle=True
    )
    return environment
