"""A form on paper for a guardian without an account: what they sign, and room for a pen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from licensing.receipts.blocks import Text
from licensing.receipts.words import Fact, about, fact, instant, kind_of_agreement, plain

Gettext = Callable[[str], str]


@dataclass(frozen=True)
class Paper:
    """One form: whose account it is for, the version with its exact bytes, and the code.

    `login` is the minor's name on GitHub now; `site` is this service's address; the maintainers'
    page takes the form until `good_until`.
    """

    github_id: int
    login: str
    project: str
    repo_id: int
    version: str
    mode: str
    language: str
    document: str
    content: bytes
    sha256: str
    code: str
    site: str
    printed_at: datetime
    good_until: datetime

    @property
    def hash(self) -> str:
        """What the log calls it."""
        return self.sha256

    def pdf_name(self, language: str) -> str:
        """The name under which the form is saved."""
        return f"guardian-{self.repo_id}-{self.github_id}-{language}.pdf"


def layout(paper: Paper, text: Text, language: str, _: Gettext) -> dict[str, Any]:
    """Give everything that the template needs, as JSON values."""
    at = paper.printed_at.astimezone(UTC)
    names = {"project": plain(paper.project), "version": paper.version}
    file_name = f"agreement-{paper.version}.md"
    return {
        "language": language,
        "title": _("For a parent or guardian to sign"),
        "subject": _("%(project)s, agreement version %(version)s") % names,
        "foot": _("Code %(code)s") % {"code": paper.code},
        "signed_at": {
            name: getattr(at, name)
            for name in ("year", "month", "day", "hour", "minute", "second")
        },
        "heads": [_("What"), _("As it is")],
        "groups": [{"title": _("For whom, and what"), "facts": _facts(paper, _)}],
        "blanks": _blanks(names, _),
        "verify": {
            "title": _("What happens with this form"),
            "steps": [(step, []) for step in _steps(paper, _)],
            "notes": _notes(_),
        },
        "text": {
            "title": _("The text that you sign"),
            "about": about(text, _),
            "language": paper.language,
            "blocks": text.blocks,
        },
        "attachments": [[file_name, paper.content, "text/markdown", _("The exact text")]],
    }


def _blanks(names: dict[str, str], _: Gettext) -> dict[str, Any]:
    labels = [_("Name"), _("Parent, guardian or what else"), _("Place and date"), _("Signature")]
    return {
        "title": _("To be signed by hand"),
        "says": _(
            "I am a parent or guardian of the person whose account is named above, and may"
            " sign for them. I have read version %(version)s of the agreement of %(project)s,"
            " printed on the following pages, and agree to it for them."
        )
        % names,
        "labels": labels,
    }


def _facts(paper: Paper, _: Gettext) -> list[Fact]:
    return [
        fact(_("Account name on GitHub"), paper.login),
        fact(_("Account number on GitHub"), str(paper.github_id)),
        fact(_("Project"), paper.project),
        fact(_("Kind of agreement"), kind_of_agreement(paper.mode, _)),
        fact(_("Version"), paper.version),
        fact(_("Document"), paper.document),
        (_("SHA-256 of the text"), paper.sha256, "hash"),
        fact(_("Code of the form"), paper.code),
        fact(_("Made at"), instant(paper.printed_at)),
    ]


def _steps(paper: Paper, _: Gettext) -> list[str]:
    return [
        _("Read the text on the following pages, and sign above with a pen."),
        _("Let the project’s maintainers have the paper, or a scan of it: they say how."),
        _(
            "They record on %(site)s that it came, with the account, the code and the SHA-256 of"
            " the scan. From then on the agreement counts as signed for this account. They can"
            " do so until %(day)s."
        )
        % {"site": plain(paper.site), "day": f"{paper.good_until:%Y-%m-%d}"},
    ]


def _notes(_: Gettext) -> list[str]:
    return [
        _(
            "Your name and your signature stay on the paper, which the project keeps. What is"
            " recorded for good are numbers, days and hashes. It can be ended for the future at"
            " any time: by the holder of the account, or by the maintainers when you ask them."
        )
    ]
