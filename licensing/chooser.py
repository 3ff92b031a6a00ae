"""`/agreements`: choose an agreement, and see its text, what it means, and the rules to paste.

Everything is in the address, so that a choice can be linked, sent and downloaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request, url_for

from core.errors import UserError
from core.translations import LANGUAGES
from core.web import preferences
from licensing import drafting, french_law, reading, rights, wording
from licensing.drafting import DEFAULT_RULE, WHO, Choice, Draft
from licensing.sentence import Sentence
from licensing.terms import EXPLAINED, KINDS, RULES, TITLES
from licensing.variables import VARIABLES, items

LONGEST = 500
"""Characters of one field that are looked at."""

blueprint = Blueprint("licensing_chooser", __name__, template_folder="templates")


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a variant, and the values as they were typed.

    `wrong` says for each variable what is missing or no good; `sent` whether anything was typed:
    an empty form is no mistake.
    """

    choice: Choice
    values: Mapping[str, str]
    wrong: Mapping[str, Sentence]
    sent: bool

    @property
    def address(self) -> dict[str, str]:
        """What stands in an address that asks for the same."""
        choice = self.choice
        flags = {"reaches_back": choice.reaches_back, "confirm": choice.confirm}
        return (
            {"kind": choice.kind, "language": choice.language}
            | {"who": choice.who, "outbound": choice.outbound}
            | {name: "yes" for name, on in flags.items() if on}
            | {name: value for name, value in self.values.items() if value}
        )

    @property
    def good(self) -> dict[str, str]:
        """The values that can stand in a document."""
        return {name: value for name, value in self.values.items() if name not in self.wrong}

    @property
    def draft(self) -> Draft:
        """The text; what is not known yet stands in it as ‹name›."""
        gaps = {name: f"‹{name}›" for name in self.wrong}
        return drafting.preview(self.choice, self.good | gaps)

    @property
    def faults(self) -> tuple[wording.Fault, ...]:
        """What is wrong with the words, once all of them are there."""
        if self.wrong:
            return ()
        return wording.faults(self.draft.text, self.choice.kind, self.choice.language)

    @property
    def hint(self) -> Sentence | None:
        """What the chosen law asks on top."""
        return french_law.hint(self.draft.text, self.choice.kind)

    @property
    def is_finished(self) -> bool:
        """Say whether the text can be used."""
        return not self.wrong and not self.faults


@blueprint.get("/agreements")
def choose() -> str:
    """Show the form, and what comes of it."""
    asked = _asked(preferences.language())
    examples = {one.name: one.example for one in VARIABLES}
    found = reading.read(drafting.draft(asked.choice, examples | asked.good).text)
    if found is None:
        abort(400)
    return render_template(
        "licensing/chooser.html",
        asked=asked,
        kinds=KINDS,
        rules=EXPLAINED,
        titles=TITLES,
        needed={one.name for one in drafting.needed(asked.choice)},
        variables=VARIABLES,
        matrix=rights.matrix(found.terms, found),
        blocks=_numbered(asked.draft),
        file_name=file_name(asked.choice),
        section=section(asked),
        download=f"{url_for('licensing_chooser.download')}?{urlencode(asked.address)}",
    )


@blueprint.get("/agreements.md")
def download() -> Response:
    """Give the finished text as a file; 400 with what is missing where it is not finished."""
    asked = _asked(preferences.language())
    try:
        text = drafting.draft(asked.choice, asked.values).text
    except UserError as error:
        return Response(f"{error}\n", 400, content_type="text/plain; charset=utf-8")
    if asked.faults:
        words = "\n".join(str(fault) for fault in asked.faults)
        return Response(f"{words}\n", 400, content_type="text/plain; charset=utf-8")
    response = Response(text, content_type="text/markdown; charset=utf-8")
    name = file_name(asked.choice)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def file_name(choice: Choice) -> str:
    """Name the file for the repository."""
    who = "-entity" if choice.who == "entity" else ""
    return f"{choice.kind.upper()}{who}.md"


def section(asked: Asked) -> str:
    """Write the section `[agreement]` of the rules file that states what the text says."""
    choice = asked.choice
    # What companies sign stands beside the text for everybody else.
    key = "company_document" if choice.who == "entity" else "document"
    lines = [
        "[agreement]",
        f'mode = "{choice.kind}"',
        f'{key} = "{file_name(choice)}"',
        'version = "1.0"',
    ]
    if choice.kind != "dco":
        lines.append(f'outbound = "{choice.outbound}"')
        if choice.outbound == "listed":
            lines.append(f"outbound_licences = {_listed(asked, 'licences')}")
        if choice.reaches_back:
            lines.append("reaches_back = true")
        if choice.by_path:
            lines.append(f"paths = {_listed(asked, 'paths')}")
        if choice.confirm:
            lines.append("confirm = true")
    return "\n".join(lines)


def _listed(asked: Asked, name: str) -> str:
    return "[" + ", ".join(f'"{one}"' for one in items(asked.good.get(name, ""))) + "]"


def _asked(language: str) -> Asked:
    given = {name: request.args.get(name, "").strip()[:LONGEST] for name in request.args}
    values = {one.name: given.get(one.name, "") for one in VARIABLES}
    choice = drafting.chosen(
        _one_of(given.get("kind"), KINDS),
        _one_of(given.get("language"), (language, *LANGUAGES)),
        _one_of(given.get("who"), WHO),
        _one_of(given.get("outbound"), (DEFAULT_RULE, *RULES)),
        reaches_back=given.get("reaches_back") == "yes",
        by_path=bool(values["paths"]),
        confirm=given.get("confirm") == "yes",
    )
    # Which language or kind was looked at says nothing about the fields.
    sent = any(values.values()) or "contact" in given
    return Asked(choice, values, drafting.wrong(choice, values), sent)


def _one_of(given: str | None, known: tuple[str, ...]) -> str:
    return given if given in known else known[0]


def _numbered(draft: Draft) -> tuple[tuple[str, str], ...]:
    """Give the blocks of the text, each clause with its number."""
    return tuple(
        (placed.number if placed.block.part == "clause" else "", words)
        for placed, words in draft.blocks
    )
