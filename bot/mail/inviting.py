"""There is a bank now: whoever said what they would give is asked, once, to make it real."""

from urllib.parse import urlencode

from sqlalchemy import Connection, select

from bot.mail.facts import Facts
from bot.mail.outgoing import ToPerson, send
from bot.places import repository
from bot.roadmap import store as requests
from core.context import Context, Decide, Effect
from donations import processor
from donations.asking import would
from donations.asking.would import Said
from webhooks.router import TaskDue, on_task

AT_ONCE = 200
"""So many are asked in one sweep; the next one is an hour later."""


@on_task("invite_promisers")
def invite(task: TaskDue, ctx: Context) -> Decide | None:
    """Ask those who were not asked yet, where their request is still open."""
    del task
    if processor.of(ctx) is None:
        return None

    def decide(connection: Connection) -> list[Effect]:
        for said in would.uninvited(connection, AT_ONCE):
            would.invited(connection, said.id, ctx.now)
            if facts := _facts(connection, said):
                to, key = ToPerson(said.github_id), f"invited:{said.id}"
                send(
                    connection, to, "invited", facts, key=key, now=ctx.now, language=said.language
                )
        return []

    return decide


def _facts(connection: Connection, said: Said) -> Facts | None:
    asked = requests.by_node(connection, said.about)
    row = connection.execute(
        select(repository.c.name, repository.c.private, repository.c.state).where(
            repository.c.id == said.repo_id
        )
    ).one_or_none()
    if asked is None or asked.state != "open" or row is None:
        return None
    if row.private or row.state != "active":
        return None
    form = {"request": asked.number, "amount": "own", "own": str(said.money.decimal)}
    return {
        "project": row.name,
        "what": f"{asked.title} #{asked.number}, {row.name}",
        "amount": said.money,
        "page": f"/{row.name}/pledge?{urlencode(form)}",
    }
