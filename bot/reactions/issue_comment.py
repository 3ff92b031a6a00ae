"""When somebody comments on an issue: votes and the other commands on requests, answered once."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from bot import answers, discussions
from bot.commands import lines, naming
from bot.commands.answering import answer, saying
from bot.commands.known import Answer, Call, Part, Place, named
from bot.commands.rank import undone as unrank
from bot.commands.requesting import Thread, voted
from bot.commands.update import unsaid as unupdate
from bot.commands.vote import elsewhere
from bot.messages import say
from bot.roadmap import ballots, doors, foreign, intake, store, voting
from bot.stages import Stage
from core.context import Context, Decide, Effect
from core.github import Comment
from webhooks.events import CommentWritten
from webhooks.router import on

PLACE: Place = "issue"
VOTES = frozenset({"vote", "unvote"})
AGAINST = frozenset(
    "no nope non nein -1 − against contre 👎 0 +0 -0 ±0 abstain abstention".split()
)
RANKS = frozenset({"rank"})
"""Of each of these the last one of a comment is what it says."""

UPDATES = frozenset({"update"})
"""All of these together are what a comment says, however often it is edited."""


@on(CommentWritten)
def listen(event: CommentWritten, ctx: Context) -> Decide | None:
    """Hear only what people say themselves, where the project has a roadmap."""
    if event.on_pull_request or event.author.is_bot:
        return None
    with ctx.database.read() as connection:
        roadmap = voting.rules_of(connection, event.repo.id)
        language = intake.language(connection, event.repo.id)
    if not roadmap.on:
        return None
    if event.sender.id != event.author.id:
        return _meddled(event, ctx)
    parts = _parts(event, ctx, language)
    return partial(_answer, event, ctx, parts) if parts else None


def _meddled(event: CommentWritten, ctx: Context) -> Decide | None:
    """Write down what somebody else put into a comment; it says nothing for its author."""
    name = naming.name_of(ctx, event.body, event.was)
    before = lines.addressed(event.was, PLACE, name)
    heard = [line for line in lines.addressed(event.body, PLACE, name) if line not in before]
    names = [f"/{line.command.name}" for line in heard if isinstance(line, lines.Said)]
    if event.action != "edited" or not names:
        return None

    def decide(connection: Connection) -> list[Effect]:
        asked = store.by_number(connection, event.repo.id, event.number)
        if asked is not None:
            foreign.note(connection, asked, event, " ".join(dict.fromkeys(names)), ctx.now)
        return []

    return decide


def _parts(event: CommentWritten, ctx: Context, language: str) -> list[Part]:
    stage = Stage(event, ctx)
    deleted = event.action == "deleted"
    name = naming.name_of(ctx, event.body, event.was)
    heard = [] if deleted else _heard(event.body, name)
    before = _heard(event.body if deleted else event.was, name)
    here = [one for one in heard if not _is_elsewhere(one, event.number)]
    vote = _last(here, VOTES)
    was = _last([one for one in before if not _is_elsewhere(one, event.number)], VOTES)
    rank, ranked = _last(heard, RANKS), _last(before, RANKS)
    # An edit says only what it adds: what stood there before was heard.
    fresh = [
        line
        for line in dict.fromkeys(heard)
        if line not in before and not (_is_last(line) and line in here)
    ]
    said = [line for line in fresh if isinstance(line, lines.Said)]
    if rank is not None and rank != ranked:
        said.append(rank)
    if vote is not None and (was is None or was.command is not vote.command):
        said.append(vote)
    parts = [_part(event, ctx, stage, line, language) for line in said[: lines.MOST_LINES]]
    if len(said) > lines.MOST_LINES:
        parts.append(saying(say("answer_unknown_rest", language)))
    if unknown := [line for line in fresh if isinstance(line, lines.Unknown)]:
        parts.append(saying(lines.do_not_know(event.author.login, language, unknown)))
    if vote is None and (was is not None or deleted):
        parts.append(partial(_unsay, event, ctx, said_so=was is not None))
    if rank is None and ranked is not None:
        parts.append(partial(unrank, Call(event, ctx, stage)))
    return [*parts, *_about_updates(event, ctx, stage, _last(heard, UPDATES))]


def _about_updates(
    event: CommentWritten, ctx: Context, stage: Stage, said: lines.Said | None
) -> list[Part]:
    """Let a comment say how work goes, or say it no more: it is told whole by each of its events."""
    if said is not None:
        return [_part(event, ctx, stage, said, "")]
    return [partial(unupdate, Call(event, ctx, stage))] if event.action != "created" else []


def _heard(body: str, name: str) -> list[lines.Said | lines.Unknown]:
    """Give the lines that are for us; whoever votes no does not want it (any more)."""
    found = lines.addressed(body, PLACE, name)
    unvote = named("unvote")
    return [
        replace(line, command=unvote)
        if isinstance(line, lines.Said) and unvote and is_against(line)
        else line
        for line in found
    ]


def is_against(line: lines.Said) -> bool:
    """Say whether a vote says no, or neither yes nor no: there are no votes against a request."""
    first = line.words[0].lower().strip(".,;:!") if line.words else ""
    return line.command.name == "vote" and first in AGAINST


def _is_elsewhere(line: lines.Said | lines.Unknown, number: int) -> bool:
    """Say whether a vote names another request: it is answered, and is none here."""
    if not isinstance(line, lines.Said) or line.command.name not in VOTES:
        return False
    return elsewhere(line.words, number) is not None


def _is_last(line: lines.Said | lines.Unknown) -> bool:
    return isinstance(line, lines.Said) and line.command.name in VOTES | RANKS | UPDATES


def _last(heard: list[lines.Said | lines.Unknown], names: frozenset[str]) -> lines.Said | None:
    said = [it for it in heard if isinstance(it, lines.Said) and it.command.name in names]
    return said[-1] if said else None


def _part(
    event: CommentWritten, ctx: Context, stage: Stage, said: lines.Said, language: str
) -> Part:
    if PLACE not in said.command.where:
        return saying(lines.elsewhere(event.author.login, language, said))
    given = Call(event, ctx, stage, said.words, block=said.block, line=said.line)
    return said.command.run(given) or _nothing


def _nothing(_connection: Connection) -> Answer:
    return Answer()


def _unsay(
    event: CommentWritten, ctx: Context, connection: Connection, *, said_so: bool
) -> Answer:
    """Undo what the comment said once: it is edited or deleted by whoever wrote it.

    `said_so`: that it did is told with the event, so that it holds if it was not heard yet.
    """
    repo, who = event.repo, event.author
    asked = store.by_number(connection, repo.id, event.number)
    evidence = str(event.comment_id)
    if asked is None or not (said_so or ballots.subjects(connection, who.id, "comment", evidence)):
        return Answer()
    roadmap = voting.rules_of(connection, repo.id)
    limit = roadmap.votes_per_person
    # GitHub does not say when a comment was deleted: it was just before we were told.
    at = ctx.received_at if event.action == "deleted" else event.acted_at
    before = doors.stand(connection, asked, who.id, limit)
    doors.unsay(connection, asked, who, (event.comment_id, at), limit, ctx.now)
    stand = doors.stand(connection, asked, who.id, limit)
    answered = answers.last(connection, repo.id, event.number, who.id)
    if stand == before or answered is None:
        return Answer()
    here = Thread(Call(event, ctx, Stage(event, ctx)), roadmap, asked)
    why = {None: "withdrawn", True: "counts", False: "waits"}[stand.counts]
    return Answer(voted(here, connection, why, stand.left))


def _answer(
    event: CommentWritten, ctx: Context, parts: list[Part], connection: Connection
) -> list[Effect]:
    if event.discussion:
        discussions.note(connection, event.repo.id, event.number, event.discussion)
    last = answers.last(connection, event.repo.id, event.number, event.author.id)
    effects = answer(event, ctx, parts, connection)
    if event.action != "deleted" and last == (event.acted_at, event.comment_id):
        # The same comment is told once more: what was answered stands.
        return []
    asked = store.by_number(connection, event.repo.id, event.number)
    if asked is None or not asked.locked:
        return effects
    # Whoever locks a conversation wants no more of it, of ours neither.
    return [
        one for one in effects if not (isinstance(one, Comment) and one.number == event.number)
    ]
