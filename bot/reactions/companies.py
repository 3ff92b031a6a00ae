"""Once a day: who left a team that a company lists, and which listings began or ended meanwhile.

A listing counts or not at the instant of judging; here pull requests are looked at again because
of it. Where GitHub does not answer, nobody ends; where it says twice that a team is not there, its
listing ends.
"""

import logging
from collections.abc import Collection
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot import rechecks
from bot.companies import acts as companies_acts
from bot.companies import teams
from core.context import Context, Decide, Effect, Task
from core.github import NotFound
from licensing.companies import acts, reading
from licensing.companies.values import Ending, Listing, covering
from webhooks.router import TaskDue, on_task

BACK = timedelta(days=2)
"""How far back a change of state is looked for: a day that was missed is made up for."""

SECOND_LOOK = timedelta(hours=1)
"""One wrong 404 ends nobody."""

log = logging.getLogger(__name__)


@on_task("check_companies")
def check_companies(_task: TaskDue, ctx: Context) -> Decide | None:
    """Look at what listings that began or ended concern, and give each team its turn."""

    def decide(connection: Connection) -> list[Effect]:
        effects: list[Effect] = []
        for agreement_id, listing in reading.turned(connection, ctx.now - BACK, ctx.now):
            effects += companies_acts.look_at(connection, agreement_id, listing, ctx)
        for agreement_id, listing in reading.teams(connection, ctx.now):
            about = {"agreement_id": agreement_id, "listing": listing.number}
            key = f"check_company_team:{agreement_id}:{listing.number}:{ctx.guid}"
            effects.append(Task("check_company_team", key, ctx.now, about=about))
        return effects

    return decide


@on_task("check_company_team")
def check_team(task: TaskDue, ctx: Context) -> Decide | None:
    """End a team's listing for those who are not in the team any more."""
    agreement_id, number = int(task.about["agreement_id"]), int(task.about["listing"])
    with ctx.database.read() as connection:
        listing = reading.listing(connection, agreement_id, number)
    if listing is None or not listing.github_id or listing.is_over(ctx.now):
        return None
    try:
        team = teams.listed(ctx.database, ctx.github, listing)
    except NotFound:
        return partial(_gone, task, ctx, agreement_id, listing)
    if team is None:
        log.warning("team out of reach", extra={"listing": number, "agreement": agreement_id})
        return None

    def decide(connection: Connection) -> list[Effect]:
        teams.note(connection, listing, team, ctx.now)
        return _end_for_others(connection, ctx, agreement_id, listing, team.members)

    return decide


def _gone(
    task: TaskDue, ctx: Context, agreement_id: int, listing: Listing, connection: Connection
) -> list[Effect]:
    """End a listing whose team is no more, once GitHub has said so twice, an hour apart."""
    if not task.about.get("again"):
        key = f"check_company_team:{agreement_id}:{listing.number}:{ctx.guid}:again"
        due_at = ctx.now + SECOND_LOOK
        return [Task("check_company_team", key, due_at, about={**task.about, "again": 1})]
    ending = Ending(listing.number, ctx.now, None, "team_gone")
    done = acts.end(connection, agreement_id, ending, ctx.now)
    if done.outcome != "done":
        return []
    return list(companies_acts.look_at(connection, agreement_id, listing, ctx))


def _end_for_others(
    connection: Connection,
    ctx: Context,
    agreement_id: int,
    listing: Listing,
    inside: Collection[int],
) -> list[Effect]:
    said = reading.acknowledged(connection, agreement_id, listing.company)
    latest = {one.github_id: one for one in said if listing.number in one.teams}
    fresh = reading.listing(connection, agreement_id, listing.number)
    effects: list[Effect] = []
    for person, one in sorted(latest.items()):
        if person in inside or fresh is None or not covering([fresh], one, ctx.now):
            continue
        ending = Ending(listing.number, ctx.now, None, "not_in_team", person)
        acts.end(connection, agreement_id, ending, ctx.now)
        effects += rechecks.after_act(ctx, connection, agreement_id, person)
    return effects
