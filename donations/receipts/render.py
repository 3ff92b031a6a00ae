"""From what stands on a receipt to the bytes of its PDF: PDF/A-2a and PDF/UA-1, without a clock."""

import json
from pathlib import Path
from threading import Lock

from core import letters
from donations.receipts import words
from donations.receipts.fields import Facts

FOLDER = Path(__file__).parent
LONGEST = 200
"""Characters of a field: an issuer, a donor or a project cannot fill pages."""

SPACES = "\u00a0\u202f"
"""They do not count as printable, but stand between figures and their currency."""

_press = Lock()
"""typst takes both cores for each page; one receipt after the other is enough."""


def render(facts: Facts, name: str, language: str) -> bytes:
    """Print a receipt: the same bytes for the same facts. Takes some tenths of a second.

    What the fonts cannot show, in the words of somebody who sells or issues, is an empty box.
    """
    import typst

    told = _bounded(words.layout(facts, name, language))
    with _press:
        try:
            return _pressed(told)
        except typst.TypstError:
            # A PDF/A may not show a letter that its fonts lack, and is refused whole for one.
            return _pressed(_as_shown(told))


def _pressed(told: object) -> bytes:
    import typst

    made = typst.compile(
        FOLDER / "receipt.typ",
        root=FOLDER,
        # What the machine has installed must not change what a receipt looks like.
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"receipt": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        package_path=FOLDER / "none",
        package_cache_path=FOLDER / "none",
        timestamp=0,
    )
    return bytes(made or b"")


def _as_shown(value: object) -> object:
    if isinstance(value, str):
        return letters.shown(value)[0]
    if isinstance(value, dict):
        return {name: _as_shown(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_as_shown(one) for one in value]
    return value


def _bounded(value: object) -> object:
    if isinstance(value, str):
        return "".join(one for one in value if one.isprintable() or one in SPACES)[: LONGEST * 4]
    if isinstance(value, dict):
        return {name: _bounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_bounded(one) for one in value]
    return value
