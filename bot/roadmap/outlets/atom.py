"""Feeds in the Atom format (RFC 4287), written from values. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

MEDIA_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

# XML 1.0 has no way to write these (https://www.w3.org/TR/xml/#charsets), not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_A_TAG = re.compile("[^a-z0-9.-]")


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `id` is a URI that never changes and is nobody else's.

    `at` is when it happened, `updated_at` when what is said of it changed last.
    """

    id: str
    title: str
    link: str
    at: datetime
    updated_at: datetime
    author: str
    words: str = ""


@dataclass(frozen=True)
class Feed:
    """Entries, newest first, and where they are from: `link` is the page, `self_link` the feed.

    `began_at` is what an empty feed gives as the instant of its last change; `author` answers for
    whatever has no author of its own.
    """

    id: str
    title: str
    link: str
    self_link: str
    author: str
    language: str
    began_at: datetime
    entries: Sequence[Entry] = ()

    @property
    def updated_at(self) -> datetime:
        """When anything in it changed last."""
        return max((one.updated_at for one in self.entries), default=self.began_at)


def tag(host: str, what: str) -> str:
    """Make an id of what is ours for good (RFC 4151); an address that could move is none."""
    return f"tag:{_NOT_IN_A_TAG.sub('-', host.lower()) or 'localhost'},2026:{what}"


def written(feed: Feed) -> bytes:
    """Write a feed as XML in UTF-8."""
    root = Element("feed", {"xmlns": NAMESPACE, LANGUAGE: feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", instant(feed.updated_at))
    SubElement(root, "link", rel="self", type=MEDIA_TYPE, href=feed.self_link)
    SubElement(root, "link", rel="alternate", type="text/html", href=feed.link)
    _author(root, feed.author)
    _add(root, "generator", "Potluck")
    for entry in feed.entries:
        _entry(root, entry)
    whole: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return whole


def instant(at: datetime) -> str:
    """Write an instant as RFC 3339 has it."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _entry(root: Element, entry: Entry) -> None:
    one = SubElement(root, "entry")
    _add(one, "id", entry.id)
    _add(one, "title", entry.title)
    _add(one, "published", instant(entry.at))
    _add(one, "updated", instant(entry.updated_at))
    SubElement(one, "link", rel="alternate", type="text/html", href=entry.link)
    if entry.author:
        _author(one, entry.author)
    # Without a summary whoever only reads the title has read it all.
    _add(one, "content", entry.words or entry.title)


def _author(parent: Element, name: str) -> None:
    _add(SubElement(parent, "author"), "name", name)


def _add(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = _FORBIDDEN.sub("\ufffd", words)
