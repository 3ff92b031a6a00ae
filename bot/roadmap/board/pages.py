"""The pages of the board: the roadmap, one stage of it, its figures, and why an item stands where it does.

GET  /OWNER/NAME/roadmap               ?stage=planned&after=KEY.ID: one stage, page by page
GET  /OWNER/NAME/roadmap/figures
GET  /OWNER/NAME/requests/12/why
"""

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, abort, render_template
from flask import request as sent
from flask_babel import gettext
from sqlalchemy import Connection

from bot.access import is_maintainer
from bot.pages import github_web
from bot.policy.stages import BoardStage
from bot.roadmap import queries, store, voting
from bot.roadmap.board import figures, naming, reading
from bot.roadmap.board import store as board
from bot.roadmap.board.store import Move
from bot.roadmap.store import Request
from core.web.house import FoundRepo, house, public_repo
from core.web.signin import person
from core.web.text import inert
from licensing import store as agreements

NUMBER = "<int(min=1, max=2147483647):number>"

blueprint = Blueprint("board_pages", __name__, template_folder="../../templates")


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let a project's first page show the next and the last of its roadmap, and a request its stage."""
    return {"board_excerpt": excerpt, "stage_title": stage_title}


@blueprint.get("/<owner>/<name>/roadmap")
def roadmap(owner: str, name: str) -> str:
    """Show the board, or one stage of it."""
    repo = _repo(owner, name)
    wanted = inert(sent.args.get("stage", ""))
    after = queries.after(sent.args.get("after", ""))
    with house().app.read() as connection:
        stages = board.stages_of(connection, repo.id)
        common = _common(connection, repo, stages)
        if not wanted:
            found = reading.board(connection, repo.id)
            return render_template("bot/roadmap.html", board=found, **common)
        column = reading.column(connection, repo.id, wanted, stages, after)
    if not column.cards and all(one.name != wanted for one in stages):
        abort(404)
    later = after is not None
    return render_template("bot/roadmap_stage.html", column=column, later=later, **common)


@blueprint.get("/<owner>/<name>/roadmap/figures")
def shown_figures(owner: str, name: str) -> str:
    """Show how long requests wait, and what the community steered."""
    repo = _repo(owner, name)
    with house().app.read() as connection:
        found = figures.figures(connection, repo.id, house().clock())
        agreement = agreements.agreement_in_force(connection, repo.id)
    return render_template(
        "bot/roadmap_figures.html", repo=repo, agreement=agreement, figures=found
    )


@blueprint.get(f"/<owner>/<name>/requests/{NUMBER}/why")
def why(owner: str, name: str, number: int) -> str:
    """List the acts by which a request came where it stands."""
    return told(public_repo(owner, name), number)


def told(
    repo: FoundRepo, number: int, error: str = "", words: str = "", *, is_long: bool = False
) -> str:
    """Make the page that says why; `error` is of a move that somebody has just tried."""
    with house().app.read() as connection:
        asked = one(connection, repo, number)
        root = asked if asked.root_id == asked.id else store.by_id(connection, asked.root_id)
        moves = board.moves(connection, asked.id)
        common = _common(connection, repo, board.stages_of(connection, repo.id))
        logins = reading.logins(connection, [move.actor_id for move in moves])
    github = github_web(house().settings)
    people = [logins.get(move.actor_id, "") for move in moves if move.cause != "asked"]
    return render_template(
        "bot/why.html",
        asked=asked,
        root=None if root is None or root.id == asked.id else root,
        moves=moves[::-1],
        logins=logins | {asked.author.id: asked.author.login},
        links={move.sequence: link(f"{github}/{repo.name}", number, move) for move in moves}
        if github
        else {},
        hands=list(dict.fromkeys(who for who in people if who)),
        pulls=list(dict.fromkeys(filter(None, map(_pull, moves)))),
        github=github,
        error=error,
        words=words,
        is_long=is_long,
        **common,
    )


def stage_title(repo: FoundRepo, name: str) -> str:
    """Give what a stage of a project's board is called; empty without one."""
    if not name:
        return ""
    with house().app.read() as connection:
        return titles(board.stages_of(connection, repo.id), name)


def excerpt(repo: FoundRepo) -> reading.Board | None:
    """Give what is next and what came last, for a project's first page; None where there is no board."""
    with house().app.read() as connection:
        if not voting.rules_of(connection, repo.id).on:
            return None
        return reading.excerpt(connection, repo.id)


def one(connection: Connection, repo: FoundRepo, number: int) -> Request:
    """Find a request by its number, or answer 404: also where it is gone from GitHub."""
    found = store.by_number(connection, repo.id, number)
    if found is None or found.state == "gone":
        abort(404)
    return found


def titles(stages: Sequence[BoardStage], name: str) -> str:
    """Give what a stage is called in the visitor's language."""
    return naming.titled(stages, name, gettext)


def link(base: str, number: int, move: Move) -> str:
    """Give where a move can be seen on GitHub; empty where it was made here."""
    door, _colon, rest = move.evidence.partition(":")
    key = rest.partition(":")[0]
    places = {
        "comment": f"/issues/{number}#issuecomment-{key}",
        "pull": f"/pull/{key}",
        "commit": f"/commit/{key}",
        "event": f"/issues/{number}",
        "opened": f"/issues/{number}",
    }
    return base + places[door] if door in places else ""


def _pull(move: Move) -> str:
    door, _colon, rest = move.evidence.partition(":")
    return rest.partition(":")[0] if door == "pull" else ""


def _repo(owner: str, name: str) -> FoundRepo:
    """Find a repository that has a roadmap, or had one."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        is_on = voting.rules_of(connection, repo.id).on
        if not is_on and not queries.has_requests(connection, repo.id):
            abort(404)
    return repo


def _common(
    connection: Connection, repo: FoundRepo, stages: Sequence[BoardStage]
) -> dict[str, object]:
    return {
        "repo": repo,
        "agreement": agreements.agreement_in_force(connection, repo.id),
        "stages": stages,
        "title": partial(titles, stages),
        "most": reading.MOST_COUNTED,
        "may_move": is_maintainer(repo, person()),
        "token": voting.token,
        "done": sent.args.get("done", ""),
    }
