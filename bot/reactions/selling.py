"""What is sold changes: offers are written down, the commercial licence is read, sales are settled."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot import policies, repositories
from bot.money.seen import Look, sees
from bot.selling import letters, reading, settling, store
from bot.selling.store import Document
from core.context import Context, Decide, Effect, Task
from core.github import File, NotModified, Refused
from donations.giving import store as gifts
from webhooks.events import Pushed
from webhooks.router import TaskDue, on, on_task

LOOKED_AT = timedelta(days=100)
"""So long after a sale its payment is looked at again each day: a card can be disputed for 120 days,
but each event is heard by itself; this is for what was missed."""


LAPSED = timedelta(days=7)
"""So long after its end a licence of which a renewal went back is looked at each day."""


@sees("intent", "charge", "refund", "dispute")
def settle_sale(look: Look, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """Bring a licence to what its payment entitles to; the payment itself was noted just before."""
    gift = gifts.by_name(connection, look.about)
    if gift is None and look.charge is not None:
        gift = gifts.of_charge(connection, look.charge.id)
    sale = store.of_gift(connection, gift)
    if sale is not None:
        settling.settle(connection, sale, ctx.secret_key, ctx.now)
    return ()


@on(Pushed)
def note_offers(event: Pushed, ctx: Context) -> Decide | None:
    """Write down what is offered from now on, and read the text under which it is sold."""
    if not event.is_default_branch or event.deleted:
        return None
    return partial(_note, ctx, event.repo.id, event.after)


def _note(ctx: Context, repo_id: int, pushed: str, connection: Connection) -> list[Effect]:
    """Keep what is promised; each day too: rules of an owner change without a push here."""
    repo = repositories.repo(connection, repo_id)
    rules = policies.rules(connection, repo_id).policy
    if repo is None or rules is None or not rules.selling.on:
        return []
    for product in rules.selling.products:
        offer = store.offer_now(repo_id, repo.name, rules.selling, product)
        store.keep_offer(connection, offer, ctx.now)
    return [_read(repo_id, pushed, ctx)]


def _read(repo_id: int, because: str, ctx: Context) -> Task:
    key = f"read_sale_text:{repo_id}:{because}"
    return Task("read_sale_text", key, ctx.now, f"repo:{repo_id}", {"repo_id": repo_id})


@on_task("read_sale_text")
def read_text(task: TaskDue, ctx: Context) -> Decide | None:
    """Read the commercial licence from the default branch, if it changed."""
    repo_id = int(task.about["repo_id"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, repo_id)
        rules = policies.rules(connection, repo_id).policy
        known = store.document(connection, repo_id)
    if repo is None or rules is None or not rules.selling.on:
        return None
    path = rules.selling.document
    etag = known.etag if known and known.path == path else None
    try:
        file: File | NotModified | None = ctx.github(repo).file(repo, path, None, etag or None)
    except Refused:
        found = Document(path, "", "", "too_big", ctx.now)
        return partial(_keep, repo_id, found, None, ctx)
    if isinstance(file, NotModified):
        return None
    return partial(_keep, repo_id, *reading.read(path, file, ctx.now), ctx)


def _keep(
    repo_id: int, found: Document, text: str | None, ctx: Context, connection: Connection
) -> list[Effect]:
    store.keep_document(connection, repo_id, found, text, ctx.now)
    return []


@on_task("sweep_sales")
def sweep(task: TaskDue, ctx: Context) -> Decide:
    """Each day: read each text again, and settle what was missed."""

    def decide(connection: Connection) -> list[Effect]:
        because = task.due_at.date().isoformat()
        numbers = {*store.said_since(connection, ctx.now - LOOKED_AT)}
        numbers |= {*store.lapsed(connection, ctx.now - LAPSED, ctx.now)}
        numbers |= {int(order.partition(":")[2]) for order in letters.ending(connection, ctx.now)}
        sellers = policies.of_sellers(connection)
        return [
            *(one for repo_id in sellers for one in _note(ctx, repo_id, because, connection)),
            *(_settle(number, because, ctx) for number in sorted(numbers)),
        ]

    return decide


def _settle(number: int, because: str, ctx: Context) -> Task:
    key = f"settle_sale:{number}:{because}"
    return Task("settle_sale", key, ctx.now, None, {"gift": number})


@on_task("settle_sale")
def settle_again(task: TaskDue, ctx: Context) -> Decide:
    """Settle one sale."""
    number = int(task.about["gift"])

    def decide(connection: Connection) -> list[Effect]:
        settling.settle_number(connection, number, ctx.secret_key, ctx.now)
        return []

    return decide
