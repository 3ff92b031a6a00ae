"""The page of an agreement says what signing means, and /agreements makes one to sign."""

import re
import tomllib
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from flask import Flask

from bot.__main__ import cli
from bot.policy import parse
from licensing import drafting
from licensing.terms import RULES
from licensing.variables import VARIABLES
from tests.browser.site import BARE, NOW, live, make, publish
from tests.house import House

GIVEN = {one.name: one.example for one in VARIABLES}
FOR_ALL = {name: value for name, value in GIVEN.items() if name != "paths"}
OURS = drafting.draft(drafting.chosen("cla"), GIVEN).text


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    return make(tmp_path, live(), app_slug=lambda: "potluck-acme")


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def shown(site: Flask, content: str) -> str:
    publish(site.extensions["potluck"].app, BARE, "1.0", content.encode(), NOW)
    return site.test_client().get(f"/{BARE.name}/cla").text


def test_the_answers_stand_before_everything_else_and_quote_the_text(site: Flask) -> None:
    page = shown(site, OURS)

    assert page.index("What signing means for you") < page.index("How to sign")
    plain = words(page)
    assert "May the project sell it closed? Yes The project may hand your work out" in plain
    assert (
        "4.1 We may license your contributions to others under any licence: an open or a closed"
        in plain[: plain.index("How to sign")]
    )
    assert "words of its own" not in plain


def test_every_quote_leads_to_its_clause_in_the_text(site: Flask) -> None:
    page = shown(site, OURS)

    targets = set(re.findall(r'href="#(clause-[0-9.]+)"', page))
    assert len(targets) >= 10
    assert targets <= set(re.findall(r'id="(clause-[0-9.]+)"', page))


def test_a_changed_text_says_that_it_was_changed(site: Flask) -> None:
    page = shown(site, OURS + "\n8. You also give us your bicycle.\n")

    assert "This text has words of its own" in page
    assert 'href="#clause-' not in page
    assert "your bicycle" in page


def test_a_foreign_text_leaves_to_itself_what_the_project_does_not_state(site: Flask) -> None:
    page = words(site.test_client().get("/acme/kettle/cla").text)

    assert "Do you keep your rights? Yes You stay the owner" in page
    assert "The project states this in its rules file. The text itself decides." in page
    unknown = page[page.index("What only the text answers") : page.index("To the text")]
    for question in ("Does your work stay open?", "May the project sell it closed?"):
        assert question in unknown
    assert "Do you keep your rights?" not in unknown


@pytest.mark.parametrize("path", ["", "?kind=caa&outbound=listed", "?kind=dco&language=fr"])
def test_a_choice_can_be_looked_at_before_a_field_is_filled(site: Flask, path: str) -> None:
    page = site.test_client().get(f"/agreements{path}")

    assert page.status_code == 200
    assert "‹project›" in page.text
    assert "aria-invalid" not in page.text
    assert "You can download it when all fields are filled in." in page.text


@pytest.mark.parametrize(
    "given",
    [{"kind": "cla", "outbound": rule, "reaches_back": "yes", "confirm": "yes"} for rule in RULES]
    + [{"kind": "caa", "language": "fr", "who": "entity"}, {"kind": "dco"}],
)
def test_the_finished_text_is_downloaded_and_its_rules_are_good_rules(
    site: Flask, given: dict[str, str]
) -> None:
    client = site.test_client()
    query = urlencode(GIVEN | given)

    page, text = client.get(f"/agreements?{query}"), client.get(f"/agreements.md?{query}")

    assert "can be used" not in page.text
    assert text.status_code == 200
    link = re.findall(r'href="(/agreements\.md\?[^"]*)"', page.text)[0].replace("&amp;", "&")
    assert client.get(link).data == text.data
    kind = given["kind"]
    by_path = kind != "dco"
    choice = drafting.chosen(
        kind,
        given.get("language", "en"),
        given.get("who", "individual"),
        given.get("outbound", "any_plus_original"),
        reaches_back="reaches_back" in given,
        by_path=by_path,
        confirm="confirm" in given,
    )
    assert text.text == drafting.draft(choice, GIVEN).text
    block = re.findall(r'<pre class="code">(.*?)</pre>', page.text, re.DOTALL)[-1]
    rules = parse(block.replace("&#34;", '"'))
    assert rules.mode == kind
    assert tomllib.loads(block.replace("&#34;", '"'))["agreement"]["version"] == "1.0"
    if kind != "dco":
        assert (rules.outbound, rules.paths) == (choice.outbound, ("ee/**", "docs/**"))
        assert (rules.reaches_back, rules.confirm) == (choice.reaches_back, choice.confirm)


def test_what_is_wrong_is_told_at_its_field_and_gives_no_file(site: Flask) -> None:
    client = site.test_client()
    query = urlencode(FOR_ALL | {"project": "<script>alert(1)</script>", "licence": "GPL-3.0"})

    page, text = client.get(f"/agreements?{query}"), client.get(f"/agreements.md?{query}")

    assert page.text.count('aria-invalid="true"') == 2
    assert "Say which it is: GPL-3.0-only or GPL-3.0-or-later." in page.text
    assert "<script>" not in page.text
    assert text.status_code == 400
    assert "project: Write a name" in text.text


def test_a_name_that_assigns_makes_no_licence(site: Flask) -> None:
    query = urlencode(FOR_ALL | {"steward": "Acme, to whom you assign all rights"})

    page = site.test_client().get(f"/agreements?{query}").text

    assert "are words of an assignment, and this is none." in page
    assert site.test_client().get(f"/agreements.md?{query}").status_code == 400


@pytest.mark.parametrize(
    "query",
    ["kind=%00", "project=" + "a" * 5000, "kind=5&who=6&x=y", "_scheme=x&_external=y&_anchor=z"],
)
def test_nonsense_in_the_address_is_no_error(site: Flask, query: str) -> None:
    assert site.test_client().get(f"/agreements?{query}").status_code == 200


def test_the_pull_request_is_told_what_signing_means_before_anybody_signs(house: House) -> None:
    pull = house.propose(house.garden.ada, title="Rakes")
    house.settle()

    (comment,) = house.comments(pull)
    meaning = comment[comment.index("What signing it means") : comment.index("/sign")]
    assert re.findall(r"^- (.*)$", meaning, re.MULTILINE) == [
        "The project may hand your work out under any licence, and sell it without its source too.",
        "Promised: your work also stays under the open licence under which you sent it.",
        "You may use and sell your own contributions elsewhere, as you like.",
    ]


def test_the_chooser_says_what_french_law_asks_on_top(site: Flask) -> None:
    for query, said in (("law=France", 1), ("law=France&confirm=yes", 0), ("law=Germany", 0)):
        page = site.test_client().get(f"/agreements?kind=caa&language=en&{query}").text
        assert page.count("article L131-1") == said, query


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["agreement", *arguments])
    return result.exit_code, result.output


def test_the_command_line_writes_the_same_text_and_looks_it_over(tmp_path: Path) -> None:
    status, text = run("new", *(f"--{name}={value}" for name, value in FOR_ALL.items()))

    text, _beside, hint = text.partition("potluck: ")
    assert (status, text, "The law of France" in hint) == (0, OURS, True)
    file = tmp_path / "CLA.md"
    file.write_text(text, encoding="utf-8")
    status, said = run("lint", str(file))
    assert status == 0
    assert "Its text is one of our templates." in said
    assert "a lawyer must read it." in said
    file.write_text(text.replace("section 4.1", "section 9.9").replace("Acme SAS", "{steward}"))
    status, said = run("lint", str(file))
    assert status == 1
    assert "{steward} has not been filled in." in said


def test_the_command_line_says_all_that_is_needed_at_once() -> None:
    status, said = run("new", "--project", "Kettle")

    assert status == 2
    for name in ("steward", "licence", "law", "place", "contact"):
        assert f"--{name}: This is needed." in said
    assert "--paths" not in said


@pytest.mark.parametrize("content", [b"\xff\xfe", b"Some words.\n"])
def test_a_file_that_cannot_be_told_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "terms.md"
    file.write_bytes(content)

    status, said = run("lint", str(file))

    assert status == 2
    assert said.startswith("potluck: ")
    assert said.count("\n") == 1
