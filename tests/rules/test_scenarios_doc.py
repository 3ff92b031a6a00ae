"""The table in docs/scenarios.md holds against the tests that it names."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
SCENARIOS, CLAIMS = 56, 10
OF_THE_ROADMAP = 64
OF_MONEY, CLAIMS_OF_MONEY = 65, 12
OF_LICENSING, CLAIMS_OF_LICENSING = 38, 10
FORMAL_VOTES = {5, 21, 22, 23, *range(28, 31), *range(34, 39), 43, 45, 57, 58}


def test_every_line_of_the_table_names_a_test_that_is_there() -> None:
    page = (ROOT / "docs/scenarios.md").read_text()
    scenarios, claims = (ROW.findall(part) for part in page.split("## Ten claims"))
    assert [int(row[0]) for row in scenarios] == list(range(1, SCENARIOS + 1))
    assert [int(row[0]) for row in claims] == list(range(1, CLAIMS + 1))
    named = {row[2].strip("`") for row in (*scenarios, *claims)}
    assert named - _known() == set()


def test_every_line_of_the_roadmaps_table_names_a_test_or_says_why_not() -> None:
    page = (ROOT / "docs/scenarios-roadmap.md").read_text()
    rows = [(int(number), shown) for number, _holds, shown in ROW.findall(page)]

    assert [number for number, _shown in rows] == list(range(1, OF_THE_ROADMAP + 1))
    assert {number for number, shown in rows if shown == "formal votes"} == FORMAL_VOTES
    named = {name.strip("` ") for _number, shown in rows for name in shown.split(",")}
    named -= {"formal votes"}
    named |= set(re.findall(r"`(test_\w+)`", page))
    assert named - _known() == set()


def test_every_line_of_the_table_of_money_names_a_test_or_a_measurement() -> None:
    page = (ROOT / "docs/scenarios-money.md").read_text()
    scenarios, claims = (ROW.findall(part) for part in page.split("## Twelve claims"))
    assert [int(row[0]) for row in scenarios] == list(range(1, OF_MONEY + 1))
    assert [int(row[0]) for row in claims] == list(range(1, CLAIMS_OF_MONEY + 1))
    named = {row[2].strip("`") for row in (*scenarios, *claims)}
    assert named - _known() == {"python -m bench shuffles"}
    assert (ROOT / "bench/shuffles.py").exists()


def test_every_line_of_the_table_of_licensing_names_tests_or_a_measurement() -> None:
    page = (ROOT / "docs/scenarios-licensing.md").read_text()
    scenarios, claims = (ROW.findall(part) for part in page.split("## Ten claims"))
    assert [int(row[0]) for row in scenarios] == list(range(1, OF_LICENSING + 1))
    assert [int(row[0]) for row in claims] == list(range(1, CLAIMS_OF_LICENSING + 1))
    named = {name.strip("` ") for row in (*scenarios, *claims) for name in row[2].split(",")}
    measured = {name.removeprefix("python -m bench ") for name in named if " -m bench " in name}
    assert all((ROOT / f"bench/{name}.py").exists() for name in measured)
    assert measured == {"audit", "gate", "licences"}
    rest = {name for name in named if " -m bench " not in name}
    assert rest - _known() == set()


def _known() -> set[str]:
    """Give the names of all tests."""
    sources = (file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    return {
        name for text in sources for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)
    }
