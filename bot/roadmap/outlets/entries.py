"""Entries of feeds: what happened on a board, to a request, and what shipped, in plain words."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Connection

from bot.policy.stages import BoardStage
from bot.roadmap.board import store as board
from bot.roadmap.outlets import acts, words
from bot.roadmap.outlets.acts import Joined, Moved, Told
from bot.roadmap.outlets.atom import Entry
from bot.roadmap.outlets.changelog import Shipped, Somebody
from bot.roadmap.outlets.published import address, tag
from bot.roadmap.store import Request
from bot.roadmap.updates import store as updates
from bot.roadmap.updates.store import Update
from core.web.house import FoundRepo
from core.web.text import inert


def of_board(connection: Connection, repo: FoundRepo, most: int) -> tuple[Entry, ...]:
    """Tell the last moves on a board."""
    stages = board.stages_of(connection, repo.id)
    return tuple(
        _moved(repo, one, stages) for one in acts.on_board(connection, repo.id, most=most)
    )


def of_request(
    connection: Connection, repo: FoundRepo, asked: Request, most: int
) -> tuple[Entry, ...]:
    """Tell what happened to a request: its moves, what it was joined with, its stories, how work goes."""
    stages = board.stages_of(connection, repo.id)
    found = [_moved(repo, one, stages) for one in acts.of_request(connection, asked, most)]
    found += [_joined(repo, asked, one) for one in acts.joinings(connection, asked, most)]
    found += [_told(repo, asked, one) for one in acts.stories(connection, asked, most)]
    goes = updates.standing(connection, [asked.node_id], most)
    found += [went(one, f"request/{asked.id}", _page(repo, asked.number)) for one in goes]
    found.sort(key=lambda one: (one.updated_at, one.id), reverse=True)
    return tuple(found[:most])


def of_changelog(repo: FoundRepo, shipped: Sequence[Shipped]) -> tuple[Entry, ...]:
    """Tell what shipped."""
    return tuple(_shipped(repo, one) for one in shipped)


def went(one: Update, name: str, page: str) -> Entry:
    """Tell how something goes; `name` is what it is called for good, `page` its whole address."""
    who = somebody(Somebody(one.github_id, one.login))
    return Entry(
        id=tag(f"{name}/update/{one.id}"),
        title=_("An update by %(who)s", who=who),
        link=f"{page}#updates",
        at=one.said_at,
        updated_at=one.changed_at or one.said_at,
        author=who,
        words=inert(one.words),
    )


def somebody(one: Somebody) -> str:
    """Call a person by their login, or by their number where we do not know it."""
    return inert(one.login) if one.login else _("account %(number)s", number=one.id)


def _page(repo: FoundRepo, number: int) -> str:
    return address(f"/{repo.name}/requests/{number}")


def _moved(repo: FoundRepo, one: Moved, stages: Sequence[BoardStage]) -> Entry:
    return Entry(
        id=tag(f"repo/{one.repo_id}/move/{one.sequence}"),
        title=words.headline(one, stages),
        link=_page(repo, one.number),
        at=one.acted_at,
        updated_at=one.recorded_at,
        author=inert(one.login),
        words=words.reason(one, stages),
    )


def _joined(repo: FoundRepo, asked: Request, one: Joined) -> Entry:
    if one.number != asked.number:
        title = _("#%(number)s was joined with this", number=one.number)
    elif one.onto is None:
        title = _("Stands on its own again")
    else:
        title = _("Joined with #%(number)s: the same thing", number=one.onto)
    return Entry(
        id=tag(f"joining/{one.id}/of/{asked.id}"),
        title=title,
        link=_page(repo, asked.number),
        at=one.acted_at,
        updated_at=one.acted_at,
        author="",
    )


def _told(repo: FoundRepo, asked: Request, one: Told) -> Entry:
    who = somebody(Somebody(one.github_id, one.login))
    return Entry(
        id=tag(f"request/{asked.id}/story/{one.github_id}"),
        title=_("A story by %(who)s", who=who),
        link=_page(repo, asked.number),
        at=one.told_at,
        updated_at=one.changed_at,
        author=who,
        words=inert(one.words),
    )


def _shipped(repo: FoundRepo, one: Shipped) -> Entry:
    said = [
        _("Asked by %(who)s.", who=somebody(one.author)),
        ngettext("%(num)s person wanted it.", "%(num)s people wanted it.", one.supporters),
    ]
    if one.builders:
        who = ", ".join(somebody(it) for it in one.builders)
        said.append(_("Built by %(who)s.", who=who))
    return Entry(
        id=tag(f"request/{one.id}/shipped/{one.shipped_at:%Y%m%dT%H%M%SZ}"),
        title=f"{inert(one.title)} #{one.number}",
        link=_page(repo, one.number),
        at=one.shipped_at,
        updated_at=one.shipped_at,
        author=", ".join(somebody(it) for it in one.builders),
        words=" ".join(said),
    )
