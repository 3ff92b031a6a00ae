"""The ledger of a project, and the proofs of reserves of all, for everybody.

GET /OWNER/NAME/ledger?kind=gift&currency=EUR&from=2026-01-01&to=2026-12-31&after=MICROSECONDS.SEQUENCE
GET /OWNER/NAME/ledger.csv, /OWNER/NAME/ledger.json    the same, whole, in the order of posting
GET /reserves, /reserves.json

Public like the project; a private one's book is in nobody's sight but counted in the reserves.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import cast

from flask import Blueprint, Response, abort, jsonify, render_template
from flask import request as sent
from flask_babel import get_locale
from sqlalchemy import Connection

from bot.books import charts, downloads, facts, words
from bot.roadmap import queries
from core import money
from core.currencies import CURRENCIES
from core.money import Money
from core.web.house import FoundRepo, house, public_repo
from donations import books, reserves, standing
from donations.books import Book, Movement, Place, Wanted
from licensing import store as agreements

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MOST_CHARTS = 3
"""Charts on the page, of the currencies in which most happened."""

blueprint = Blueprint("books", __name__, template_folder="../templates")


@blueprint.app_template_filter("money")
def shown(amount: Money) -> str:
    """Write an amount as the visitor reads it."""
    return money.shown(amount, str(get_locale() or "en"))


@blueprint.get("/<owner>/<name>/ledger")
def ledger(owner: str, name: str) -> str:
    """Show every movement, with sums and how to check them."""
    with house().app.snapshot():
        return _ledger(public_repo(owner, name))


def _ledger(repo: FoundRepo) -> str:
    wanted = _wanted()
    with house().app.read() as connection:
        agreement = agreements.agreement_in_force(connection, repo.id)
        of = books.of_project(connection, repo.id)
        seen = _seen(connection, of, wanted) if of else {}
        told = facts.told(connection, repo, cast("list[Movement]", seen.get("movements", [])))
    return render_template(
        "bot/ledger.html",
        repo=repo,
        agreement=agreement,
        of=of,
        wanted=wanted,
        query=_query(wanted),
        words=words,
        told=told,
        **seen,
    )


def _seen(connection: Connection, of: Book, wanted: Wanted) -> dict[str, object]:
    movements, after = books.page(connection, of, wanted)
    changes = standing.changes(connection, of)
    busiest = sorted(changes, key=lambda code: -len(changes[code]))[:MOST_CHARTS]
    drawn = [wanted.currency] if wanted.currency else busiest
    return {
        "movements": movements,
        "after": _said(after) if after else "",
        "totals": standing.totals(connection, of, wanted),
        "standings": standing.standings(connection, of),
        "lines": {code: charts.line(changes[code], code) for code in drawn if code in changes},
        "currencies": list(changes),
    }


@blueprint.get("/<owner>/<name>/ledger.csv")
def as_csv(owner: str, name: str) -> Response:
    """Give what is wanted as CSV, with an entry on each line."""
    repo, of, wanted = _asked(owner, name)
    pieces = downloads.csv_pieces(books.chunks(house().app, of, wanted))
    return _file(pieces, "text/csv; charset=utf-8", f"{_plain(repo.name)}-ledger.csv")


@blueprint.get("/<owner>/<name>/ledger.json")
def as_json(owner: str, name: str) -> Response:
    """Give what is wanted as JSON; whole it can be checked by `potluck verify`."""
    repo, of, wanted = _asked(owner, name)
    about = {"project": repo.name, "filter": _query(wanted)}
    pieces = downloads.json_pieces(of, books.chunks(house().app, of, wanted), wanted, about)
    return _file(pieces, "application/json", f"{_plain(repo.name)}-ledger.json")


@blueprint.get("/reserves")
def proofs() -> str:
    """Show what is owed to everybody together beside what is held, day by day."""
    with house().app.read() as connection:
        found = reserves.proofs(connection)
    return render_template("bot/reserves.html", found=found)


@blueprint.get("/reserves.json")
def proofs_as_json() -> Response:
    """Give the newest proofs with what was hashed, the newest first."""
    with house().app.read() as connection:
        found = reserves.proofs(connection)
    return jsonify(format=reserves.FORMAT, proofs=[reserves.published(one) for one in found])


def _asked(owner: str, name: str) -> tuple[FoundRepo, Book, Wanted]:
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        of = books.of_project(connection, repo.id)
    if of is None:
        abort(404)
    return repo, of, _wanted()


def _file(pieces: Iterator[str], content_type: str, name: str) -> Response:
    response = Response(pieces, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _plain(name: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in name)


def _wanted() -> Wanted:
    """Read what is asked for; what no form of ours sends counts as not said."""
    said = sent.args.get
    kind, currency = said("kind", ""), said("currency", "").upper()
    return Wanted(
        kind=kind if kind in words.KINDS else None,
        currency=currency if currency in CURRENCIES else None,
        first=_day(said("from", "")),
        last=_day(said("to", "")),
        after=_place(said("after", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _place(text: str) -> Place | None:
    found = queries.after(text)
    try:
        return (EPOCH + found[0] * MICROSECOND, found[1]) if found else None
    except OverflowError:
        return None


def _said(place: Place) -> str:
    return f"{(place[0] - EPOCH) // MICROSECOND}.{place[1]}"


def _query(wanted: Wanted) -> dict[str, str]:
    said = {
        "kind": wanted.kind or "",
        "currency": wanted.currency or "",
        "from": wanted.first.isoformat() if wanted.first else "",
        "to": wanted.last.isoformat() if wanted.last else "",
    }
    return {name: value for name, value in said.items() if value}
