"""Badges of a roadmap and of each request, for READMEs and issues.

GET /OWNER/NAME/roadmap/badge.svg          how much is asked for, how much has shipped
GET /OWNER/NAME/requests/12/badge.svg      how many want it, and where it stands

`?style=flat` has square corners, `?language=fr` chooses the language.
"""

from collections.abc import Sequence

from flask import Blueprint, Response
from flask_babel import force_locale, format_decimal, ngettext
from flask_babel import gettext as _

from bot.maintaining import badge
from bot.maintaining.badge import Badge, drawn
from bot.policy.stages import BoardStage
from bot.roadmap import facts, queries, store
from bot.roadmap.addresses import NUMBER
from bot.roadmap.board import rules
from bot.roadmap.board import store as board
from bot.roadmap.outlets import changelog, words
from core.web.house import house

blueprint = Blueprint("outlets_badges", __name__, template_folder="../../templates")


@blueprint.get("/<owner>/<name>/roadmap/badge.svg")
def of_roadmap(owner: str, name: str) -> Response:
    """Draw the badge of a project's roadmap; grey and 404 where there is nothing to see."""
    with force_locale(badge.language()), house().app.read() as connection:
        repo_id = _public(owner, name)
        if repo_id is None or not queries.has_requests(connection, repo_id):
            return _unknown(_("roadmap"))
        is_open = _count(queries.counted(connection, repo_id, queries.STATES[0]))
        stages = changelog.shipped_stages(board.stages_of(connection, repo_id))
        shipped = _count(changelog.counted(connection, repo_id, stages))
        said = _("%(open)s open, %(shipped)s shipped", open=is_open, shipped=shipped)
        return drawn(Badge(_("roadmap"), said, "leaf", badge.style()))


@blueprint.get(f"/<owner>/<name>/requests/{NUMBER}/badge.svg")
def of_request(owner: str, name: str, number: int) -> Response:
    """Draw the badge of a request: the votes are those of all that are the same as it."""
    with force_locale(badge.language()), house().app.read() as connection:
        repo_id = _public(owner, name)
        asked = store.by_number(connection, repo_id, number) if repo_id is not None else None
        if asked is None or asked.state not in queries.STATES:
            return _unknown(_("request"))
        root = facts.root(connection, asked)
        stages = board.stages_of(connection, root.repo_id)
        votes = ngettext("%(num)s vote", "%(num)s votes", root.supporters)
        said = f"{votes} · {words.stage(stages, root.stage)}" if root.stage else votes
        label = _("request #%(number)s", number=asked.number)
        return drawn(Badge(label, said, tone(stages, root.stage), badge.style()))


def tone(stages: Sequence[BoardStage], stage: str) -> str:
    """Give the tone of a stage: shipped, closed without, at the beginning, or on its way."""
    found = rules.named(stages, stage)
    if found is None or found.closes == "not_planned":
        return "plain"
    if rules.is_shipped(stages, stage):
        return "leaf"
    return "blueberry" if found is stages[0] else "mustard"


def _public(owner: str, name: str) -> int | None:
    found = house().find_repo(owner, name)
    return None if found is None or found[2] else found[0]


def _unknown(label: str) -> Response:
    return drawn(Badge(label, _("unknown"), "plain", badge.style()), 404)


def _count(number: int) -> str:
    most = queries.MOST_COUNTED
    return f"{format_decimal(most)}+" if number > most else format_decimal(number)
