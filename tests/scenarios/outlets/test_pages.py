"""What shipped, badges, the widget and what to paste: public, framed only where it may be, never stale."""

from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from bot.roadmap.loop import answers, lessons
from bot.roadmap.loop import store as loop
from bot.roadmap.loop.store import Shipping
from bot.roadmap.rules import Act
from core.github import Account
from tests.house import House
from tests.scenarios.outlets.table import PROJECT, moved
from tests.scenarios.roadmap import HOME, close, join, switch_on, wish
from tests.visitor import Visitor

HOSTILE = "<script>alert(1)</script> \u202egnp.exe" + "W" * 200
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def stranger(house: House) -> Iterator[Visitor]:
    """Somebody who comes by, and a garden with a roadmap."""
    house.settle()
    switch_on(house)
    with Visitor(house) as visitor:
        yield visitor


def words(visitor: Visitor, path: str, status: int = 200) -> str:
    """What a badge says to those who cannot see it."""
    answer = visitor.get(path)
    assert answer.status_code == status
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    title = ElementTree.fromstring(answer.text).find(f"{SVG}title")
    assert title is not None
    return str(title.text)


def test_what_shipped_is_listed_newest_first_page_by_page_with_everybody_who_had_a_hand_in_it(
    house: House, stranger: Visitor
) -> None:
    page = stranger.get(f"{PROJECT}/changelog")
    assert "Nothing has shipped yet" in page.text
    assert 'aria-current="page">What shipped' in page.text
    for number in range(1, 23):
        moved(house, wish(house, number, f"Seeds, part {number}.", 2), "shipped")
    last = wish(house, 30, HOSTILE, 3)
    moved(house, last, "in_progress", "claimed")
    moved(house, last, "shipped")
    moved(house, wish(house, 31, "Not to be", 3), "declined")
    wish(house, 32, "Still asked for")

    first = stranger.get(f"{PROJECT}/changelog").text
    assert "<script>" not in first
    assert first.index("gnp.exe") < first.index("part 22.") < first.index("part 5.")
    assert "part 3." not in first
    assert "Not to be" not in first + "Still asked"
    assert '<a href="/@4000"><bdi>asker</bdi></a>' in first
    assert 'built by <a href="/@4100"><bdi>mara-grows</bdi></a>' in first
    assert "November 2026" in first
    more = first.split('rel="next" href="')[1].split('"')[0]
    second = stranger.get(more).text
    assert "part 3." in second
    assert "part 4." not in second
    assert 'rel="next"' not in second
    assert stranger.get(f"{PROJECT}/changelog?after=x.9").status_code == 200

    back = wish(house, 22, "Seeds, part 22.")
    moved(house, back, "planned", "reopened")
    assert "part 22." not in stranger.get(f"{PROJECT}/changelog").text


def test_beside_what_shipped_stands_whether_it_helps_and_what_was_learned(
    house: House, stranger: Visitor
) -> None:
    last = wish(house, 30, "A bench", 3)
    moved(house, last, "shipped")
    with house.app.write() as connection:
        at = house.now - timedelta(days=60)
        loop.ship(connection, Shipping(last.id, 3, house.garden.repo.id, at))
        for side, said in (("project", "Beans *first*."), ("asker", "We meet now.")):
            lessons.write(connection, last.id, side, (4_000, "asker"), said, at)
        for who, choice in enumerate(("yes", "yes", "no")):
            act = Act(4_000 + who, "cast", choice, "web", f"a{who}", at)
            answers.take(connection, last, Account(4_000 + who, "a"), act, "", at)
    told = stranger.get(f"{PROJECT}/changelog").text
    assert "Does it do their job? Yes 2, partly 0, no 1." in told
    assert "Beans <em>first</em>." in told
    assert "We meet now." in told


def test_badges_say_votes_and_stage_and_a_former_name_still_leads_to_them(
    house: House, stranger: Visitor
) -> None:
    badge = f"{HOME}/7/badge.svg"
    assert words(stranger, f"{PROJECT}/roadmap/badge.svg", 404) == "roadmap: unknown"
    seeds = wish(house, 7, "Exchange seeds", 1)
    assert words(stranger, badge) == "request #7: 1 vote"
    moved(house, seeds, "planned")
    join(house, wish(house, 8, "Swap seeds", 4), seeds)
    assert words(stranger, badge) == "request #7: 4 votes · Planned"
    assert words(stranger, f"{HOME}/8/badge.svg") == "request #8: 4 votes · Planned"
    moved(house, wish(house, 9, "A bench"), "shipped")
    close(house, wish(house, 9, "A bench"))
    assert words(stranger, f"{PROJECT}/roadmap/badge.svg") == "roadmap: 1 open, 1 shipped"
    french = words(stranger, f"{badge}?language=fr")
    assert french != words(stranger, badge)
    assert words(stranger, f"{HOME}/99/badge.svg", 404) == "request: unknown"

    house.world.rename_repository(house.garden.repo, "orchard")
    house.settle()

    assert words(stranger, badge) == "request #7: 4 votes · Planned"
    assert "potluck-sandbox/orchard/requests/7" in stranger.get(f"{HOME}/7/feed.atom").text
    assert stranger.get("/potluck-sandbox/orchard/changelog").status_code == 200


def test_the_widget_may_be_framed_and_nothing_else_and_it_knows_nobody(
    house: House, stranger: Visitor
) -> None:
    for number in range(1, 13):
        wish(house, number, f"{HOSTILE} {number}", number)
    stranger.sign_in(house.garden.ada)
    answer = stranger.get(f"{PROJECT}/widget?best=3&theme=dark&language=fr")

    assert "frame-ancestors http: https:;" in answer.headers["content-security-policy"]
    assert "x-frame-options" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert "private" not in answer.headers["cache-control"]
    page = answer.text
    assert '<html lang="fr" data-theme="dark">' in page
    assert page.count("gnp.exe") == 3
    assert "ada" not in page
    assert not any(tag in page for tag in ("<form", "<button", "<script", "<input"))
    assert page.count("<a ") == page.count('target="_blank" rel="noopener"')
    assert page.count(f'href="{house.settings.public_url}{PROJECT}/requests') == 5
    assert stranger.get(f"{PROJECT}/widget?best=99999").text.count("gnp.exe") == 10
    assert stranger.get(f"{PROJECT}/widget?best=x").text.count("gnp.exe") == 5
    for path in (HOME, f"{PROJECT}/changelog", f"{HOME}/7", "/"):
        other = stranger.get(path)
        assert "frame-ancestors 'none'" in other.headers["content-security-policy"]
        assert other.headers["x-frame-options"] == "DENY"


def test_maintainers_find_what_to_paste_and_others_find_nothing(
    house: House, stranger: Visitor
) -> None:
    wish(house, 7, "Exchange seeds", 2)
    here = f"{house.settings.public_url}{PROJECT}"
    stranger.sign_in(house.garden.ada)
    assert stranger.get(f"{PROJECT}/maintain/share").status_code == 404
    stranger.sign_out()
    stranger.sign_in(house.garden.mara)
    page = stranger.get(f"{PROJECT}/maintain/share").text
    assert f"[![Roadmap]({here}/roadmap/badge.svg)]({here}/roadmap)" in page
    assert f"[![Vote for #7]({here}/requests/7/badge.svg)]({here}/requests/7)" in page
    assert f"&lt;iframe src=&#34;{here}/widget?best=5&#34;" in page
    assert "There is no request" in stranger.get(f"{PROJECT}/maintain/share?request=5").text
