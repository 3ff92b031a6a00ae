"""Every day: who gives again and again in a currency that is given up is told, and what is over ends."""

from sqlalchemy import Connection

from bot.money import converting
from core.context import Context, Decide, Effect
from webhooks.router import TaskDue, on_task


@on_task("retire_currencies")
def retire_currencies(task: TaskDue, ctx: Context) -> Decide | None:
    """Look at every gift that comes again and again."""
    del task

    def decide(connection: Connection) -> list[Effect]:
        converting.look(connection, ctx.now)
        return []

    return decide
