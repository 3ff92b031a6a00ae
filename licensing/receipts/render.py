"""From a signature, or a form to be signed, to the bytes of its PDF, within bounds."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from core.errors import UserError
from core.translations import DEFAULT, LANGUAGES, catalogue
from licensing.receipts import blocks, paper, press, words
from licensing.receipts.facts import LARGEST_TEXT, Receipt
from licensing.receipts.paper import Paper

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent
WITHIN_S = 30
WAIT_S = 15
MOST_WAITING = 3
"""More would hold the threads that serve the pages."""

_press = BoundedSemaphore(1)
_queue = BoundedSemaphore(1 + MOST_WAITING)


class Busy(Exception):
    """Other receipts are being made; it is worth trying again in a moment."""


def render(given: Receipt | Paper, language: str) -> bytes:
    """Make the PDF/A in `language`, a key of `LANGUAGES`: the same bytes for the same record.

    Takes from a tenth of a second to some ten seconds, in a process of its own. Raises `Busy`,
    and `UserError` for a text that cannot be set.
    """
    if len(given.content) > LARGEST_TEXT:
        raise UserError("The text is too long for a receipt.")
    with _turn():
        made = _pressed(given, language)
        # Too much to set, or letters that join as no font can show: once more, as simply as can be.
        made = made or _pressed(given, language, simply=True)
    if made is None:
        raise UserError("This text cannot be made into a receipt.")
    return made


@contextmanager
def _turn() -> Iterator[None]:
    with ExitStack() as stack:
        for door, patience in ((_queue, 0), (_press, WAIT_S)):
            if not door.acquire(timeout=patience):
                raise Busy
            stack.callback(door.release)
        yield


def _pressed(given: Receipt | Paper, language: str, *, simply: bool = False) -> bytes | None:
    data = json.dumps(
        _laid_out(given, language, simply=simply), default=_bytes, ensure_ascii=False
    )
    command = [sys.executable, "-I", str(FOLDER / "press.py"), str(FOLDER)]
    try:
        # It sees nothing of our environment, which may hold secrets.
        done = subprocess.run(  # noqa: S603 - our own program, and no shell
            command,
            input=data.encode("utf-8", errors="replace"),
            capture_output=True,
            timeout=WITHIN_S,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("a receipt took too long", extra={"record": given.hash})
        return None
    if done.returncode == 0:
        return done.stdout
    why = done.stderr.decode("utf-8", errors="replace")[:120]
    log.warning("a receipt was not made", extra={"record": given.hash, "reason": why})
    if done.returncode > 0 and done.returncode != press.UNPRINTABLE:
        raise RuntimeError(f"the press of receipts ended with {done.returncode}")
    return None


def _laid_out(given: Receipt | Paper, language: str, *, simply: bool) -> dict[str, Any]:
    spoken = language if language in LANGUAGES else DEFAULT
    text = blocks.read(given.content.decode("utf-8", errors="replace"), simply=simply)
    say = catalogue(spoken).gettext
    if isinstance(given, Paper):
        return paper.layout(given, text, spoken, say)
    return words.layout(given, text, spoken, say)


def _bytes(content: bytes) -> str | list[int]:
    """Give bytes as JSON can carry them: what is no UTF-8 as numbers."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return list(content)
