"""The bot is called by its name: at the begin of a line, at its very end, or only in passing."""

import pytest

from bot import running
from bot.commands import naming
from bot.commands.lines import Said, Unknown, addressed

NAME = "potluck-garden"
SAID = [
    ("@potluck-garden vote", ["vote"]),
    ("@Potluck-Garden[bot], please vote.", ["vote"]),
    ("Hey @potluck-garden: /vote", ["vote"]),
    ("/vote cc @potluck-garden", ["vote"]),
    ("/credit @ada for docs, cc @potluck-garden[bot].", ["credit @ada for docs"]),
    ("please add @ada for docs cc @potluck-garden", ["credit @ada for docs"]),
    ("@potluck-garden please add @ada for docs", ["credit @ada for docs"]),
    ("@potluck-garden ajoute @ada pour docs", ["credit @ada pour docs"]),
    ("Where does this stand?\n\ncc @potluck-garden", ["help"]),
    ("Where does this stand? cc @potluck-garden", ["help"]),
    ("Merci @potluck-garden !", ["help"]),
    ("/vote\n\n(cc @potluck-garden)", ["vote"]),
    # Who ends a sentence with the name may speak to everybody: nobody votes by that.
    ("vote is over, cc @potluck-garden", ["help"]),
    ("release 1.0 is out @potluck-garden", ["help"]),
    ("I asked @potluck-garden about this", []),
    ("> cc @potluck-garden\n\n`@potluck-garden vote`", []),
    ("cc @potluck-gardener, @potluck-garden-2", []),
    ("mail me at x@potluck-garden", []),
]


@pytest.mark.parametrize(("body", "wanted"), SAID)
def test_who_calls_the_bot_by_name_is_heard_even_at_the_very_end(
    body: str, wanted: list[str]
) -> None:
    running.register_handlers()
    found = addressed(body, "issue", NAME)
    assert [
        " ".join((one.command.name, *one.words)) for one in found if isinstance(one, Said)
    ] == wanted
    assert not [one for one in found if isinstance(one, Unknown)]


def test_lines_below_a_command_lose_no_words_and_a_misspelt_one_is_understood() -> None:
    running.register_handlers()
    (bid,) = addressed(
        "/bid 300 EUR 10d a clock\nand tests, @potluck-garden\ncc @potluck-garden", "issue", NAME
    )
    assert isinstance(bid, Said)
    assert bid.block == ("and tests",)
    (meant,) = addressed("@potluck-garden vot", "issue", NAME)
    assert meant == Unknown("/vot", "/vote")
    assert naming.told("cc @potluck-garden", "") is None
