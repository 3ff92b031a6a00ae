"""What managers and their people filled in on the pages of companies, checked: a sentence for each slip."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.web.text import inert
from licensing import domains
from licensing.companies.values import CHOSEN, Reason, Rule
from licensing.domains import Refusal

LONGEST = 200
EARLIEST, LATEST = 1970, 2200
DAY = timedelta(days=1)
RULES: tuple[Rule, ...] = ("person", "domain", "team", "manager")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

Form = MultiDict[str, str]


@dataclass
class Filled:
    """What was filled in: `errors` by the inputs' names; `raw` as it was sent, made harmless."""

    errors: dict[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Signing(Filled):
    """A manager signs for a company."""

    name: str = ""
    title: str = ""
    address: str = ""
    domain: str = ""


@dataclass
class ListingWanted(Filled):
    """Whom a manager lists; `said` is an account, a rule on a domain, or `organisation/team`.

    `team_id` is the number that a team was found to have.
    """

    rule: Rule = "person"
    said: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None
    team_id: int = 0


@dataclass
class EndWanted(Filled):
    """A listing is to end: at the end of a day, or now."""

    reason: Reason = "left"
    ends_at: datetime | None = None


def read_signing(form: Form, verified: Collection[str], *, known_name: str = "") -> Signing:
    """Read the form by which a company signs; `verified` are the person's own addresses."""
    given = Signing(raw=_raw(form))
    given.name = known_name or _plain(form, "name")
    given.title = _plain(form, "title")
    if not given.name:
        given.errors["name"] = _("Say what the company is called, as in its register.")
    for name in ("name", "title"):
        problem = _unfit(getattr(given, name))
        if problem:
            given.errors[name] = problem
    address = form.get("address", "").strip().lower()
    domain = domains.of_address(address) if address in verified else None
    refused = domains.refusal(domain) if domain else None
    if domain is None:
        given.errors["address"] = _(
            "Choose one of the addresses that GitHub has verified for you."
        )
    elif refused:
        given.errors["address"] = why_not(refused)
    else:
        given.address, given.domain = address, domain
    if form.get("authority") != "yes":
        given.errors["authority"] = _("Tick this box if you may sign for the company.")
    if form.get("agree") != "yes":
        given.errors["agree"] = _("Tick this box if the company agrees; else nothing is signed.")
    return given


def read_listing(form: Form, now: datetime) -> ListingWanted:
    """Read whom a manager lists; whether there is such an account or team is asked elsewhere."""
    given = ListingWanted(raw=_raw(form))
    rule, said = form.get("rule", ""), _plain(form, "who")
    if rule in RULES:
        given.rule = rule
    else:
        given.errors["rule"] = _("Choose what kind of entry this is.")
    given.said = said.removeprefix("@") if rule in {"person", "manager"} else said
    if not given.said:
        given.errors["who"] = _("Fill this in.")
    elif _unfit(said):
        given.errors["who"] = _unfit(said)
    given.from_at = _start_of(given, form, "from") or now
    last = _start_of(given, form, "until")
    given.until_at = last + DAY if last else None
    if (
        given.until_at
        and given.until_at <= max(given.from_at, now)
        and "until" not in given.errors
    ):
        given.errors["until"] = _("The last day lies before the first, or is over already.")
    return given


def read_end(form: Form, now: datetime) -> EndWanted:
    """Read why and when a listing ends."""
    given = EndWanted(raw=_raw(form))
    reason = form.get("reason", "")
    if reason in CHOSEN:
        given.reason = reason
    else:
        given.errors["reason"] = _("Choose one of the reasons.")
    last = _start_of(given, form, "on")
    given.ends_at = last + DAY if last else now
    return given


def why_not(refused: Refusal) -> str:
    """Say why a domain proves no company."""
    words: dict[Refusal, str] = {
        "malformed": _("This is no domain that we can read."),
        "public_suffix": _("Anybody can have a name under this domain: it proves no company."),
        "free_mail": _("Anybody can have an address at this provider: it proves no company."),
        "noreply": _("This address stands for your GitHub account, not for a company."),
    }
    return words[refused]


def _raw(form: Form) -> dict[str, str]:
    return {name: inert(value[:LONGEST]) for name, value in form.items()}


def _plain(form: Form, name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(form.get(name, "").split()))


def _unfit(said: str) -> str:
    words = ""
    if len(said) > LONGEST:
        words = _("This is longer than %(most)s characters. Make it shorter.", most=LONGEST)
    elif inert(said) != said or not said.isprintable():
        words = _("There are characters in this that nobody can see. Type it anew.")
    elif said and not any(sign.isalnum() for sign in said):
        words = _("There is no letter in this.")
    return words


def _start_of(given: Filled, form: Form, name: str) -> datetime | None:
    """Give the first instant of a day, in UTC; None where the field is empty or wrong."""
    said = form.get(name, "").strip()
    if not said:
        return None
    try:
        day = date.fromisoformat(said) if _DAY.fullmatch(said) else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day.year <= LATEST:
        given.errors[name] = _("This is no date. Write year, month and day, such as 2001-12-31.")
        return None
    return datetime.combine(day, time(0), UTC)
