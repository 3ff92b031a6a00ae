"""The widget: a page without a frame of ours, to be shown in an `<iframe>` on other sites.

GET /OWNER/NAME/widget?best=5&language=fr&theme=dark

It reads no cookie and sets none, has no form and no script, and its links open in a new tab.
"""

from flask import Blueprint, Response, render_template, request
from flask_babel import force_locale

from bot.roadmap import queries
from bot.roadmap.board import store as board
from bot.roadmap.outlets import framed, published, words
from bot.roadmap.outlets.badges import tone
from bot.roadmap.outlets.published import roadmap_repo
from core.web.house import house

USUAL, MOST = 5, 10

blueprint = Blueprint("outlets_widget", __name__, template_folder="../../templates")


@blueprint.get("/<owner>/<name>/widget")
def show(owner: str, name: str) -> Response:
    """Show what is most wanted."""
    repo = roadmap_repo(owner, name)
    best = request.args.get("best", USUAL, type=int)
    language = published.language()
    with force_locale(language):
        with house().app.read() as connection:
            rows = queries.most_wanted(connection, repo.id, min(max(best, 1), MOST))
            stages = board.stages_of(connection, repo.id)
        shown = [(row, words.stage(stages, row.stage), tone(stages, row.stage)) for row in rows]
        page = render_template(
            "bot/widget.html",
            repo=repo,
            rows=shown,
            language=language,
            theme=framed.theme(),
        )
    return framed.answer(page)
