"""`/move planned because …`: a maintainer moves a request on the board, and says why."""

from collections.abc import Iterable
from functools import partial

from sqlalchemy import Connection

from bot import people
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import Thread, decides, look, thread
from bot.messages import translated
from bot.mistakes import N_
from bot.policy.stages import BoardStage
from bot.roadmap import intake
from bot.roadmap.board import moving, naming, store
from bot.roadmap.board.rules import LONGEST_WORDS, Cause
from core.context import Effect
from core.github import Issue
from core.translations import LANGUAGES

TONGUES = tuple(partial(translated, language) for language in LANGUAGES)


@command(
    "move",
    "/move planned because …",
    N_("moves this request on the board, with the reason; for maintainers"),
    ISSUES,
)
def move(call: Call) -> Part:
    """Move this request to the stage that is named."""
    return partial(_move, call, look(call), may=decides(call))


def _move(call: Call, issue: Issue | None, connection: Connection, *, may: bool) -> Answer:
    here = thread(call, issue, connection)
    stages = store.stages_of(connection, call.repo.id)
    said, words = naming.parted(call.words)
    wanted = naming.meant(stages, said, TONGUES)
    why = _refusal(here, wanted) if may else "stranger"
    if here.asked is None or wanted is None or why:
        return _answered(here, connection, why)
    event, author = call.event, call.event.author
    before = store.stage_of(connection, here.asked.id)
    if before == wanted.name:
        return _answered(here, connection, "same", wanted.name)
    # An edited comment says it anew.
    evidence = f"comment:{event.comment_id}:{event.acted_at.isoformat()}"
    cause = Cause("decided", author.id, evidence, event.acted_at, words[:LONGEST_WORDS])
    effects = moving.move(connection, here.asked, wanted.name, cause, call.ctx.now)
    if store.stage_of(connection, here.asked.id) != wanted.name:
        return _answered(here, connection, "late", before)
    people.note(connection, author.id, author, call.ctx.now)
    return _answered(here, connection, "moved", wanted.name, effects, said_why=bool(words))


def _refusal(here: Thread, wanted: BoardStage | None) -> str:
    """Say why nothing can be moved; empty where it can."""
    if here.asked is None or not here.is_request:
        return "unknown"
    if wanted is None:
        return "form"
    return "joined" if here.asked.root_id != here.asked.id else ""


def _answered(
    here: Thread,
    connection: Connection,
    why: str,
    stage: str = "",
    effects: Iterable[Effect] = (),
    *,
    said_why: bool = True,
) -> Answer:
    call = here.call
    stages = store.stages_of(connection, call.repo.id)
    language = intake.language(connection, call.repo.id)
    named = naming.titled(stages, stage, partial(translated, language)) if stage else ""
    url = "" if call.repo.private else f"{call.ctx.public_url}/{call.repo.name}/roadmap"
    words = here.words(
        "answer_move",
        connection,
        why,
        stage=named,
        stages=[one.name for one in stages],
        said_why=said_why,
        url=url,
    )
    return Answer(words, effects)
