"""What every page holds that comes back because something in its form was wrong.

Whoever filled it in finds what they wrote, and each thing that is wrong says so where it is: for
eyes, and for whoever listens to the page. `Visitor` looks at each such answer of every story.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from core.web.text import inert

REFUSED = 422
NOT_WRITTEN = frozenset({"hidden", "password", "file", "submit", "button", "consent"})
"""Kinds of fields in which nobody writes what they would have to write again, or may not see again.

A tick without which nothing is done (`consent`) is given anew each time, knowingly.
"""

TICKS = frozenset({"checkbox", "radio", "consent"})

Said = Mapping[str, str | list[str]]


@dataclass
class Field:
    """A field as it came back; `holds` is what it would send, in order."""

    name: str
    kind: str
    about: str
    invalid: bool
    holds: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)


@dataclass
class Page:
    """What a page that came back is made of: fields by the path of their form, ids, and complaints."""

    forms: list[tuple[str, dict[str, Field]]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    abouts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    alerts: int = 0


def problems(path: str, sent: Said, html: str) -> Iterator[str]:
    """Say what is wrong with a page that refuses what was sent to `path`."""
    page = _Reader.read(html)
    own = [fields for action, fields in page.forms if action == path]
    lost = [list(_lost(fields, sent)) for fields in own]
    if own and all(lost):
        yield f"{path}: what was written in {', '.join(min(lost, key=len))} is lost"
    for fields in (it for _action, it in page.forms):
        for one in fields.values():
            if one.invalid and not (set(one.about.split()) & page.ids):
                yield f"{path}: nothing says what is wrong with {one.name}"
    for name in page.abouts - page.ids:
        yield f"{path}: {name} is named and not there"
    heard = [name for name in page.complaints if name in page.abouts]
    if not heard and not page.alerts:
        yield f"{path}: nothing on the page says that something is wrong"
    for name in page.complaints:
        if name not in heard:
            yield f"{path}: no field knows of the complaint {name or 'without a name'}"


def _lost(fields: Mapping[str, Field], sent: Said) -> Iterator[str]:
    for name, value in sent.items():
        one = fields.get(name)
        if one is None or one.kind in NOT_WRITTEN:
            continue
        wanted = [value] if isinstance(value, str) else value
        can_hold = [it for it in wanted if it in one.offers] if one.offers else wanted
        same = len(can_hold) == len(one.holds) and all(map(_is_kept, one.holds, can_hold))
        if can_hold and not same:
            yield name


def _is_kept(held: str, said: str) -> bool:
    """Say whether a field holds what was written, made harmless, and cut where it is far too long."""
    held, said = (" ".join(inert(it).split()) for it in (held, said))
    return said.startswith(held) and bool(held) == bool(said)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._fields: dict[str, Field] = {}
        self._select = self._area = ""

    @classmethod
    def read(cls, html: str) -> Page:
        reader = cls()
        reader.feed(html)
        return reader.page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._note(given)
        if tag == "form":
            self._fields = {}
            self.page.forms.append((given.get("action", "").partition("?")[0], self._fields))
        elif tag in {"input", "select", "textarea"}:
            self._field(tag, given)
        elif tag == "option" and self._select:
            one = self._fields[self._select]
            one.offers.append(given.get("value", ""))
            if "selected" in given or not one.holds:
                one.holds = [given.get("value", "")]

    def _note(self, given: Mapping[str, str]) -> None:
        self.page.ids |= {given["id"]} if given.get("id") else set()
        self.page.abouts |= set(given.get("aria-describedby", "").split())
        is_alert = given.get("role") == "alert" or "notice" in given.get("class", "").split()
        self.page.alerts += is_alert
        if "error" in given.get("class", "").split() and not is_alert:
            self.page.complaints.append(given.get("id", ""))

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text" if tag == "input" else tag)
        if kind == "checkbox" and "required" in given:
            kind = "consent"
        about, invalid = given.get("aria-describedby", ""), given.get("aria-invalid") == "true"
        one = self._fields.setdefault(name, Field(name, kind, about, invalid))
        one.invalid |= invalid
        one.about += f" {about}"
        value = given.get("value", "on" if kind in TICKS else "")
        if kind in TICKS:
            one.offers.append(value)
        if tag == "input" and (kind not in TICKS or "checked" in given):
            one.holds.append(value)
        self._select = name if tag == "select" else self._select
        self._area = name if tag == "textarea" else ""
        if tag == "textarea":
            one.holds.append("")

    def handle_data(self, data: str) -> None:
        if self._area:
            self._fields[self._area].holds[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = {}
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""
