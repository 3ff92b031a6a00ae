"""A sentence for people that is translated where it is shown, because only there the language is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for “translate this later”
    """Mark a sentence for the catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Sentence:
    """A msgid of the catalogues, and the values that fill it."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def english(self) -> str:
        """The sentence in English."""
        return self.text % dict(self.values)
