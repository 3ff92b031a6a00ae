"""The maintainers' pages that show: overview, signers, waiting, companies, waivers, chain."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from sqlalchemy import Connection, select

from bot import people, upkeep
from bot.coverage_tables import cell
from bot.maintaining import chain_status, desk, looking, pulls, signers, tokens
from bot.maintaining.signers import Signed
from core.web.house import FoundRepo
from core.web.signin import person
from licensing import signing, store
from licensing.companies import reading as companies_register
from licensing.waivers import waiver

WAIVERS_ON_ONE_PAGE = 50
HEADS = (
    "record,github_id,login,version,method,capacity,signed_by,signed_at,recorded_at,"
    "pull_request,withdrawn_at"
).split(",")
blueprint = Blueprint("maintaining_pages", __name__, template_folder="../templates")
blueprint.add_app_template_global(desk.maintains, "maintains")


@blueprint.get("/<owner>/<name>/maintain")
def overview(owner: str, name: str) -> str:
    """Show at a glance how the project stands."""
    repo = desk.entered(owner, name)
    house = desk.house()
    with house.app.read() as connection:
        version = store.agreement_in_force(connection, repo.id)
        chain = chain_status.status(connection, version.agreement_id) if version else None
        signed = signing.signers(connection, repo.id)
        waiting, more = pulls.page(
            connection, repo, desk.github_web(), house.clock(), most=pulls.ON_ONE_PAGE
        )
        good = [one for one in tokens.all_of(connection, repo.id) if one.revoked_at is None]
    return desk.render(
        "maintain",
        repo,
        "",
        agreement=version,
        chain=chain,
        signed=signed,
        waiting=len(waiting),
        waiting_more=more is not None,
        tokens=len(good),
    )


@blueprint.get("/<owner>/<name>/maintain/signers")
def signers_page(owner: str, name: str) -> str:
    """Show who signed, with search and filters."""
    repo = desk.entered(owner, name)
    asked = looking.read(request.args)
    with desk.house().app.read() as connection:
        versions = store.versions(connection, repo.id)
        found = signers.Page(())
        if versions and not asked.errors:
            found = signers.page(connection, versions[0].agreement_id, asked.wanted)
    here = desk.address(repo, "signers")
    return desk.render(
        "maintain_signers",
        repo,
        "signers",
        asked=asked,
        versions=versions,
        found=found,
        web=desk.github_web(),
        numbers=[(one.version, one.version) for one in versions],
        next_page=_next(here, asked.query, found.next_before),
        download=f"{here}.csv?{urlencode(asked.query)}",
    )


@blueprint.get("/<owner>/<name>/maintain/signers.csv")
def signers_csv(owner: str, name: str) -> Response:
    """Give the signatures that fit the filters as a table for spreadsheets."""
    repo = desk.entered(owner, name)
    database, asked = desk.house().app, looking.read(request.args)
    with database.read() as connection:
        versions = store.versions(connection, repo.id)
    rows: Iterable[Signed] = ()
    if versions and not asked.errors:
        rows = signers.every(database, versions[0].agreement_id, asked.wanted)
    response = Response(_lines(rows, repo), content_type="text/csv; charset=utf-8")
    file_name = f"{repo.name.replace('/', '-')}-signers.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/<owner>/<name>/maintain/pull-requests")
def waiting_page(owner: str, name: str) -> str:
    """Show the open pull requests that wait, and for what."""
    repo = desk.entered(owner, name)
    house = desk.house()
    before = looking.number(request.args.get("before", ""))
    everything = request.args.get("all") == "yes"
    with house.app.read() as connection:
        shown, more = pulls.page(
            connection,
            repo,
            desk.github_web(),
            house.clock(),
            before=before,
            only_waiting=not everything,
        )
        stopped = upkeep.stopped(connection, repo.id)
    query = {"all": "yes"} if everything else {}
    return desk.render(
        "maintain_pulls",
        repo,
        "pull-requests",
        pulls=shown,
        everything=everything,
        stopped=stopped,
        begun=before is not None,
        next_page=_next(desk.address(repo, "pull-requests"), query, more),
    )


@blueprint.get("/<owner>/<name>/maintain/companies")
def companies_page(owner: str, name: str) -> str:
    """Show the companies that signed for their people."""
    repo = desk.entered(owner, name)
    with desk.house().app.read() as connection:
        version = desk.agreement_of(connection, repo)
        found = companies_register.all_of(connection, version.agreement_id) if version else ()
    return desk.render("maintain_companies", repo, "companies", companies=found)


@blueprint.get("/<owner>/<name>/maintain/waivers")
def waivers_page(owner: str, name: str) -> str:
    """Show which commits maintainers let pass, who did, and why."""
    repo = desk.entered(owner, name)
    before = looking.number(request.args.get("before", ""))
    statement = (
        select(waiver)
        .where(waiver.c.repo_id == repo.id)
        .order_by(waiver.c.id.desc())
        .limit(WAIVERS_ON_ONE_PAGE + 1)
    )
    if before is not None:
        statement = statement.where(waiver.c.id < before)
    with desk.house().app.read() as connection:
        found = connection.execute(statement).all()
        names = named(connection, {row.actor_id for row in found})
    shown = found[:WAIVERS_ON_ONE_PAGE]
    more = shown[-1].id if len(found) > WAIVERS_ON_ONE_PAGE else None
    return desk.render(
        "maintain_waivers",
        repo,
        "waivers",
        waivers=shown,
        names=names,
        web=desk.github_web(),
        begun=before is not None,
        next_page=_next(desk.address(repo, "waivers"), {}, more),
    )


@blueprint.get("/<owner>/<name>/maintain/chain")
def chain_page(owner: str, name: str) -> str:
    """Show the end of the chain, and how its last check ended."""
    repo = desk.entered(owner, name)
    with desk.house().app.read() as connection:
        version = desk.agreement_of(connection, repo)
        chain = chain_status.status(connection, version.agreement_id) if version else None
    return desk.render("maintain_chain", repo, "chain", chain=chain)


def named(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """Give the logins of those whom we met lately, the visitor among them."""
    met = people.known(connection, numbers, desk.house().clock()).items()
    here = person()
    mine = {here.id: here.login} if here else {}
    return mine | {number: account.login for number, account in met if account}


def _next(address: str, query: dict[str, str], before: int | None) -> str:
    """Give the address of the next page; empty where this is the last."""
    if before is None:
        return ""
    return f"{address}?{urlencode(query | {'before': str(before)})}"


def _lines(rows: Iterable[Signed], repo: FoundRepo) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS)
    for one in rows:
        writer.writerow([cell(value) for value in _values(one, repo)])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _values(one: Signed, repo: FoundRepo) -> tuple[object, ...]:
    return (
        one.sequence,
        one.github_id,
        one.login,
        one.version,
        one.method,
        one.capacity,
        one.signed_by or "",
        one.signed_at.isoformat(),
        one.recorded_at.isoformat(),
        # The pull request may be one of another repository of the same owner.
        one.number if one.number and one.repo_id == repo.id else "",
        one.withdrawn_at.isoformat() if one.withdrawn_at else "",
    )
