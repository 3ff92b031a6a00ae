"""The tabs of a project's pages: read once for a page, from one snapshot."""

from dataclasses import dataclass

from flask import g
from sqlalchemy import Connection

from bot import policies
from bot.audit import due
from bot.policy import Policy
from bot.roadmap import queries
from core.web.house import FoundRepo, house
from donations import books


@dataclass(frozen=True)
class Tabs:
    """What there is to be seen of a project, beside its pull requests and its agreement."""

    requests: bool
    gifts: bool
    licences: bool
    audit: bool
    ledger: bool


def of(repo: FoundRepo) -> Tabs:
    """Give the tabs of a project, the same for the whole of a page."""
    known: dict[int, Tabs] = g.setdefault("tabs", {})
    if repo.id not in known:
        with house().app.read() as connection:
            known[repo.id] = _read(connection, repo.id)
    return known[repo.id]


def _read(connection: Connection, repo_id: int) -> Tabs:
    rules = policies.rules(connection, repo_id).policy or Policy()
    return Tabs(
        requests=rules.roadmap.on or queries.has_requests(connection, repo_id),
        gifts=rules.funding.on,
        licences=rules.selling.on,
        audit=due.is_wanted_by(rules),
        ledger=books.of_project(connection, repo_id) is not None,
    )
