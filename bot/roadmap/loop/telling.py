"""What is said on GitHub when something ships: who wanted it is told once, and asked."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot import people, repositories
from bot.credits import store as credit_store
from bot.credits.store import Given
from bot.messages import marks, say
from bot.people import GHOST_ID
from bot.policy import Roadmap
from bot.roadmap import intake, signals, talk
from bot.roadmap import store as requests
from bot.roadmap.intents import names
from bot.roadmap.loop import answers, backing, lessons, rules, store
from bot.roadmap.loop.store import Due, Shipping
from bot.roadmap.store import Request
from bot.roadmap.tables import request
from core.context import Context, Effect, Task
from core.github import Account, Comment, Repo

AT_ONCE = talk.MOST_MENTIONS
MOST_COMMENTS = 10
"""Of one shipping: whoever is left after these is told on their page."""


def begin(connection: Connection, asked: Request, of: Shipping, now: datetime) -> list[Effect]:
    """Write down whom to tell, credit who brought it about, and ask for the telling."""
    if not store.ship(connection, of):
        return []
    wanting = [one for one in store.wanting(connection, asked.id) if one.github_id != GHOST_ID]
    told = store.told(connection, asked.id)
    chosen = rules.tellings(wanting, told, store.unhappy(connection, asked.id))
    store.put(connection, of, chosen, now)
    _credit(connection, asked, of, now)
    return [next_telling(of, 0, now)]


def next_telling(of: Shipping, part: int, now: datetime) -> Task:
    """Ask for the next comment."""
    about: dict[str, int | str] = {"request_id": of.request_id, "move": of.move, "part": part}
    key = f"tell_shipped:{of.request_id}:{of.move}:{part}"
    return Task("tell_shipped", key, now, f"request:{of.request_id}", about)


def _credit(connection: Connection, asked: Request, of: Shipping, now: datetime) -> None:
    """Credit askers, backers, and who told what they use it for, of everything that has shipped by this."""
    members = connection.execute(select(request).where(request.c.root_id == asked.id)).all()
    subjects = {
        name: f"issues/{row.number}"
        for row in members
        for name in (row.node_id, *names.offer_names(connection, row.id))
    }
    backing.credit(connection, asked.repo_id, subjects, of.shipped_at, now)
    for row in members:
        subject = f"issues/{row.number}"
        who = Account(row.author_id, row.author_login)
        if not who.is_bot and who.id != GHOST_ID:
            given = Given(
                asked.repo_id, who.id, "ideas", "asked", subject, f"asked:{row.id}", of.shipped_at
            )
            credit_store.give(connection, given, who if who.login else None, now)
        stories = select(signals.story).where(signals.story.c.request_id == row.id)
        for told in connection.execute(stories):
            teller = Account(told.github_id, told.login) if told.login else None
            told_it = Given(
                asked.repo_id,
                told.github_id,
                "userTesting",
                "story",
                subject,
                f"story:{row.id}",
                of.shipped_at,
            )
            credit_store.give(connection, told_it, teller, now)


def tell(
    ctx: Context,
    asked: Request,
    of: Shipping,
    batch: tuple[Due, ...],
    part: int,
    connection: Connection,
) -> list[Effect]:
    """Tell some people in one comment on the thread where they said that they want it."""
    still = {one.id for one in store.due(connection, of, AT_ONCE)}
    batch = tuple(one for one in batch if one.id in still)
    if not batch:
        return []
    thread = requests.by_id(connection, batch[0].thread_id)
    repo = repositories.repo(connection, asked.repo_id)
    if thread is None or repo is None or _is_shut(thread) or part >= MOST_COMMENTS:
        store.tell(connection, [one.id for one in batch], "page", ctx.now)
        return [next_telling(of, part + 1, ctx.now)]
    numbers = [one.github_id for one in batch]
    hushed = store.quiet_ones(connection, numbers, of.repo_id)
    known = people.known(connection, numbers, ctx.now)
    names = {one.id: _mention(one, hushed, known) for one in batch}
    heard = [one.id for one in batch if names[one.id]]
    silent = [one.id for one in batch if one.github_id in hushed]
    store.tell(connection, heard, "github", ctx.now)
    store.tell(connection, silent, "quiet", ctx.now)
    store.tell(connection, [one.id for one in batch], "nobody", ctx.now)
    more: list[Effect] = [next_telling(of, part + 1, ctx.now)]
    mentions = [name for one in batch if (name := names[one.id])]
    if not mentions:
        return more
    body = _shipped(ctx, repo, asked, thread, mentions, connection)
    return [Comment(repo, thread.number, f"shipped-{of.move}-{part}", body), *more]


def _mention(one: Due, hushed: Collection[int], known: dict[int, Account | None]) -> str:
    who = known.get(one.github_id)
    if one.github_id in hushed or who is None:
        return ""
    return marks.mention(who.login) or ""


def _is_shut(thread: Request) -> bool:
    """Say whether the bot is not to speak there: locked, or no thread of this repository any more."""
    return thread.locked or thread.state in (*intake.GONE_STATES, "frozen")


def _shipped(
    ctx: Context,
    repo: Repo,
    asked: Request,
    thread: Request,
    mentions: list[str],
    connection: Connection,
) -> str:
    return say(
        "shipped",
        intake.language(connection, repo.id),
        mentions=mentions,
        number=asked.number,
        here=thread.id == asked.id,
        url=talk.page(ctx, repo, asked.number),
        you=f"{ctx.public_url}/you#shipped",
    )


def after_answer(
    connection: Connection, asked: Request, of: Shipping, roadmap: Roadmap, now: datetime
) -> list[Effect]:
    """Suggest once to open it again, where too many of those who wanted it say that it does not help."""
    given = answers.counted(connection, asked)
    noes, total = dict(given.wanted)["no"], given.by_wanting
    if not rules.asks_for_more(noes, total, roadmap.reopen_after_no, roadmap.reopen_share):
        return []
    repo = repositories.repo(connection, asked.repo_id)
    if not store.suggest(connection, of, now) or repo is None or _is_shut(asked):
        return []
    body = say(
        "shipped_reopen",
        intake.language(connection, repo.id),
        noes=noes,
        answers=total,
    )
    return [Comment(repo, asked.number, f"reopen-{of.move}", body)]


def remind(ctx: Context, asked: Request, of: Shipping, connection: Connection) -> list[Effect]:
    """Remind once whoever has not written what they learned, or can do now."""
    if not store.remind(connection, of, ctx.now) or store.current(connection, asked) is None:
        return []
    repo, written = (
        repositories.repo(connection, asked.repo_id),
        lessons.sides(connection, asked.id),
    )
    missing = [side for side in rules.SIDES if side not in written]
    if not missing or repo is None or repo.private or _is_shut(asked):
        return []
    who = asked.author
    hushed = bool(store.quiet_ones(connection, [who.id], asked.repo_id))
    body = say(
        "shipped_learned",
        intake.language(connection, repo.id),
        project="project" in missing,
        asker="" if hushed or "asker" not in missing else marks.mention(who.login) or "",
        url=f"{talk.page(ctx, repo, asked.number)}#learned",
    )
    return [Comment(repo, asked.number, f"learned-{of.move}", body)] if body else []


def reminders_due(now: datetime, roadmap: Roadmap, of: Shipping) -> bool:
    """Say whether it is time to remind."""
    return rules.remind_at(of.shipped_at, roadmap.learned_after_days) <= now


SOONEST = timedelta(hours=12)
"""No rule reminds earlier: younger shippings are not looked at."""
