"""Letters in French keep the spaces at which no line may break: subject, plain text and HTML."""

import json
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from bot.mail import writing
from bot.mail.writing import Sender
from tests.scenarios.mail.reading import html, plain

NAMES = sorted(
    one.stem for one in writing.FOLDER.glob("*.txt") if one.stem not in {"about", "update"}
)
SENDER = Sender("Potluck", "potluck@example.org", "https://potluck.example")
MONEY = {"minor": 123456, "currency": "EUR"}
DAY = {"at": "2026-11-22T12:00:00+00:00"}
FACTS: dict[str, object] = dict.fromkeys(
    ("currency", "into", "name", "product", "project", "why"), "x"
) | {
    "amount": MONEY, "goal": MONEY, "until": DAY, "page": "/a/b", "rhythm": "month",
    "what": "Arroser\u00a0? \n Oui", "request": "Semer\u00a0!", "promise": False,
}  # fmt: skip
UPDATE = FACTS | {"said": [["ada", "lundi", "C’est là\u00a0: voyez"]], "more": 2}

BROKEN = re.compile(r" [:;!?»%€]|« |«[^\u00a0\u202f]|[^\s\u00a0\u202f][»;!?](?=\s|$)|\d \d")
"""What French does not do: a space at which a line may break beside these signs, or none."""


def mail(name: str, facts: dict[str, object], language: str = "fr") -> EmailMessage:
    row = SimpleNamespace(
        id=1, effect_key="x", token="t", language=language, letter=name, facts=json.dumps(facts),
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
    )  # fmt: skip
    sent = writing.message(row, SENDER, "ada@example.org").as_bytes()
    return message_from_bytes(sent, policy=policy.default)


@pytest.mark.parametrize(
    ("name", "facts"), [("update", UPDATE), *((name, FACTS) for name in NAMES)]
)
def test_french_letters_break_no_line_before_its_signs(
    name: str, facts: dict[str, object]
) -> None:
    told = mail(name, facts)
    words = [str(told["subject"]), plain(told), html(told).partition("<body>")[2]]

    for text in words:
        shown = re.sub(r"<[^>]*>|https?://\S+", "", text)
        assert not BROKEN.search(shown), BROKEN.findall(shown)
    # What is sent is wrapped all the same: RFC 5322, 2.1.1.
    assert all(len(line) <= 78 for line in told.as_bytes().splitlines())


def test_any_other_space_is_one() -> None:
    told = mail("charged", FACTS | {"what": " a\t\tb\u2003 c \u00a0d "})

    assert "a b c \u00a0d\n" in plain(told)


def test_what_a_gift_is_for_is_said_where_the_title_has_not_said_it() -> None:
    for_project = plain(mail("thanks", FACTS | {"what": "x"}, "en"))
    for_request = plain(mail("thanks", FACTS | {"what": "A bench #3, x"}, "en"))

    assert "It is for" not in for_project
    assert "It is for: A bench #3, x" in for_request
