"""Every page in a real browser: accessible, whole on every screen, and calm without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look
from tests.browser.seat import broken, narrow_overflow
from tests.browser.site import BARE
from tests.browser.tab import Tab

PAGES = {
    "home-sandbox": ("sandbox", "/"),
    "home-live": ("live", "/"),
    "project": ("live", "/acme/kettle/"),
    "project-bare": ("live", f"/{BARE.name}/"),
    "agreement": ("live", "/acme/kettle/cla"),
    "no-agreement": ("live", f"/{BARE.name}/cla"),
    "choose": ("live", "/agreements"),
    "chosen-badly": ("live", "/agreements?kind=caa&outbound=listed&language=fr&project=%3Cb%3E"),
    "setup": ("near", "/setup?organization=--&public=yes"),
    "setup-local": ("sandbox", "/setup"),
    "setup-code": ("public", "/setup"),
    "setup-done": ("live", "/setup"),
    "styleguide": ("sandbox", "/styleguide"),
    "not-found": ("live", "/nobody/nothing/"),
}
LOOKS = [("phone", "fr", "dark"), ("desktop", "en", "light")]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_whole_and_self_contained_on_every_screen(
    look: Look, tab: Tab, name: str
) -> None:
    site, path = PAGES[name]
    for size, language, scheme in LOOKS:
        page = look(site, path, size=size, language=language, scheme=scheme)

        assert not (found := broken(page)), (size, language, scheme, found)
        expect(page.locator("html")).to_have_attribute("lang", language)
        has_one_heading_and_landmarks(page)
        has_targets_big_enough(page)
        if language == "fr":
            assert narrow_overflow(page) <= 0
    asks_nobody_else_and_breaks_no_policy(tab)


def has_one_heading_and_landmarks(page: Page) -> None:
    expect(page.locator("h1")).to_have_count(1)
    for role in ("banner", "main", "contentinfo"):
        expect(page.locator(f"role={role}")).to_have_count(1)


def has_targets_big_enough(page: Page) -> None:
    # What lies folded away is no target until it is unfolded.
    small = page.locator("nav a, .button, summary, .brand").evaluate_all(
        "all => all.filter(one => one.checkVisibility({visibilityProperty: true}))"
        ".map(one => [one.innerText, one.getBoundingClientRect()])"
        ".filter(([words, box]) => Math.min(box.width, box.height) < 24)"
    )
    assert not small


def asks_nobody_else_and_breaks_no_policy(tab: Tab) -> None:
    origin = tab.page.url.split("/", 3)[:3]
    assert tab.asked
    assert all(url.split("/", 3)[:3] == origin for url in tab.asked)
    assert [line for line in tab.told if "404" not in line] == []


def test_the_first_screen_of_a_phone_says_what_this_is_and_what_to_do(look: Look) -> None:
    page = look("sandbox", "/", size="phone")

    for words in ("Everyone brings something to the table", "Try it in the sandbox", "A project"):
        expect(page.get_by_text(words, exact=True).first).to_be_in_viewport()


def test_the_chosen_theme_wins_over_the_system(look: Look) -> None:
    page = look("live", "/", scheme="light")
    bright = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.get_by_role("link", name="Dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != bright

    page.get_by_role("link", name="Automatic").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == bright


def test_on_a_phone_each_row_of_a_table_is_a_card(look: Look) -> None:
    wide = look("sandbox", "/setup").get_by_role("cell", name="Read", exact=True).first
    assert wide.bounding_box()
    small = look("sandbox", "/setup", size="phone")

    row = small.get_by_role("row").filter(has_text="Metadata")
    expect(row.get_by_role("cell").first).to_have_attribute("data-label", "How far")
    assert small.get_by_role("table").count() == 1
    box, head = row.get_by_role("cell").first.bounding_box(), row.get_by_role("rowheader")
    above = head.bounding_box()
    assert box
    assert above
    assert box["y"] >= above["y"] + above["height"] - 1
