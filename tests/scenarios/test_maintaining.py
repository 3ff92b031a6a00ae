"""The maintainers' pages: what stands there, for those who maintain, and a 404 for all others."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import update

from licensing import store
from licensing.chain import sha256
from licensing.tables import agreement
from tests.house import House
from tests.scenarios.agreement import content, mine, set_rules, writes
from tests.scenarios.maintaining import BASE, signed
from tests.visitor import Visitor

SECTIONS = (
    "",
    "/signers",
    "/signers.csv",
    "/pull-requests",
    "/companies",
    "/waivers",
    "/papers",
    "/agreements",
    "/publish",
    "/chain",
    "/chain.json",
    "/tokens",
    "/hooks",
)


@pytest.fixture
def mara(house: House) -> Iterator[Visitor]:
    """The garden's maintainer, signed in."""
    house.settle()
    with Visitor(house) as somebody:
        somebody.sign_in(house.garden.mara)
        yield somebody


def test_pages_open_to_maintainers_and_to_nobody_else(house: House, mara: Visitor) -> None:
    signed(house, "ada")
    for section in SECTIONS:
        assert mara.get(BASE + section).status_code == 200, section
    assert 'href="/potluck-sandbox/garden/maintain"' in mara.get("/potluck-sandbox/garden/").text
    with Visitor(house) as stranger:
        assert "For maintainers" not in stranger.get("/potluck-sandbox/garden/").text
        for section in SECTIONS:
            assert stranger.get(BASE + section, follow=False).status_code == 303, section
        stranger.sign_in(house.garden.ada)
        for section in SECTIONS:
            assert stranger.get(BASE + section).status_code == 404, section
            unknown = f"/potluck-sandbox/nothing/maintain{section}"
            assert mara.get(unknown).status_code == 404, section


def test_forms_need_the_token_of_their_page(house: House, mara: Visitor) -> None:
    for section in ("/publish", "/tokens", "/tokens/revoke", "/hooks", "/hooks/remove"):
        assert mara.post(BASE + section, {"name": "x"}).status_code == 400, section


def test_signers_are_found_by_filters_and_hostile_words_find_nobody(
    house: House, mara: Visitor
) -> None:
    signed(house, "grace", "gracie", "<script>alert(1)</script>", withdrawn=(1001,))
    for query, found, hidden in (
        ("who=grac", ("grace", "gracie"), ("alert",)),
        ("who=1000", ("grace",), ("gracie",)),
        ("state=withdrawn", ("gracie",), (">grace<",)),
        ("state=standing&version=1.0&method=comment", (">grace<",), ("gracie",)),
        ("who=%25", ("Nobody fits",), ("grace",)),
        ("who=%27+OR+1%3D1+--", ("Nobody fits",), ("grace",)),
        ("who=%00", ("Nobody fits",), ("grace",)),
        ("since=2126-01-01", ("Nobody fits",), ("grace",)),
        ("since=yesterday", ("This is no date",), ("grace",)),
        ("until=9999-12-31&before=99999999999999", (), ()),
        ("method=telepathy&state=odd", ("gracie",), ()),
    ):
        page = mara.get(f"{BASE}/signers?{query}")
        assert page.status_code == 200, query
        assert all(words in page.text for words in found), query
        assert not any(words in page.text for words in hidden), query
    assert "<script" not in mara.get(f"{BASE}/signers").text


def test_pages_of_signers_follow_one_another_and_miss_nobody(house: House, mara: Visitor) -> None:
    signed(house, *(f"person-{number:03}" for number in range(120)))
    seen: list[str] = []
    address = f"{BASE}/signers?method=comment"
    while address:
        page = mara.get(address).text
        seen += re.findall(r"<bdi>(person-[0-9]+)</bdi>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = unescape(following[1]) if following else ""

    assert seen == [f"person-{number:03}" for number in reversed(range(120))]


def test_the_table_can_be_downloaded_and_no_cell_is_a_formula(house: House, mara: Visitor) -> None:
    signed(house, "=HYPERLINK(1)", "+1", "-1", "@sum", "\tx", 'grace,"hopper"')

    answer = mara.get(f"{BASE}/signers.csv")

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["login"] for row in rows][::-1] == [
        "'=HYPERLINK(1)",
        "'+1",
        "'-1",
        "'@sum",
        "'\tx",
        'grace,"hopper"',
    ]
    assert rows[0]["github_id"] == "1005"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert mara.get(f"{BASE}/signers.csv?who=grace").text.count("\r\n") == 2


def test_what_waits_is_shown_and_what_is_done_is_not(house: House, mara: Visitor) -> None:
    pull = mine(house)
    waiting = mara.get(f"{BASE}/pull-requests").text
    assert f"#{pull.number}" in waiting
    assert "has to sign" in waiting
    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()

    assert "Nothing waits" in mara.get(f"{BASE}/pull-requests").text
    assert f"#{pull.number}" in mara.get(f"{BASE}/pull-requests?all=yes").text


def test_the_chain_is_checked_at_night_and_a_change_is_told(house: House, mara: Visitor) -> None:
    signed(house, "grace")
    assert "Not checked yet" in mara.get(f"{BASE}/chain").text
    house.tick("check_chains")
    house.settle()
    whole = mara.get(f"{BASE}/chain").text
    assert "The chain is whole" in whole
    assert "up to record 2" in whole

    house.advance(timedelta(hours=1))
    with house.app.write() as connection:
        connection.execute(update(agreement).values(head_hash="0" * 64))
    house.tick("check_chains")
    house.settle()

    assert "does not hold" in mara.get(f"{BASE}/chain").text
    assert "Something is wrong" in mara.get(BASE).text


def test_versions_are_listed_and_any_two_compared(house: House, mara: Visitor) -> None:
    old = content(house, "CLA.md").decode()
    set_rules(house, 'version = "1.1"', **{"CLA.md": old.replace("for ever", "always")})
    house.settle()

    page = mara.get(f"{BASE}/agreements?from=1.0&to=1.1").text

    assert "What changed from 1.0 to 1.1" in page
    assert "<del>" in page
    assert sha256(content(house, "CLA.md")) in page
    assert "What changed from" not in mara.get(f"{BASE}/agreements?from=1.0&to=7.0").text


def test_a_preview_says_who_would_be_asked_again_and_writes_nothing(
    house: House, mara: Visitor
) -> None:
    pull = mine(house)
    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()
    signed(house, "grace")
    text = content(house, "CLA.md").decode().replace("for ever", "for {{ years }} years")
    with house.calls() as seen:
        major = mara.submit(f"{BASE}/publish", {"text": text, "rise": "major"}, form="preview")
        minor = mara.submit(f"{BASE}/publish", {"text": text, "rise": "minor"}, form="preview")

    assert "2 people would be asked again" in major.text
    assert "1 of them has an open pull request" in major.text
    assert "ada" in major.text
    assert f"#{pull.number}" in major.text
    assert "version = &#34;2.0&#34;" in major.text
    assert "<ins>" in major.text
    assert "has not been filled in" in major.text
    assert "Nobody would be asked again" in minor.text
    assert "version = &#34;1.1&#34;" in minor.text
    assert writes(seen) == []
    with house.app.read() as connection:
        (only,) = store.versions(connection, house.garden.repo.id)
    assert only.version == "1.0"


def test_a_text_that_cannot_be_read_is_refused_with_a_sentence(
    house: House, mara: Visitor
) -> None:
    page = mara.submit(f"{BASE}/publish", {"text": "  "}, form="preview")
    assert "This is empty" in page.text
    page = mara.submit(f"{BASE}/publish", {"text": "a" * 200_001}, form="preview")
    assert "longer than 200000 bytes" in page.text
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    for sent, words in ((b"\xff\xfe", "not UTF-8"), (b"# Other words\n", "If this became")):
        answer = mara.http.post(
            mara.here(f"{BASE}/publish"),
            data={"csrf_token": token, "rise": "minor"},
            files={"file": ("CLA.md", sent)},
        )
        assert words in answer.text
