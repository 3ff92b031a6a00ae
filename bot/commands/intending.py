"""What the commands on calls, offers, claims and contests have in common: the act that a comment is."""

from sqlalchemy import Connection

from bot import people
from bot.commands.known import Answer, Call
from bot.commands.requesting import Thread, thread
from bot.roadmap import doors, intake, store
from bot.roadmap.intents import grammar, ledger, standing, talk, wording
from bot.roadmap.intents.ledger import Words
from bot.roadmap.intents.standing import Done
from bot.roadmap.intents.values import Act, Kind, Place
from bot.roadmap.store import Request
from bot.roles import MAINTAINERS
from core.context import Effect
from core.github import Issue


def said_of(call: Call) -> str:
    """Give everything behind the command, and below it."""
    return "\n".join((" ".join(call.words), *call.block)).strip()


def evidence(call: Call) -> str:
    """Name what was said: the comment and the words; an edit says it anew."""
    event = call.event
    name = f"comment:{event.comment_id}:{ledger.short(said_of(call))}"
    edited = f":{event.acted_at:%Y%m%d%H%M%S}" if event.action == "edited" else ""
    return name + edited


def act_of(call: Call, asked: Request, kind: Kind, *, maintains: bool = False) -> Act:
    """Make the bare act that a comment does; `maintains` as GitHub said, where it was asked."""
    event = call.event
    return Act(
        kind,
        event.author.id,
        evidence(call),
        event.acted_at,
        Place(event.comment_id, call.line),
        by_maintainer=maintains,
        by_asker=event.author.id == asked.author.id,
    )


def maintains(call: Call) -> bool:
    """Ask GitHub whether whoever wrote maintains the project; no where it does not say."""
    return call.stage.role() in MAINTAINERS


def ready(
    call: Call, issue: Issue | None, connection: Connection, message: str
) -> tuple[Thread, Request | None, Answer]:
    """Give the open request under a comment; None with the answer why not."""
    here = thread(call, issue, connection)
    asked, author = here.asked, call.event.author
    people.note(connection, author.id, author, call.ctx.now)
    if asked is None or not here.is_request or not doors.may_vote(author):
        return here, None, refused(here, connection, message, "no_request")
    if asked.closed_at is not None and call.event.acted_at > asked.closed_at:
        return here, None, refused(here, connection, message, "closed")
    if asked.root_id != asked.id:
        root = store.by_id(connection, asked.root_id)
        onto = root.number if root else 0
        return here, None, refused(here, connection, message, "joined", onto=onto)
    return here, asked, Answer()


def refused(
    here: Thread, connection: Connection, message: str, why: str, **facts: object
) -> Answer:
    """Answer that nothing came of it, and why."""
    return Answer(words(here, connection, message, why, **facts))


def words(here: Thread, connection: Connection, message: str, why: str, **facts: object) -> str:
    """Fill an answer; what every such message may need is there."""
    usual: dict[str, object] = {
        "onto": 0,
        "given": "",
        "until": "",
        "others": 0,
        "days": 0,
        "off": False,
        "own": False,
    }
    if here.asked is not None:
        now = standing.stands(connection, here.asked.id)
        language = intake.language(connection, here.call.repo.id)
        if now.call is not None:
            usual["until"] = wording.instant(now.call.until, language)
        if now.contest is not None and message == "answer_contest":
            usual["until"] = wording.instant(now.contest.until, language)
    return here.words(message, connection, why, **(usual | facts))


def perform(
    here: Thread,
    asked: Request,
    connection: Connection,
    act: Act,
    message: str,
    texts: dict[str, str] | None = None,
    **facts: object,
) -> Answer:
    """Take an act and answer what came of it; one that is told once more is answered already."""
    call = here.call
    done = standing.act(
        connection, asked, act, Words(call.event.author.login, texts), call.ctx.now
    )
    if not done.fresh:
        return Answer()
    shown = words(here, connection, message, done.verdict, **facts)
    return Answer(shown, after(here, asked, connection, done, asks=act.kind == "call"))


def after(
    here: Thread, asked: Request, connection: Connection, done: Done, *, asks: bool = False
) -> list[Effect]:
    """Give what follows from an act: the board, and our comments as they have to be now."""
    if not done.ok:
        return [*done.effects]
    call = here.call
    fresh = store.by_id(connection, asked.id) or asked
    told = talk.about(call.ctx, connection, call.repo, fresh, asks=asks)
    return [*done.effects, *told]


def language_of(call: Call) -> str:
    """Give the language in which amounts are read."""
    with call.ctx.database.read() as connection:
        return intake.language(connection, call.repo.id)


def is_withdrawal(call: Call) -> bool:
    """Say whether the one word behind the command takes something back."""
    return len(call.words) == 1 and call.words[0].lower() in grammar.WITHDRAW
