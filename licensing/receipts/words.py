"""What a receipt says in the reader's language; what was signed stands beside it as it is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from core.letters import breakable, shown
from licensing.receipts.blocks import Run, Text
from licensing.receipts.facts import RECORD, Receipt

Gettext = Callable[[str], str]
Fact = tuple[str, list[Run] | str, str]
"""A label, its value, and `hash` or `text`."""


def layout(receipt: Receipt, text: Text, language: str, _: Gettext) -> dict[str, Any]:
    """Give everything that the template needs, as JSON values."""
    title = _("Receipt of a signature")
    subject = _("%(project)s, agreement version %(version)s, signed on %(at)s") % {
        "project": plain(receipt.project),
        "version": receipt.version,
        "at": instant(receipt.signed_at),
    }
    at = receipt.signed_at.astimezone(UTC)
    return {
        "language": language,
        "title": title,
        "subject": subject,
        "foot": _("Receipt of record %(sequence)s") % {"sequence": receipt.sequence},
        "signed_at": {
            name: getattr(at, name)
            for name in ("year", "month", "day", "hour", "minute", "second")
        },
        "heads": [_("What"), _("As it was recorded")],
        "blanks": None,
        "groups": [
            {"title": _("Who and what"), "facts": _who(receipt, _)},
            {"title": _("The proof"), "facts": _proof(receipt, _)},
        ],
        "verify": {
            "title": _("How to check it"),
            "steps": _steps(receipt, language, _),
            "notes": _notes(_),
        },
        "text": {
            "title": _("The text that was signed"),
            "about": about(text, _),
            "language": receipt.language,
            "blocks": text.blocks,
        },
        "attachments": [
            [receipt.file_name, receipt.content, "text/markdown", _("The exact text")],
            [RECORD, receipt.record, "application/json", _("The record, byte for byte")],
        ],
    }


def plain(words: str) -> str:
    """Give words of others as the fonts can show them."""
    return shown(words)[0]


def instant(at: datetime) -> str:
    """Write an instant in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _who(receipt: Receipt, _: Gettext) -> list[Fact]:
    number = _("account %(number)s on GitHub") % {"number": receipt.github_id}
    name = f"{receipt.login}, {number}" if receipt.login else number
    facts = [
        fact(_("Signed by"), name),
        fact(_("In which capacity"), _capacity(receipt, _)),
        *_company(receipt, _),
        fact(_("Project"), receipt.project),
        fact(_("Kind of agreement"), kind_of_agreement(receipt.mode, _)),
        fact(_("Version"), receipt.version),
        fact(_("Document"), receipt.document),
        fact(_("How"), _how(receipt, _)),
    ]
    if receipt.shown_at:
        facts.append(fact(_("Shown at"), instant(receipt.shown_at)))
    facts.append(fact(_("Signed at"), instant(receipt.signed_at)))
    facts.append(fact(_("Recorded at"), instant(receipt.recorded_at)))
    if receipt.withdrawn_at:
        facts.append(fact(_("Withdrawn for the future at"), instant(receipt.withdrawn_at)))
    return facts


def _company(receipt: Receipt, _: Gettext) -> list[Fact]:
    if not receipt.company:
        return []
    return [
        fact(_("Company"), receipt.company),
        fact(_("Proven by a verified address on"), receipt.domain),
    ]


def _proof(receipt: Receipt, _: Gettext) -> list[Fact]:
    return [
        (_("SHA-256 of the text"), receipt.sha256, "hash"),
        fact(_("Record"), str(receipt.sequence)),
        (_("SHA-256 of the record"), receipt.hash, "hash"),
        (_("SHA-256 of the record before"), receipt.previous, "hash"),
    ]


def fact(label: str, value: str) -> Fact:
    """Give a line of a table: words that may be long, and of any script."""
    parts = breakable(shown(value)[0])
    return label, [["z" if number else "", part] for number, part in enumerate(parts)], "text"


def _capacity(receipt: Receipt, _: Gettext) -> str:
    match receipt.capacity:
        case "guardian" if receipt.method == "paper":
            return _("by a guardian for a minor")
        case "guardian":
            return _("by a guardian (account %(number)s) for a minor") % {
                "number": receipt.signed_by
            }
        case "employer":
            return _("for an employer")
        case "company":
            return _("for a company, and its people whom it lists")
        case _other:
            return _("for oneself")


def kind_of_agreement(mode: str, _: Gettext) -> str:
    """Say in words what kind of agreement it is."""
    match mode:
        case "caa":
            return _("assignment agreement")
        case "dco":
            return _("certificate of origin")
        case _other:
            return _("contributor licence agreement")


def _how(receipt: Receipt, _: Gettext) -> str:
    match receipt.method:
        case "web":
            return _("on the page, signed in with GitHub")
        case "paper":
            return _("on paper, received by account %(number)s") % {"number": receipt.signed_by}
        case "import":
            return _("taken over from an earlier register, approved by account %(number)s") % {
                "number": receipt.signed_by
            }
        case _other:
            return _("by a comment on pull request #%(number)s") % {"number": receipt.number}


def _steps(receipt: Receipt, language: str, _: Gettext) -> list[tuple[str, list[list[str]]]]:
    names = {"text": receipt.file_name, "record": RECORD}
    return [
        (
            _("Save the two files that are attached to this document: %(text)s and %(record)s.")
            % names,
            [[f"pdfdetach -saveall {receipt.pdf_name(language)}"]],
        ),
        (
            _("Let your own machine count the text. The result has to be its SHA-256 above.")
            % names,
            [[f"sha256sum {receipt.file_name}"]],
        ),
        (
            _(
                "Do the same with the record behind the hash of the one before. The result has to"
                " be the SHA-256 of the record. Inside it stand the account, the version and the"
                " SHA-256 of the text."
            ),
            [
                [f"printf '%s\\n' {receipt.previous} > check"],
                [f"cat {RECORD} >> check"],
                ["sha256sum check"],
            ],
        ),
        (
            _(
                "Ask the project for its export and check the whole chain. It has to be whole,"
                " and record %(sequence)s in it has to have the same SHA-256."
            )
            % {"sequence": receipt.sequence},
            [["potluck verify export.json"]],
        ),
    ]


def _notes(_: Gettext) -> list[str]:
    return [
        _(
            "This document was made from the register, and is no signature by itself: the record"
            " is the proof. Made again, it has the same bytes."
        )
    ]


def about(text: Text, _: Gettext) -> str:
    """Say how the text was set, and what could not be shown of it."""
    said = [
        _("Set from its Markdown, to be read. What counts are the bytes of the attached file.")
    ]
    if text.plain:
        said.append(_("The text has very many parts, so it stands here just as it was written."))
    if text.missing:
        said.append(
            _(
                "Letters that the fonts of this document do not have, %(number)s of them, are"
                " shown as □ or left out. They are whole in the attached file."
            )
            % {"number": text.missing}
        )
    return " ".join(said)
