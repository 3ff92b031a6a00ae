"""The table in docs/scenarios.md holds against the tests that it names."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
SCENARIOS, CLAIMS = 56, 10


def test_every_line_of_the_table_names_a_test_that_is_there() -> None:
    page = (ROOT / "docs/scenarios.md").read_text()
    scenarios, claims = (ROW.findall(part) for part in page.split("## Ten claims"))
    sources = (file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    tests = {
        name for text in sources for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)
    }

    assert [int(row[0]) for row in scenarios] == list(range(1, SCENARIOS + 1))
    assert [int(row[0]) for row in claims] == list(range(1, CLAIMS + 1))
    named = {row[2].strip("`") for row in (*scenarios, *claims)}
    assert named - tests == set()
