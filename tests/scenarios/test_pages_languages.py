"""English and French: who gets which, and that no sentence is missing or badly set."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from core.translations import FOLDER, LANGUAGES, catalogue
from tests.browser.site import live, make

ROOT = Path(__file__).parents[2]
FRENCH = FOLDER / "fr/LC_MESSAGES/messages.po"
NARROW, WIDE = "\u202f", "\u00a0"
HOW = "babel.cfg says how to bring the catalogue up to date"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return make(tmp_path, live()).test_client()


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (None, "en"),
        ("fr", "fr"),
        ("fr-CA,fr;q=0.8,en;q=0.5", "fr"),
        ("de,fr;q=0.4", "fr"),
        ("de", "en"),
        ("en-US,fr;q=0.9", "en"),
        ("*", "en"),
        ("\x00;q=x", "en"),
    ],
)
def test_the_browser_chooses_the_language(
    client: FlaskClient, asked: str | None, language: str
) -> None:
    answer = client.get("/", headers={"Accept-Language": asked} if asked else {})

    assert f'<html lang="{language}">' in answer.text
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)


def test_the_visitors_own_choice_wins_and_lasts(client: FlaskClient) -> None:
    client.get("/language/fr?next=/")

    page = client.get("/", headers={"Accept-Language": "en"}).text

    assert '<html lang="fr">' in page
    assert "Chacun apporte quelque chose à table" in page
    assert 'lang="en" hreflang="en" rel="nofollow">English</a>' in page


def test_light_or_dark_can_be_chosen_and_given_back(client: FlaskClient) -> None:
    client.get("/theme/dark")
    assert '<html lang="en" data-theme="dark">' in client.get("/").text

    client.get("/theme/auto")
    assert '<html lang="en">' in client.get("/").text


def test_dates_and_numbers_are_written_as_the_language_writes_them(client: FlaskClient) -> None:
    assert "24 August 2026" in client.get("/acme/kettle/cla").text
    french = client.get("/acme/kettle/cla", headers={"Accept-Language": "fr"}).text
    assert "24 août 2026" in french


def extracted() -> Catalog:
    """Collect every sentence of the sources, as `pybabel extract` does."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    catalog = Catalog()
    found: Iterator[Any] = extract_from_dir(str(ROOT), methods, options)
    for _file, _line, message, _comments, context in found:
        catalog.add(message, context=context)
    return catalog


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return extracted()


def french() -> Catalog:
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr")


def test_every_sentence_of_the_sources_is_in_french(sources: Catalog) -> None:
    known = french()
    missing = []
    for message in sources:
        translated = known.get(message.id, message.context) if message.id else None
        strings = translated.string if translated else ""
        whole = strings if isinstance(strings, tuple) else (strings,)
        if message.id and not all(whole):
            missing.append(message.id)

    assert len(sources) > 100, "nothing was extracted: has babel.cfg changed?"
    assert not missing, HOW


def test_the_catalogue_holds_nothing_that_nobody_says(sources: Catalog) -> None:
    known = french()
    left_over = [one.id for one in known if one.id and sources.get(one.id, one.context) is None]

    assert not left_over, HOW
    assert not [one.id for one in known if one.fuzzy], HOW


def sentences() -> Iterator[tuple[str, str]]:
    for message in french():
        if message.id:
            sources = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            # French has two forms of a plural as English has, each for the other's.
            yield from zip(sources, strings, strict=True)


def test_a_translation_keeps_the_placeholders_and_the_markup() -> None:
    placeholders = re.compile(r"%\(\w+\)[sd]|<[^>]+>")
    # What a command is told may be said in either language; its name is the same in both.
    commands = re.compile(r"`(/[a-z-]+)")
    code = re.compile(r"`[^`]+`")
    for source, string in sentences():
        assert commands.findall(string) == commands.findall(source), (source, string)
        assert len(code.findall(string)) == len(code.findall(source)), (source, string)
        if set(placeholders.findall(string)) != set(placeholders.findall(source)):
            # One form of a plural may leave the number out.
            assert "%(count)" in source or "%(num)" in source, (source, string)


def test_french_is_set_as_french_is() -> None:
    for _source, string in sentences():
        prose = re.sub(r"`[^`]*`|<code>.*?</code>|https?://\S+|\[[^\]]*\]\([^)]*\)", "", string)
        assert not re.search(r" [;!?»]|« | :(\s|$)", prose), string
        assert not re.search(rf"\w[;!?](\s|$)|\w:(\s|$)|«[^{WIDE}{NARROW}]", prose), string
        assert "..." not in prose, string


def test_a_plural_is_chosen_by_a_number_and_by_no_sum_that_stands_before_it() -> None:
    first = re.compile(
        r"{%-? \+?trans (?!count\b|num\b)((?!endtrans).)*?pluralize -?%}", re.DOTALL
    )
    templates = [
        one for one in (ROOT / "bot").rglob("*.*") if one.suffix in {".html", ".md", ".txt"}
    ]
    # French wants a whole number there; English would say "1 people", and nobody would notice.
    assert not [one for one in templates if first.search(one.read_text("utf-8"))]


def test_the_bot_finds_each_language_without_a_request() -> None:
    assert set(LANGUAGES) == {"en", "fr"}
    assert catalogue("fr").gettext("Signed by") == "Signé par"
    assert catalogue("en").gettext("Signed by") == "Signed by"
    with pytest.raises(LookupError):
        catalogue("tlh")
