"""From what stands on a receipt to the bytes of its PDF: PDF/A-2a and PDF/UA-1, without a clock."""

import json
from pathlib import Path
from threading import Lock

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
    """Print a receipt: the same bytes for the same facts. Takes some tenths of a second."""
    import typst

    data = json.dumps(_bounded(words.layout(facts, name, language)), ensure_ascii=False)
    with _press:
        made = typst.compile(
            FOLDER / "receipt.typ",
            root=FOLDER,
            # What the machine has installed must not change what a receipt looks like.
            font_paths=typst.Fonts(include_system_fonts=False),
            sys_inputs={"receipt": data},
            pdf_standards=["a-2a", "ua-1"],
            package_path=FOLDER / "none",
            package_cache_path=FOLDER / "none",
            timestamp=0,
        )
    return bytes(made or b"")


def _bounded(value: object) -> object:
    if isinstance(value, str):
        return "".join(one for one in value if one.isprintable() or one in SPACES)[: LONGEST * 4]
    if isinstance(value, dict):
        return {name: _bounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_bounded(one) for one in value]
    return value
