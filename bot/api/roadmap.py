"""What a project's roadmap is, for programs: requests, moves, stages, and what shipped.

Everything here stands on public pages, so that public repositories need no token.
"""

from flask import Response
from sqlalchemy import Connection

from bot.api import asked, door, roadmap_answers
from bot.api.frame import BASE, blueprint, encoded
from bot.api.problems import Problem
from bot.roadmap import facts, queries, store, voting
from bot.roadmap.board import rules
from bot.roadmap.board import store as board
from bot.roadmap.outlets import acts, changelog, outcomes
from bot.roadmap.queries import Wanted
from bot.roadmap.store import Request
from core.web.house import FoundRepo, house

SORTS = queries.SORTS
_UNKNOWN = "There is no such request here: give the number of its issue."


@blueprint.get(f"{BASE}/requests")
def requests(owner: str, name: str) -> Response:
    """Give requests, filtered and in order."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    stage = asked.name("stage")
    wanted = Wanted(
        repo_id=repo.id,
        state=asked.one_of("state", queries.STATES) or ("" if stage else queries.STATES[0]),
        sort=asked.one_of("sort", SORTS) or SORTS[0],
        origin=asked.one_of("origin", queries.ORIGINS[1:]),
        text=" ".join(asked.text("q").split()),
        after=asked.after(),
        stage=stage,
        most=asked.at_once(),
    )
    with house().app.read() as connection:
        found = queries.listed(connection, wanted)
        onto = acts.numbers_of(
            connection, {it.root_id for it in found.rows if it.root_id != it.id}
        )
    items = [
        roadmap_answers.line(it, _url(repo, it.number), onto.get(it.root_id)) for it in found.rows
    ]
    return encoded(roadmap_answers.Requests(items, asked.following("after", found.after)))


@blueprint.get(f"{BASE}/requests/<number>")
def request(owner: str, name: str, number: str) -> Response:
    """Give one request, with how many people want it."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    with house().app.read() as connection:
        found = one_request(connection, repo, number)
        root = facts.root(connection, found)
        joined = facts.joined(connection, found)
    url = _url(repo, found.number)
    return encoded(roadmap_answers.request(found, root, joined, url))


@blueprint.get(f"{BASE}/requests/<number>/moves")
def moves_of_request(owner: str, name: str, number: str) -> Response:
    """Give why a request stands where it does."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    before, most = asked.number("before"), asked.at_once()
    with house().app.read() as connection:
        one = one_request(connection, repo, number)
        found = acts.of_request(connection, one, most + 1, before)
    return _moves(found, most)


@blueprint.get(f"{BASE}/moves")
def moves(owner: str, name: str) -> Response:
    """Give the moves on the board."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    before, most = asked.number("before"), asked.at_once()
    with house().app.read() as connection:
        found = acts.on_board(connection, repo.id, before, most + 1)
    return _moves(found, most)


@blueprint.get(f"{BASE}/stages")
def stages(owner: str, name: str) -> Response:
    """Give the stages of the board, and how much stands at each."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    with house().app.read() as connection:
        known = board.stages_of(connection, repo.id)
        items = [
            roadmap_answers.stage(
                it,
                changelog.counted(connection, repo.id, (it.name,)),
                shipped=rules.is_shipped(known, it.name),
            )
            for it in known
        ]
    return encoded(roadmap_answers.Stages(items))


@blueprint.get(f"{BASE}/changelog")
def shipped(owner: str, name: str) -> Response:
    """Give what shipped."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    after, most = asked.after(), asked.at_once()
    with house().app.read() as connection:
        known = board.stages_of(connection, repo.id)
        found = changelog.page(connection, repo.id, known, after, most)
        rules_now = voting.rules_of(connection, repo.id)
        became = outcomes.of(connection, [it.id for it in found.rows], rules_now, house().clock())
    items = [
        roadmap_answers.shipped(it, became[it.id], _url(repo, it.number)) for it in found.rows
    ]
    return encoded(roadmap_answers.Changelog(items, asked.following("after", found.after)))


def one_request(connection: Connection, repo: FoundRepo, number: str) -> Request:
    """Find a request by the number in the address. Raises `Problem`."""
    wanted = asked.whole(number, asked.LARGEST)
    found = store.by_number(connection, repo.id, wanted) if wanted else None
    if found is None or found.state == "gone":
        raise Problem(404, _UNKNOWN)
    return found


def _moves(found: tuple[acts.Moved, ...], most: int) -> Response:
    shown = found[:most]
    before = shown[-1].sequence if len(found) > most else None
    items = [roadmap_answers.move(it) for it in shown]
    return encoded(roadmap_answers.Moves(items, asked.next_page(before)))


def _url(repo: FoundRepo, number: int) -> str:
    return f"{house().settings.public_url}/{repo.name}/requests/{number}"
