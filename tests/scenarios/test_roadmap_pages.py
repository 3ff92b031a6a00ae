"""What people ask for, on the pages: lists, one request, votes, stories, ratings, from outside."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, update

from bot.places import pull_request
from bot.roadmap.tables import ballot, vote
from tests.house import House
from tests.scenarios.agreement import mine
from tests.scenarios.roadmap import HOME, close, join, switch_on, wish
from tests.visitor import Visitor, chosen, forms

HOSTILE = '<script>alert(1)</script> \u202egnp.exe "&\u2066' + "W" * 360


@pytest.fixture(autouse=True)
def _installed(house: House) -> None:
    house.settle()


@pytest.fixture
def ada(house: House) -> Iterator[Visitor]:
    """Ada, signed in."""
    with Visitor(house) as visitor:
        visitor.sign_in(house.garden.ada)
        yield visitor


def rows(house: House) -> tuple[int, int]:
    """How many votes stand, and how many acts were written down."""
    with house.app.read() as connection:
        standing = connection.scalar(select(func.count()).select_from(vote)) or 0
        return standing, connection.scalar(select(func.count()).select_from(ballot)) or 0


def test_lists_are_searched_filtered_sorted_and_paged(house: House) -> None:
    for number in range(1, 24):
        wish(house, number, f"Water the beds, part {number}", supporters=number % 4)
    seeds = wish(house, 30, "Exchange seeds with other gardens", 5, origin="pushed")
    again = wish(house, 31, "Swap seeds between gardens", 1)
    wish(house, 32, "A bench in the shade", state="closed")
    wish(house, 33, "Never to be seen", state="gone")
    join(house, again, seeds)
    with Visitor(house) as stranger:
        page = stranger.get(HOME).text
        assert page.index("Exchange seeds") < page.index("Water the beds")
        assert page.index("Exchange seeds") < page.index("Swap seeds")
        assert page.count("Swap seeds") == 1
        assert "Never" not in page + stranger.get(f"{HOME}?state=closed").text
        assert "bench" not in page
        assert "bench" in stranger.get(f"{HOME}?state=closed").text
        found = stranger.get(f"{HOME}?q=gardns seed").text
        assert "Swap seeds" in found
        assert "Water" not in found
        assert "Nothing fits" in stranger.get(f"{HOME}?q=helicopter").text
        pushed = stranger.get(f"{HOME}?origin=pushed").text
        assert "Exchange" in pushed
        assert "Water" not in pushed
        oldest = stranger.get(f"{HOME}?sort=oldest").text
        assert oldest.index("part 1<") < oldest.index("part 2<")


@pytest.mark.parametrize("sort", ["wanted", "newest", "oldest"])
def test_pages_follow_each_other_without_a_gap(house: House, sort: str) -> None:
    for number in range(1, 46):
        wish(house, number, f"Wish number {number}", state="open")
    seen: list[str] = []
    with Visitor(house) as stranger:
        address = f"{HOME}?sort={sort}"
        for _page in range(3):
            page = stranger.get(address).text
            seen += [piece.partition('"')[0] for piece in page.split(f'href="{HOME}/')[1:]]
            address = HOME + page.partition('rel="next" href="' + HOME)[2].partition('"')[0]
            address = address.replace("&amp;", "&")
    numbers = [one for one in seen if one.isdigit()]
    assert len(numbers) == len(set(numbers)) == 45


def test_nonsense_in_the_address_is_no_error(house: House) -> None:
    wish(house, 1, "Water the beds")
    with Visitor(house) as stranger:
        for query in (
            "after=1",
            "after=9999999999999999999999.1",
            "after=-1.2",
            "sort=x&state=gone&origin=%00",
            f"q={'w' * 3000}",
            "q=%00%ff&mine=everything",
            "after=99999999999999999.5&sort=newest",
        ):
            assert stranger.get(f"{HOME}?{query}").status_code == 200, query
        for path in ("0", "2147483648", "99999999999999999999", "5", "1/people?after=-1"):
            assert stranger.get(f"{HOME}/{path}").status_code == (200 if "people" in path else 404)
        assert stranger.get("/potluck-sandbox/garden/roadmap?stage=%00").status_code == 404


def test_a_vote_on_the_page_counts_once_and_can_be_taken_back(house: House, ada: Visitor) -> None:
    switch_on(house)
    asked = wish(house, 7, "Exchange seeds", supporters=2)
    address = f"{HOME}/7"
    before = ada.get(address)
    assert "You have 3 of 3 votes left" in before.text
    after = ada.fill_in(before, form="vote-form")
    assert "Your vote is in" in after.text
    assert "You have 2 of 3 votes left" in after.text
    assert "You voted on this page" in after.text
    assert rows(house) == (3, 3)

    again = ada.fill_in(before, form="vote-form")
    assert again.status_code == 200
    assert rows(house) == (3, 3)

    gone = ada.fill_in(after, form="vote-form")
    assert "taken back" in gone.text
    assert "You have 3 of 3 votes left" in gone.text
    assert rows(house) == (2, 4)
    ada.fill_in(before, form="vote-form")
    assert rows(house) == (2, 4), "a form that was sent before does nothing"

    stale = ada.get(address)
    close(house, asked)
    refused = ada.fill_in(stale, form="vote-form")
    assert refused.status_code == 409
    assert rows(house) == (2, 4)


def test_fifty_clicks_at_once_are_one_vote(house: House, ada: Visitor) -> None:
    wish(house, 7, "Exchange seeds")
    shown = [ada.get(f"{HOME}/7") for _tab in range(2)]
    fields = [chosen(forms(page.text), "vote-form").fields for page in shown]
    answers: list[int] = []

    def click(number: int) -> None:
        with Visitor(house) as tab:
            tab.http.cookies = ada.http.cookies
            answers.append(
                tab.post(f"{HOME}/7/vote", fields[number % 2], follow=False).status_code
            )

    threads = [threading.Thread(target=click, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 50
    assert rows(house) == (1, 1)


def test_a_vote_above_the_limit_waits_and_says_so(house: House, ada: Visitor) -> None:
    switch_on(house, votes_per_person=1)
    first = wish(house, 1, "Water the beds")
    wish(house, 2, "Exchange seeds")
    ada.submit(f"{HOME}/1", form="vote-form")
    page = ada.submit(f"{HOME}/2", form="vote-form").text
    assert "It waits: your 1 votes are on other requests" in page
    close(house, first)
    assert "It waits" not in ada.get(f"{HOME}/2").text
    assert "votes rest" in ada.get(f"{HOME}/1").text


def test_a_vote_for_a_joined_request_is_shown_and_taken_back_on_both(
    house: House, ada: Visitor
) -> None:
    seeds, again = wish(house, 1, "Exchange seeds", 2), wish(house, 2, "Swap seeds")
    ada.submit(f"{HOME}/2", form="vote-form")
    join(house, again, seeds)
    page = ada.get(f"{HOME}/1")
    assert "You voted through #2" in page.text
    assert "3</span> people want this" in page.text
    assert "Exchange seeds</bdi> #1" in ada.get(f"{HOME}/2").text
    assert "2</span> people want this" in ada.fill_in(page, form="vote-form").text


def test_stories_and_ratings_are_kept_changed_and_taken_back(house: House, ada: Visitor) -> None:
    wish(house, 7, "Exchange seeds", supporters=2)
    told = ada.submit(f"{HOME}/7", {"words": "<b>Rare</b> beans\nfrom \u202ehome"}, "story-form")
    assert "&lt;b&gt;Rare&lt;/b&gt; beans" in told.text
    assert "\u202e" not in told.text
    changed = ada.fill_in(told, {"words": "Tomatoes"}, "story-form")
    assert "changed on" in changed.text
    long = ada.fill_in(changed, {"words": "w" * 1001}, "story-form")
    assert (long.status_code, "1 character too many" in long.text) == (422, True)
    assert "Tomatoes" not in ada.fill_in(changed, {"words": " "}, "story-form").text

    rated = ada.submit(f"{HOME}/7", {"value": "4"}, "rating-form")
    assert "says 4 of 5" in rated.text
    assert ada.fill_in(rated, {"value": "6"}, "rating-form").status_code == 422
    assert "says 2 of 5" in ada.fill_in(rated, {"value": "2"}, "rating-form").text
    assert "Nobody has said yet" in ada.fill_in(rated, {"value": "0"}, "rating-form").text
    assert rows(house) == (2, 2), "signals are no votes"


def test_who_wants_it_is_public_with_the_logins_that_we_know(house: House, ada: Visitor) -> None:
    wish(house, 7, "Exchange seeds", supporters=60)
    pull = mine(house)
    with house.app.write() as connection:
        values = {"opener_id": 10_000, "opener_login": "grace"}
        connection.execute(update(pull_request).values(values))
    assert pull.number
    with Visitor(house) as stranger:
        page = stranger.get(f"{HOME}/7/people").text
        assert "60 people want this" in page
        assert ("grace" in page, "account 10000" in page) == (True, False)
        assert "account 10001" in page
        assert "account 10050" not in page
        assert "account 10050" in stranger.get(f"{HOME}/7/people?after=10049").text
        shown = stranger.get(f"{HOME}/7").text
        assert "Sign in to vote" in shown
        assert "<form" not in shown.partition("<main")[2].partition("</main")[0]


def test_hostile_titles_stay_words(house: House) -> None:
    wish(house, 7, HOSTILE, supporters=1)
    with Visitor(house) as stranger:
        for path in (HOME, f"{HOME}/7", f"{HOME}/7/people", "/potluck-sandbox/garden/"):
            page = stranger.get(path).text
            assert "<script" not in page
            assert not {"\u202e", "\u2066"} & set(page)
            assert "&lt;script&gt;" in page


def test_strangers_and_forgers_change_nothing(house: House, ada: Visitor) -> None:
    wish(house, 7, "Exchange seeds")
    form = chosen(forms(ada.get(f"{HOME}/7").text), "vote-form").fields
    with Visitor(house) as stranger:
        assert stranger.post(f"{HOME}/7/vote", form).status_code in {400, 403}
    assert ada.post(f"{HOME}/7/vote", {"choice": "for"}).status_code == 400
    for bad in ({"shown": "x"}, {"choice": "against"}, {"shown": "é" * 22}):
        assert ada.post(f"{HOME}/7/vote", {**form, **bad}).status_code == 400
    assert ada.post(f"{HOME}/8/vote", form).status_code == 404
    assert rows(house) == (0, 0)


def test_a_private_repository_has_no_such_pages(house: House, ada: Visitor) -> None:
    wish(house, 7, "Exchange seeds")
    form = chosen(forms(ada.get(f"{HOME}/7").text), "vote-form").fields
    assert ">Requests</a>" in ada.get("/potluck-sandbox/garden/").text
    house.world.set_private(house.garden.repo, private=True)
    house.settle()
    for path in ("", "/7", "/7/people", "/new"):
        assert ada.get(HOME + path).status_code == 404
    assert ada.post(f"{HOME}/7/vote", form).status_code == 404
    assert rows(house) == (0, 0)
