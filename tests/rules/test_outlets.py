"""Feeds and calendars as bytes: what the standards ask for, and no way out for hostile words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.roadmap.outlets import atom, ical
from bot.roadmap.outlets.atom import Entry, Feed
from bot.roadmap.outlets.ical import Deadline

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
ENTRY = Entry("tag:x,2026:1", "Seeds", "https://x/1", AT, AT, "ada", "Somebody asked for it")
FEED = Feed("tag:x,2026:f", "Garden", "https://x/", "https://x/f", "acme/garden", "en", AT)
HOSTILE = some.text(some.characters(), max_size=200)


def read(feed: Feed) -> ElementTree.Element:
    """Read a feed and hold it against what RFC 4287 demands of feeds and entries (section 4.1)."""
    root = ElementTree.fromstring(atom.written(feed))
    assert root.tag == f"{ATOM}feed"
    for one in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1, name
        assert one.findtext(f"{ATOM}id"), "an id is never empty"
        instant = one.findtext(f"{ATOM}updated") or ""
        assert datetime.fromisoformat(instant).tzinfo, "an instant has its offset"
        links = [(link.get("rel"), link.get("type")) for link in one.findall(f"{ATOM}link")]
        assert len(set(links)) == len(links)
        assert ("alternate", "text/html") in links
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")].count("self") == 1
    # One author for the feed answers for every entry that has none (section 4.2.1).
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    return root


@given(HOSTILE, HOSTILE)
@settings(max_examples=60, deadline=None)
def test_no_words_break_a_feed(title: str, words: str) -> None:
    root = read(replace(FEED, title=title, entries=(replace(ENTRY, title=title, words=words),)))

    shown = root.findtext(f"{ATOM}entry/{ATOM}title") or ""
    assert len(root.findall(f"{ATOM}entry")) == 1
    assert not {one for one in shown if ord(one) < 0x20} - set("\t\n\r")


def test_words_from_outside_are_words_and_no_markup() -> None:
    title = "</title><script>alert(1)</script>\x00\x1b[31m\ufffe & more"

    root = read(replace(FEED, entries=(replace(ENTRY, title=title),)))

    shown = root.findtext(f"{ATOM}entry/{ATOM}title")
    assert shown == "</title><script>alert(1)</script>\ufffd\ufffd[31m\ufffd & more"
    assert root.find(f".//{ATOM}script") is None


def test_a_feed_is_as_new_as_its_newest_entry_and_instants_are_utc() -> None:
    paris = timezone(timedelta(hours=1))
    later = replace(ENTRY, updated_at=datetime(2026, 11, 21, 9, 30, 0, 5, tzinfo=paris))

    assert read(FEED).findtext(f"{ATOM}updated") == "2026-11-20T10:00:00Z"
    root = read(replace(FEED, entries=(ENTRY, later)))
    assert root.findtext(f"{ATOM}updated") == "2026-11-21T08:30:00Z"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_an_id_is_a_tag_whatever_the_site_is_called() -> None:
    assert atom.tag("Potluck.example", "repo/4") == "tag:potluck.example,2026:repo/4"
    assert atom.tag("::1", "a") == "tag:--1,2026:a"
    assert atom.tag("", "a") == "tag:localhost,2026:a"


@given(HOSTILE, HOSTILE)
@settings(max_examples=60, deadline=None)
def test_no_words_break_a_calendar(name: str, title: str) -> None:
    whole = ical.written(name, [Deadline("a/1", title, AT, "https://x/1")], AT)

    assert all(len(line) <= 75 for line in whole.split(b"\r\n"))
    assert b"\n" not in whole.replace(b"\r\n", b"")
    (event,) = icalendar.Calendar.from_ical(whole).walk("VEVENT")
    assert set(event) == {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "URL", "TRANSP"}
    assert event["DTSTART"].dt == AT


def test_another_program_reads_the_words_of_a_deadline_as_they_are() -> None:
    title = "Vote; “élections”, C:\\new\r\nEND:VEVENT\nBEGIN:VEVENT " + "é🌱" * 40

    whole = ical.written("Garten, Haus", [Deadline("a/1", title, AT, "https://x/1?a,b;c")], AT)

    calendar = icalendar.Calendar.from_ical(whole)
    (event,) = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == title.replace("\r\n", "\n")
    assert str(event["URL"]) == "https://x/1?a,b;c"
    assert (event["UID"], event["TRANSP"]) == ("a/1", "TRANSPARENT")
    assert b"\r\nNAME:Garten\\, Haus\r\n" in whole
