"""Every day: who gives again and again in a currency that is given up is told, and what is over ends."""

from sqlalchemy import Connection

from bot.money import converting, lost
from core.context import Context, Decide, Effect
from webhooks.router import TaskDue, on_task


@on_task("retire_currencies")
def retire_currencies(task: TaskDue, ctx: Context) -> Decide | None:
    """Look at gifts that come again and again, and at promises: so many, then the next."""
    with ctx.database.read() as connection:
        wanted = converting.promised_in(ctx.now)
        page = lost.some_of(connection, int(task.about.get("after", 0)), wanted)

    def decide(connection: Connection) -> list[Effect]:
        converting.look(connection, page.numbers, ctx.now)
        return page.then(task)

    return decide
