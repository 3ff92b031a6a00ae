"""Following a roadmap from elsewhere: feeds and the calendar, read as a feed reader reads them."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import httpx
import icalendar
import pytest

from bot.roadmap.outlets import deadlines
from tests.economy import PLAIN
from tests.house import House
from tests.scenarios.outlets.table import PROJECT, moved
from tests.scenarios.roadmap import HOME, join, switch_on, wish
from tests.visitor import Visitor

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
HOSTILE = '</title><script>alert(1)</script>\x1b[31m\u202e ]]> "&'
FEEDS = (f"{PROJECT}/roadmap/feed.atom", f"{PROJECT}/changelog/feed.atom", f"{HOME}/7/feed.atom")


@pytest.fixture
def reader(house: House) -> httpx.Client:
    """A feed reader, and a garden with a roadmap."""
    house.settle()
    switch_on(house)
    return httpx.Client(base_url=house.url, timeout=30, verify=PLAIN)


def entries(answer: httpx.Response) -> list[ElementTree.Element]:
    """Give the entries of a feed; every one has what RFC 4287 asks for, and all ids differ."""
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    found = root.findall(f"{ATOM}entry")
    for one in (root, *found):
        for name in ("id", "title", "updated"):
            assert one.findtext(f"{ATOM}{name}"), name
    instants = [one.findtext(f"{ATOM}updated") or "" for one in found]
    if found:
        assert root.findtext(f"{ATOM}updated") == max(instants)
    ids = [one.findtext(f"{ATOM}id") for one in found]
    assert len(set(ids)) == len(ids)
    assert all(str(one).startswith("tag:") for one in ids)
    return found


def titles(answer: httpx.Response) -> list[str]:
    """Give the titles of a feed, the newest entry first."""
    return [one.findtext(f"{ATOM}title") or "" for one in entries(answer)]


def test_a_roadmap_is_followed_move_by_move_and_asked_for_only_when_it_changed(
    house: House, reader: httpx.Client
) -> None:
    with reader:
        empty = reader.get(FEEDS[0])
        assert titles(empty) == []
        seeds = wish(house, 7, HOSTILE, 3)
        moved(house, seeds, "planned", words=f"Soon {HOSTILE}")
        again = wish(house, 8, "Swap seeds", 4)
        join(house, again, seeds)
        moved(house, seeds, "in_progress", "claimed")
        moved(house, seeds, "shipped", "merged")

        board, changelog, request = (reader.get(path) for path in FEEDS)

        shown = '</title><script>alert(1)</script>\ufffd[31m\ufffd ]]> "&'
        assert titles(board)[0] == f"{shown}: now Shipped"
        assert titles(board)[2] == f"{shown}: now Planned"
        newest = entries(board)[0]
        assert newest.findtext(f"{ATOM}author/{ATOM}name") == "mara-grows"
        words = newest.findtext(f"{ATOM}content")
        assert words == "From “In progress”. A change that closes it was merged."
        assert "Soon" in (entries(board)[2].findtext(f"{ATOM}content") or "")
        assert titles(changelog) == [f"{shown} #7"]
        told = entries(changelog)[0].findtext(f"{ATOM}content")
        assert told == "Asked by asker. 4 people wanted it. Built by mara-grows."
        assert "#8 was joined with this" in titles(request)
        assert len(titles(request)) == 5
        link = newest.find(f"{ATOM}link")
        assert link is not None
        assert link.get("href") == f"{house.settings.public_url}{HOME}/7"


def test_a_feed_is_sent_again_only_when_it_changed_and_its_ids_stay(
    house: House, reader: httpx.Client
) -> None:
    with reader:
        seeds = wish(house, 7, "Exchange seeds", 3)
        moved(house, seeds, "shipped")
        for path in FEEDS:
            answer = reader.get(path)
            assert answer.headers["cache-control"] == "public, max-age=300"
            assert "set-cookie" not in answer.headers
            for ask in (
                {"if-none-match": answer.headers["etag"]},
                {"if-modified-since": answer.headers["last-modified"]},
            ):
                unchanged = reader.get(path, headers=ask)
                assert (unchanged.status_code, unchanged.content) == (304, b"")
        board = reader.get(FEEDS[0])
        moved(house, seeds, "planned")
        fresh = reader.get(FEEDS[0], headers={"if-none-match": board.headers["etag"]})
        assert ids(fresh)[1:] == ids(board)
        french = reader.get(f"{FEEDS[0]}?language=fr")
        assert ElementTree.fromstring(french.content).get(LANGUAGE) == "fr"


def ids(answer: httpx.Response) -> list[str | None]:
    """Give the ids of the entries of a feed."""
    return [one.findtext(f"{ATOM}id") for one in entries(answer)]


def test_what_is_private_or_gone_is_told_by_no_feed_and_pages_name_their_feeds(
    house: House, reader: httpx.Client
) -> None:
    with reader, Visitor(house) as visitor:
        seeds = wish(house, 7, "Exchange seeds", 3)
        moved(house, seeds, "shipped")
        for page, feed in ((HOME, FEEDS[0]), (HOME, FEEDS[1]), (f"{HOME}/7", FEEDS[2])):
            named = 'type="application/atom+xml"'
            assert named in visitor.get(page).text
            assert f'href="{feed}"' in visitor.get(page).text
        wish(house, 9, "Never to be seen", state="gone")
        assert not any("Never" in title for path in FEEDS for title in titles(reader.get(path)))
        assert reader.get(f"{HOME}/9/feed.atom").status_code == 404
        assert reader.get("/potluck-sandbox/nothing/roadmap/feed.atom").status_code == 404

        house.world.set_private(house.garden.repo, private=True)
        house.settle()

        for path in (
            *FEEDS,
            f"{PROJECT}/changelog",
            f"{PROJECT}/widget",
            f"{PROJECT}/roadmap/deadlines.ics",
            f"{HOME}/7/badge.svg",
        ):
            assert reader.get(path).status_code == 404, path


def test_deadlines_are_a_calendar_that_keeps_still_until_something_changes(
    house: House, reader: httpx.Client
) -> None:
    with reader:
        first = reader.get(f"{PROJECT}/roadmap/deadlines.ics")
        assert first.headers["content-type"] == "text/calendar; charset=utf-8"
        calendar = icalendar.Calendar.from_ical(first.content)
        assert calendar["VERSION"] == "2.0"
        assert not calendar.walk("VEVENT")
        house.advance(timedelta(hours=1))
        tag = {"if-none-match": first.headers["etag"]}
        again = reader.get(f"{PROJECT}/roadmap/deadlines.ics", headers=tag)
        assert again.status_code == 304

    def source(
        _connection: object, repo_id: int, since: datetime
    ) -> list[tuple[str, str, datetime, str]]:
        return [
            ("bid/2", "Later", since + timedelta(days=60), f"/{repo_id}"),
            ("bid/1", "Sooner", since + timedelta(days=1), f"/{repo_id}"),
            ("bid/0", "Long over", since - timedelta(seconds=1), f"/{repo_id}"),
        ]

    with house.app.read() as connection:
        found = deadlines.of_repo(connection, 7, house.now, (source,))
    assert [one.uid for one in found] == ["bid/1", "bid/2"]
