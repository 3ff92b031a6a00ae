"""One delivery or one task, from the claim to its end: gather, then decide in one transaction.

Gathering may be slow and holds nothing. The one transaction after it marks the event as
processed, applies what the handlers decided and keeps the effects: all of it or nothing.
A second attempt at an event that is processed already changes nothing.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, String, Table, delete

from bot import endings, outbound, outbox, tasks
from bot.breaker import Breaker
from bot.endings import Closed, Ending, Lost
from bot.meters import Meters
from core.clock import Clock
from core.context import Context, Decide, Effect, GitHubApp, Task
from core.db import Database, UtcDateTime, insert_once, metadata
from core.github import GitHub, RateLimited, Repo, Unavailable
from core.queue import Claim, Finish
from donations.processor import Processor
from webhooks import stripe_events
from webhooks.deliveries import Delivery
from webhooks.events import Event
from webhooks.payloads import Ignored, Misfit, parse
from webhooks.router import TaskDue, handler_of_task, handlers_of

KEPT = timedelta(days=90)
"""How long a processed key stays: far longer than anybody can redeliver or retry by accident."""

processed = Table(
    "processed",
    metadata,
    Column("source", String(16), primary_key=True),
    Column("guid", String(80), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
)


@dataclass(frozen=True)
class World:
    """What the worker and its handlers can reach."""

    app: Database
    inbox: Database
    clock: Clock
    github: Callable[[Repo], GitHub]
    github_app: GitHubApp
    public_url: str
    github_url: str = "https://github.com"
    noreply_host: str = "users.noreply.github.com"
    signs_in: bool = False
    secret_key: str = field(default="", repr=False)
    is_local: bool = False
    processor: Processor | None = None
    clones: object | None = None
    breaker: Breaker = field(default_factory=Breaker)
    meters: Meters = field(default_factory=Meters)
    dice: random.Random = field(default_factory=random.Random)


class Line:
    """The telephone of one handling: nobody dials while GitHub is silent, or wants us to be."""

    def __init__(self, world: World) -> None:
        """Nobody was called yet."""
        self._world = world
        self._installation_id = 0
        self._asked = False

    def github(self, repo: Repo) -> GitHub:
        """Reach GitHub, unless there is no use in trying: then raise as GitHub's refusal would."""
        now = self._world.clock()
        self._installation_id = repo.installation_id
        with self._world.app.read() as connection:
            until = outbound.silent_until(connection, repo.installation_id, now)
        if until:
            raise RateLimited(until)
        if not self._world.breaker.passes(now):
            raise Closed("GitHub has not been answering")
        self._asked = True
        return self._world.github(repo)

    def ended(self, claim: Claim, error: Exception | None) -> Ending | None:
        """Draw the conclusions for everybody's calls; gives the ending if there was an error."""
        world, now = self._world, self._world.clock()
        breaker = world.breaker
        if isinstance(error, Unavailable) and not isinstance(error, Closed):
            breaker.failed(now)
        elif self._asked:
            breaker.succeeded()
        if isinstance(error, RateLimited):
            with world.app.write() as connection:
                until = outbound.silence(
                    connection, self._installation_id, now, error.until, named=error.named
                )
            error = RateLimited(until)
        if error is None:
            return None
        return endings.of_error(claim, error, now, world.dice, breaker.until)


def read(delivery: Delivery) -> Event | Ignored:
    """Look into a delivery. Raises `Misfit`."""
    if delivery.body is None:
        return Ignored("its body is no longer kept")
    event = _event(delivery, delivery.body)
    if not isinstance(event, Ignored) and not handlers_of(event):
        return Ignored("nobody handles it")
    return event


def _event(delivery: Delivery, body: bytes) -> Event | Ignored:
    if delivery.source == "stripe":
        return stripe_events.parse(body)
    return parse(delivery.event, delivery.content_type, body)


def handle_delivery(world: World, claim: Claim, delivery: Delivery) -> Ending:
    """Bring a claimed delivery as far as it goes in one attempt; raises nothing."""
    try:
        event = read(delivery)
    except Misfit as misfit:
        return Ending(claim, "quarantined", str(misfit))
    if isinstance(event, Ignored):
        return Ending(claim, "ignored", event.reason)

    def gather(ctx: Context) -> list[Decide | None]:
        return [handler(event, ctx) for handler in handlers_of(event)]

    def mark(connection: Connection, now: datetime) -> bool:
        key = {"source": delivery.source, "guid": delivery.guid, "at": now}
        return insert_once(connection, processed, key)

    origin = (delivery.source, delivery.guid, delivery.received_at)
    return _attempt(world, claim, origin, gather, mark)


def handle_task(world: World, claim: Claim, task: tasks.Kept) -> Ending:
    """Bring a claimed task as far as it goes in one attempt; raises nothing."""

    def gather(ctx: Context) -> list[Decide | None]:
        handler = handler_of_task(task.name)
        if handler is None:
            raise LookupError(f"no handler of task {task.name}")
        # Something to decide in any case: the task is finished in that same transaction.
        return [handler(TaskDue(task.name, task.about, task.due_at), ctx), _nothing]

    def mark(connection: Connection, now: datetime) -> bool:
        if not tasks.queue.finish(connection, now, Finish(claim)):
            raise Lost
        return True

    return _attempt(world, claim, ("task", task.key, task.created_at), gather, mark)


def _attempt(
    world: World,
    claim: Claim,
    origin: tuple[str, str, datetime],
    gather: Callable[[Context], Sequence[Decide | None]],
    mark: Callable[[Connection, datetime], bool],
) -> Ending:
    line = Line(world)
    ctx = Context(
        now=world.clock(),
        source=origin[0],
        guid=origin[1],
        received_at=origin[2],
        database=world.app,
        github=line.github,
        github_app=world.github_app,
        public_url=world.public_url,
        attempts=claim.attempts,
        inbox=world.inbox,
        github_url=world.github_url,
        noreply_host=world.noreply_host,
        signs_in=world.signs_in,
        secret_key=world.secret_key,
        is_local=world.is_local,
        processor=world.processor,
        clones=world.clones,
    )
    try:
        decides = [decide for decide in gather(ctx) if decide]
        note = _commit(world, ctx, decides, mark) if decides else None
    except Exception as error:  # noqa: BLE001 - this is where attempts fail
        return line.ended(claim, error) or Ending(claim, "failed")
    line.ended(claim, None)
    return Ending(claim, "kept" if origin[0] == "task" else "done", note)


def _nothing(_connection: Connection) -> tuple[Effect, ...]:
    return ()


def _commit(
    world: World,
    ctx: Context,
    decides: Sequence[Decide],
    mark: Callable[[Connection, datetime], bool],
) -> str | None:
    """Do the one transaction; gives a note if it had been done before."""
    now = world.clock()
    with world.app.write() as connection:
        if not mark(connection, now):
            return "processed before"
        for decide in decides:
            for effect in decide(connection):
                if isinstance(effect, Task):
                    tasks.put(connection, effect, now)
                else:
                    outbox.put(connection, effect, now, facts_at=ctx.now)
    return None


def prune(connection: Connection, now: datetime) -> int:
    """Forget keys that nobody can send again, and say how many."""
    old = delete(processed).where(processed.c.at < now - KEPT)
    return connection.execute(old).rowcount
