"""What was found out on the way to a judgement, kept so that nobody need ask GitHub again."""

from sqlalchemy import Connection

from bot import people, teams
from bot.policies import Rules
from bot.scenes import Scene
from core.context import Context
from licensing import declarations, waiting


def keep(ctx: Context, scene: Scene, rules: Rules, connection: Connection) -> None:
    """Keep merges looked into, people and teams looked up, and since when the head is there."""
    repo_id, pull = scene.repo.id, scene.pull
    for sha, adds_nothing in scene.inspected:
        waiting.note_inspected(connection, repo_id, sha, adds_nothing=adds_nothing)
    for number in scene.looked_up:
        people.note(connection, number, scene.accounts[number], ctx.now)
    named = rules.policy.exempt_teams if rules.policy else ()
    teams.keep(connection, scene.repo, named, scene.teams, ctx.now)
    if rules.asks:
        declarations.note_head(connection, repo_id, pull.number, pull.head_sha, pull.updated_at)
