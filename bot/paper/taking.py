"""What a maintainer fills in about a paper that came, held against the form that was printed."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import Request
from flask_babel import gettext as _
from sqlalchemy import Connection

from bot import policies, rechecks, tasks
from bot.paper import codes
from bot.rechecks import Occasion
from bot.signing import acts
from core.github import Account
from core.web.numbers import large
from licensing import papers, records, store
from licensing.papers import Outcome, Received

LARGEST = 10_000_000
"""Bytes of a scan."""

LONGEST = 100
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass
class Given:
    """What was filled in; `errors` by field. The scan itself is counted and let go."""

    account: str = ""
    login: str = ""
    code: str = ""
    sha256: str = ""
    received: str = ""
    received_on: date | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read(request: Request, now: datetime) -> Given:
    """Read the form; what stands in it alone is said in `errors`."""
    form = request.form
    given = Given(
        account=form.get("account", "").strip().removeprefix("#")[:LONGEST],
        login=form.get("login", "").strip().removeprefix("@")[:LONGEST],
        code=form.get("code", "").strip()[:LONGEST],
        sha256=form.get("sha256", "").strip().lower()[:LONGEST],
        received=form.get("received", "").strip()[:LONGEST],
    )
    _count(request, given)
    try:
        given.received_on = date.fromisoformat(given.received)
    except ValueError:
        given.errors["received"] = _("Write the day as on a calendar, such as 2026-11-22.")
    if given.received_on and given.received_on > now.date():
        given.errors["received"] = _("This day is still to come.")
    if form.get("sure") != "yes":
        given.errors["sure"] = _("Say that you hold the paper, signed.")
    return given


def _count(request: Request, given: Given) -> None:
    upload = request.files.get("scan")
    if upload and upload.filename:
        content = upload.stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            given.errors["scan"] = _("This file is larger than 10 MB. Write its SHA-256 instead.")
        elif not content:
            given.errors["scan"] = _("This file is empty. Choose the scan.")
        else:
            given.sha256 = hashlib.sha256(content).hexdigest()
    elif not _SHA256.fullmatch(given.sha256):
        given.errors["scan"] = _("Choose the scan, or write its SHA-256: 64 digits and letters.")


def take(
    connection: Connection, repo_id: int, given: Given, by: int, secret_key: str, now: Occasion
) -> None:
    """Write the paper down, and look at what waited for it; what does not fit goes to `errors`."""
    version = policies.rules(connection, repo_id).version
    if version is None:
        given.errors["code"] = _("This project has no agreement in force.")
        return
    records.hold(connection, version.agreement_id)
    known = {one.id: one for one in store.versions(connection, repo_id)}
    good = [one.id for one in known.values() if one.major == version.major]
    minor = _minor(given)
    form = codes.read(secret_key, given.code, good, minor, now.now) if minor else None
    if minor is None or form is None or given.received_on is None:
        given.errors["code"] = _(
            "Account and code do not belong together. Write both as they stand on the form. A form"
            " is good for 90 days, and only for the terms that are in force."
        )
        return
    if given.received_on < form.printed_at.date():
        given.errors["received"] = _("This form was printed later than that.")
        return
    if minor.id == by:
        given.errors["code"] = _("This is your own account. Let another maintainer record it.")
        return
    if acts.withdrew_since(connection, version.agreement_id, minor.id, form.printed_at):
        given.errors["code"] = _(
            "It was withdrawn after this form was printed. Ask for a new one."
        )
        return
    act = Received(repo_id, minor, by, given.sha256, given.received_on, form.printed_at)
    done = papers.receive(connection, known[form.version_id], act, now.now)
    if done != "signed":
        given.errors["scan"] = _not_twice(done)
        return
    for task in rechecks.after_act(now, connection, version.agreement_id, minor.id):
        tasks.put(connection, task, now.now)


def _not_twice(outcome: Outcome) -> str:
    if outcome == "known":
        return str(_("This very scan was recorded before."))
    return str(_("This version is signed for this account already: nothing more is needed."))


def nothing_to_end() -> str:
    """Say why nothing was ended."""
    return str(
        _("Nothing rests on this paper any more, or the account’s holder has signed since.")
    )


def _minor(given: Given) -> Account | None:
    try:
        return Account(large(given.account), given.login)
    except ValueError:
        return None
