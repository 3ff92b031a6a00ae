"""The pages of the books: what everybody sees, what nobody is told, and downloads that sum to zero."""

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from bot.__main__ import cli
from core.digests import canonical, digest
from donations import books
from tests.databases import Urls
from tests.programs import ROOT
from tests.scenarios.money import story
from tests.scenarios.money.story import FORMULA, HOME


@pytest.fixture
def visitor(databases: Urls, tmp_path: Path) -> Iterator[FlaskClient]:
    """Give a stranger's browser before pages of projects with money."""
    with story.site(databases, tmp_path) as site:
        yield site.test_client()


def rows(visitor: FlaskClient, query: str = "") -> list[dict[str, str]]:
    answer = visitor.get(f"{HOME}.csv{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="acme-kettle-ledger.csv"'
    return list(csv.DictReader(answer.text.splitlines()))


def sums(lines: list[dict[str, str]], account: str = "") -> dict[str, int]:
    found: Counter[str] = Counter()
    for line in lines:
        if account in {"", line["account"]}:
            found[line["currency"]] += int(line["minor"])
    return dict(found)


def test_everybody_sees_where_the_money_is_and_nobody_who_did_not_want_to_be_named(
    visitor: FlaskClient,
) -> None:
    page = visitor.get(HOME).text
    for words in (
        "Where the money is",
        "Owed to people who did the work",
        "Approved by the person who is paid",
        "takes back movement 17",
        "#61 <bdi>Exchange seeds</bdi>",
        "by ada",
        "anonymous",
        "Owed to @ada",
        "JP¥4,820",
        'role="img" aria-label="Held over time, in EUR. The same figures are in the table."',
    ):
        assert words in page, words
    as_csv, as_json = visitor.get(f"{HOME}.csv").text, visitor.get(f"{HOME}.json").text
    for place in (page, as_csv, as_json, visitor.get("/reserves.json").text):
        assert "bo-who-is-anonymous" not in place
        assert "acme/hidden" not in place
        assert "project:103" not in place
    assert visitor.get("/acme/hidden/ledger").status_code == 404
    assert visitor.get("/acme/hidden/ledger.json").status_code == 404
    assert "No money has moved here" in visitor.get("/acme/bare/ledger").text
    assert visitor.get("/acme/bare/ledger.csv").status_code == 404
    assert "Où est l’argent" in visitor.get(HOME, headers={"Accept-Language": "fr"}).text


def test_csv_and_json_sum_to_zero_and_equal_the_page_whatever_is_chosen(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "AT_ONCE", 4)  # several short looks instead of one
    whole = rows(visitor)
    assert set(sums(whole)) == {"EUR", "JPY", "USD"}
    assert sums(whole, "stripe:balance") == {"EUR": 6880, "JPY": 4820, "USD": 1854}
    page = visitor.get(HOME).text
    assert "€68.80" in page
    assert "US$18.54" in page
    for query, shown in (
        ("", None),
        ("?kind=gift", "+€40.00"),
        ("?currency=USD", "US$20.00"),
        ("?kind=conversion&currency=EUR", "+€18.40"),
        ("?from=2026-08-10&to=2026-08-20", "-€70.14"),
        ("?kind=licence", "Nothing fits"),
    ):
        lines = rows(visitor, query)
        assert not any(sums(lines).values()), query
        found = json.loads(visitor.get(f"{HOME}.json{query}").text)
        entries = [
            (str(item["transaction"]["sequence"]), account, currency, str(minor))
            for item in found["books"][1:]
            for account, currency, minor in item["transaction"]["entries"]
        ]
        told = [(one["sequence"], one["account"], one["currency"], one["minor"]) for one in lines]
        assert entries == told
        if shown:
            assert shown in visitor.get(HOME + query).text, query


def test_no_cell_is_a_formula(visitor: FlaskClient) -> None:
    (odd,) = {line["giver"] for line in rows(visitor) if "HYPERLINK" in line["giver"]}
    assert odd == f"'{FORMULA}"
    numbers = {"minor", "amount"}
    for line in rows(visitor):
        for name, cell in line.items():
            assert name in numbers or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_json_is_checked_without_us(visitor: FlaskClient, tmp_path: Path) -> None:
    """By the rule that the page states, and by the command; a changed cent is found by both."""
    text = visitor.get(f"{HOME}.json").text
    head = "0" * 64
    data = json.loads(text)
    for item in data["books"][1:]:
        assert digest(head, canonical(item["transaction"])) == item["hash"]
        head = item["hash"]
    assert data["books"][0]["head"] == {"sequence": len(data["books"]) - 1, "hash": head}

    assert verified(tmp_path, text) == (
        0,
        f"book of {story.PROJECT}: 19 transactions, head {head}",
    )
    status, said = verified(tmp_path, text.replace('"EUR",2500', '"EUR",2501'))
    assert (status, "transaction 1 was changed" in said) == (1, True)
    status, said = verified(tmp_path, visitor.get(f"{HOME}.json?kind=gift").text)
    assert (status, "only part of a ledger" in said) == (1, True)


def test_fifty_lines_of_plain_python_reckon_the_ledger_again(
    visitor: FlaskClient, tmp_path: Path
) -> None:
    script = ROOT / "docs" / "check_ledger.py"
    assert len(script.read_text().splitlines()) <= 50
    text = visitor.get(f"{HOME}.json").text
    for given, said in (
        (text, "stripe:balance EUR 6880\n"),
        (text.replace('"EUR",2500', '"EUR",2501'), "Transaction 1 is not what it was"),
        (text.replace('"sequence":19}}', '"sequence":20}}'), "does not end where it says"),
    ):
        file = tmp_path / "ledger.json"
        file.write_text(given)
        done = subprocess.run(
            [sys.executable, "-I", script, file], capture_output=True, text=True, check=False
        )
        assert said in done.stdout + done.stderr
        assert (done.returncode == 0) == (given == text)


def verified(folder: Path, text: str) -> tuple[int, str]:
    file = folder / "ledger.json"
    file.write_text(text)
    done = CliRunner().invoke(cli, ["verify", str(file)])
    return done.exit_code, done.output.splitlines()[0]


def test_older_movements_are_reached_page_by_page_and_nonsense_is_ignored(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "MOST", 3)
    for query in ("", "currency=EUR", "kind=fee", "kind=fee&currency=EUR"):
        seen: list[str] = []
        path: str | None = f"{HOME}?{query}"
        while path:
            page = visitor.get(path).text
            seen += shown_in(page)
            path = older(page)
        assert len(seen) == len(set(seen)), query
        assert set(seen) == {line["sequence"] for line in rows(visitor, f"?{query}")}, query
    for query in (
        "?kind=x&currency=QQQ&from=yesterday&to=9999-12-31&after=1.2.3",
        "?after=99999999999999999999.1",
        "?from=0001-01-01&after=9223372036854775807.9223372036854775807",
    ):
        assert visitor.get(HOME + query).status_code == 200


def shown_in(page: str) -> list[str]:
    return [
        part.partition("<")[0]
        for part in page.split('<span class="visually-hidden">Movement ')[1:]
    ]


def older(page: str) -> str | None:
    before, found, _rest = page.partition('">Older</a>')
    return before.rpartition('href="')[2].replace("&amp;", "&") if found else None


def test_the_proof_of_reserves_says_what_is_owed_and_what_is_not_there(
    visitor: FlaskClient,
) -> None:
    page = visitor.get("/reserves").text
    for words in ("Differs", "It is there", "€1,078.80", "€0.05", "nobody to ask"):
        assert words in page
    newest, first = json.loads(visitor.get("/reserves.json").text)["proofs"]
    assert first["processor"] is None
    assert newest["owed"]["EUR"] == newest["held"]["EUR"] + newest["explained"]["EUR"]
    assert newest["processor"]["EUR"] - newest["held"]["EUR"] == 5
    assert len(newest["books"]) == 2
    assert digest(newest["previous"], newest["record"]) == newest["hash"]
    assert newest["previous"] == first["hash"]
