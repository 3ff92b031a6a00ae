"""Mistakes in the repository's file of rules: what is so, on which line, and what to do.

What each section may say is held against it in `bot.policy_check`.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_HEADER = re.compile(r"\s*\[(\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"\s*([\w.\"'\- ]+?)\s*=")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for “translate this later”
    """Mark a sentence for the catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Problem:
    """A mistake in the file: what is so and what to do. `text` is a msgid, filled with `values`."""

    line: int
    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The mistake in English."""
        return self.text % dict(self.values)


NESTED = N_("This cannot be read: it is nested too deeply.")
_SYNTAX = N_("This is not TOML: %(reason)s.")


class Lines:
    """Finds the line of a key in its section; the second `[[a.b]]` is the section `a.b[1]`."""

    def __init__(self, text: str) -> None:
        """Look through the lines once."""
        self._found: dict[tuple[str, str], int] = {}
        section = ""
        seen: Counter[str] = Counter()
        for number, line in enumerate(text.splitlines(), 1):
            if header := _HEADER.match(line):
                section = _plain(header[2])
                self._note(section, number)
                if header[1]:
                    seen[section] += 1
                    section = f"{section}[{seen[section] - 1}]"
                    self._note(section, number)
            elif key := _KEY.match(line):
                self._note(f"{section}.{_plain(key[1])}".strip("."), number)

    def _note(self, name: str, number: int) -> None:
        # A key inside a deeper section is, for its parents, found where it begins.
        parts = name.split(".")
        for depth in range(1, len(parts) + 1):
            section, key = ".".join(parts[: depth - 1]), parts[depth - 1]
            self._found.setdefault((section, key), number)

    def of(self, section: str, key: str) -> int:
        """Give the line of a key, else that of the nearest thing around it, counted from 1."""
        while True:
            if line := self._found.get((section, key)):
                return line
            if not section:
                return 1
            if key.endswith("]"):
                key = key.partition("[")[0]
            else:
                section, _, key = section.rpartition(".")


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


def syntax(text: str, error: tomllib.TOMLDecodeError) -> Problem:
    """Say where a text stops being TOML."""
    message = str(error)
    match = _LINE.search(message)
    line = int(match[1]) if match else max(1, text.count("\n") + (not text.endswith("\n")))
    reason = message.partition(" (at ")[0]
    return Problem(line, _SYNTAX, {"reason": reason[:1].lower() + reason[1:]})
