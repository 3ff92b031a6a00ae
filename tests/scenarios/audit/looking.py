"""Auditing a yard as `potluck audit` does, with statements and without a database."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.audit.judging import Audit
from bot.audit.matter import Matter
from bot.audit.reading import reader
from bot.audit.shelf import Shelf
from licensing.audit import decisions
from licensing.audit.decisions import Inputs
from tests.gityard import Yard

SIGNED = 'steward = "Stella"\nreason = "it is written down"\n'


def grant(person: str | int, more: str = 'outbound = "any_plus_original"') -> str:
    """State a person's grant."""
    named = person if isinstance(person, int) else f'"{person}"'
    return f"[[grant]]\nperson = {named}\n{more}\n"


def stated(*parts: str) -> Inputs:
    """Read statements as a folder has them."""
    text = SIGNED + "".join(parts)
    return decisions.read({decisions.MAIN: text.encode()})


LICENCE = '[[licence]]\nid = "AGPL-3.0-only"\n'
OFFERED = 'offered = ["AGPL-3.0-only"]\n'
ADA_GRANTS = OFFERED + LICENCE + grant("ada@example.org")


@dataclass
class Looked:
    """An audit with what it was made from."""

    audit: Audit
    matter: Matter

    def lines(self, standing: str) -> int:
        """How many lines stand so."""
        return self.audit.tally.standings[standing]

    def held(self, who: str) -> int:
        """How many lines of somebody stand in the way."""
        found = self.audit.tally.blockers.get(who)
        return found.lines if found else 0

    @property
    def blockers(self) -> dict[str, tuple[str, int]]:
        """Who stands in the way, why, with how many lines."""
        return {key: (one.reason, one.lines) for key, one in self.audit.tally.blockers.items()}


def look(
    yard: Yard,
    inputs: Inputs,
    target: str = "commercial",
    at: str = "",
    kept: Path | str = ":memory:",
) -> Looked:
    """Audit a yard's head, or what is named."""
    with (
        closing(Shelf(kept)) as shelf,
        reader(yard.path, at or yard.head, shelf, inputs) as (opened, sha),
    ):
        return Looked(*opened.audit(sha, target, lambda done, total: None))


def explain(yard: Yard, inputs: Inputs, path: str, line: int) -> dict[str, Any]:
    """Explain one line of a yard's head."""
    with (
        closing(Shelf(":memory:")) as shelf,
        reader(yard.path, yard.head, shelf, inputs) as (opened, sha),
    ):
        return opened.explain(sha, "commercial", path, line)
