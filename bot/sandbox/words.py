"""The play page's words in other languages. The sandbox has its own: it stands apart."""

import json
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "fr": "Français"}


@cache
def _french() -> dict[str, str]:
    text = (Path(__file__).parent / "french.json").read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(text)
    return words


def translated(language: str, text: str) -> str:
    """Give a text in `language`; English where there is no other."""
    return _french().get(text, text) if language == "fr" else text
