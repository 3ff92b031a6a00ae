"""The badge: an SVG of our own that says how the agreement stands, in the reader's language."""

from xml.etree import ElementTree

import httpx
import pytest

from tests.economy import PLAIN
from tests.house import House
from tests.scenarios.agreement import set_rules
from tests.scenarios.maintaining import signed

BADGE = "/potluck-sandbox/garden/cla/badge.svg"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def site(house: House) -> httpx.Client:
    """A reader of READMEs."""
    house.settle()
    return httpx.Client(base_url=house.url, timeout=30, verify=PLAIN)


def words(answer: httpx.Response) -> str:
    """What the badge says to those who cannot see it; it has to be good XML."""
    drawn = ElementTree.fromstring(answer.text)
    assert drawn.get("role") == "img"
    title = drawn.find(f"{SVG}title")
    assert title is not None
    assert drawn.get("aria-labelledby") == title.get("id")
    shown = [one.text for one in drawn.iter(f"{SVG}text")]
    assert title.text == ": ".join(str(one) for one in shown)
    return str(title.text)


def test_a_badge_counts_signers_and_is_cached_for_a_little_while(
    house: House, site: httpx.Client
) -> None:
    with site:
        first = site.get(BADGE)
        assert words(first) == "CLA 1.0: 0 signed"
        assert first.headers["content-type"] == "image/svg+xml; charset=utf-8"
        assert first.headers["cache-control"] == "public, max-age=300"
        assert first.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "http" not in first.text.replace("http://www.w3.org/2000/svg", "")
        tag = {"if-none-match": first.headers["etag"]}
        assert site.get(BADGE, headers=tag).status_code == 304

        signed(house, "ada", "bo")

        assert words(site.get(BADGE, headers=tag)) == "CLA 1.0: 2 signed"
        flat = site.get(f"{BADGE}?style=flat")
        assert words(flat) == words(site.get(BADGE))
        assert "clip-path" in first.text
        assert "clip-path" not in flat.text
        assert site.get(f"{BADGE}?style=<script>&language=xx").text == site.get(BADGE).text


def test_a_badge_says_what_signing_means_before_anybody_begins(
    house: House, site: httpx.Client
) -> None:
    with site:
        own, sold, kept = "you keep your rights", "may be sold closed", "stays open"
        assert words(site.get(f"{BADGE}?show=terms")) == f"CLA 1.0: {own} · {sold} · {kept}"
        terms: tuple[tuple[str, ...], ...] = ((), ('outbound = "same_licence"',))
        for major, lines in enumerate(terms, 2):
            set_rules(house, f'version = "{major}.0"', *lines, **{"CLA.md": "Our own words.\n"})
            house.settle()
            said = f"CLA {major}.0: {own}" + (f" · never sold closed · {kept}" if lines else "")
            assert words(site.get(f"{BADGE}?show=terms")) == said
        french = words(site.get(f"{BADGE}?show=terms&language=fr"))
        assert "vous gardez vos droits" in french


def test_without_an_agreement_it_says_so_and_an_unknown_repository_is_grey(
    house: House, site: httpx.Client
) -> None:
    with site:
        unknown = site.get("/nobody/%3Cb%3E/cla/badge.svg")
        assert unknown.status_code == 404
        assert words(unknown) == "agreement: unknown"
        assert "#5f5f5f" in unknown.text
        set_rules(house, 'mode = "off"')
        house.settle()
        assert words(site.get(BADGE)) == "agreement: none in force"

        house.world.set_private(house.garden.repo, private=True)
        house.settle()

        hidden = site.get(BADGE)
        assert (hidden.status_code, hidden.text) == (404, unknown.text)


def test_the_agreements_page_gives_the_markdown_to_paste(house: House, site: httpx.Client) -> None:
    with site:
        page = site.get("/potluck-sandbox/garden/cla").text
    address = f"{house.settings.public_url}/potluck-sandbox/garden/cla"
    assert f"({address}/badge.svg)]({address})</pre>" in page
