"""Receipts of texts that nobody would write: whatever it is, there is a PDF/A, and soon."""

import hashlib
from contextlib import ExitStack
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from core import letters
from core.errors import UserError
from licensing.receipts import blocks
from licensing.receipts.facts import LARGEST_TEXT, Receipt
from licensing.receipts.render import MOST_WAITING, Busy, _queue, render

AT = datetime(2026, 11, 22, 10, 3, 4, tzinfo=UTC)
ROW = "| Ada | *keeps* | `her rights` |\n"


def receipt(text: str | bytes, **changes: Any) -> Receipt:
    content = text.encode() if isinstance(text, str) else text
    given: dict[str, Any] = {
        "github_id": 583231,
        "login": "ada",
        "project": "acme/kettle",
        "scope_id": 900,
        "version": "1.0",
        "mode": "cla",
        "language": "en",
        "document": "CLA.md",
        "content": content,
        "sha256": hashlib.sha256(content).hexdigest(),
        "sequence": 12,
        "record": '{"sequence":12}',
        "hash": "a" * 64,
        "previous": "b" * 64,
        "capacity": "self",
        "method": "comment",
        "signed_by": None,
        "number": 7,
        "shown_at": None,
        "signed_at": AT,
        "recorded_at": AT,
    }
    return Receipt(**(given | changes))


def attached(pdf: bytes) -> bytes:
    return PdfReader(BytesIO(pdf)).attachments["agreement-1.0.md"][0]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("| a | b | c |\n|-|-|-|\n" + ROW * 12_000, id="a table of 400 kB"),
        pytest.param("*a* b " * 7_000, id="very many parts"),
        pytest.param(">" * 50_000 + "a", id="deep quotes"),
        pytest.param("- " * 200 + "a", id="deep lists"),
        pytest.param("e" + "\u0301" * 500 + " z\u0334\u0300 \u05b0\u0653", id="marks on marks"),
        pytest.param("\u0000\u0007\ufeff\ud7ff\uffff", id="what is no letter"),
        pytest.param("| a |\n|-|\n" + "x" * 3000, id="a word without an end"),
    ],
)
def test_there_is_a_receipt_of_every_text(text: str) -> None:
    made = render(receipt(text), "en")

    assert attached(made) == text.encode()
    assert len(made) < 3_000_000


def test_bytes_that_are_no_text_are_attached_as_they_are() -> None:
    content = b"caf\xe9 \xff\x00"

    assert attached(render(receipt(content), "en")) == content


def test_a_text_beyond_the_limit_is_refused() -> None:
    with pytest.raises(UserError, match="too long"):
        render(receipt("x" * (LARGEST_TEXT + 1)), "en")


def test_whoever_comes_when_many_wait_is_asked_to_come_again() -> None:
    with ExitStack() as stack:
        for _ in range(1 + MOST_WAITING):
            stack.enter_context(_queue)
        with pytest.raises(Busy):
            render(receipt("Text"), "en")

    assert attached(render(receipt("Text"), "en")) == b"Text"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.text(max_size=80),
    text=st.text(
        alphabet=st.characters(exclude_categories=("Cs",)) | st.sampled_from("#*_`[]()|>-\n\\$"),
        max_size=400,
    ),
)
def test_no_name_and_no_text_stops_a_receipt(name: str, text: str) -> None:
    made = render(receipt(text, login=name or None, project=name, document=name), "fr")

    assert attached(made) == text.encode()


def test_every_letter_that_we_call_known_is_in_the_fonts() -> None:
    letter = (chr(point) for point in range(0x20, 0xFFFE) if not 0xD800 <= point < 0xE000)
    known = "".join(one for one in letter if letters.shown(one) == (one, 0))
    assert len(known) > 3000
    text = "\n\n".join(known[at : at + 60] for at in range(0, len(known), 60))
    bold = "\n\n".join(
        "**a" + known[at : at + 60].translate({ord(c): None for c in "*\\`_[]<>&"}) + "a**"
        for at in range(0, len(known), 60)
    )

    for one in (text, bold):
        read = blocks.read(one)
        assert (read.missing, read.plain) == (0, False)
        assert b"%PDF" in render(receipt(one), "en")[:8]
