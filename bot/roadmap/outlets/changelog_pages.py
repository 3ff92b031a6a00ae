"""What shipped in a project, for everybody to see.

GET /OWNER/NAME/changelog?after=1763632800000000.12
"""

from flask import Blueprint, render_template, request

from bot.roadmap import queries, voting
from bot.roadmap.board import store as board
from bot.roadmap.outlets import changelog, outcomes
from bot.roadmap.outlets.published import roadmap_repo
from core.web.house import house
from licensing import store as agreements

blueprint = Blueprint("outlets_changelog", __name__, template_folder="../../templates")


@blueprint.get("/<owner>/<name>/changelog")
def show(owner: str, name: str) -> str:
    """List what shipped, newest first."""
    repo = roadmap_repo(owner, name)
    after = queries.after(request.args.get("after", ""))
    with house().app.read() as connection:
        stages = board.stages_of(connection, repo.id)
        found = changelog.page(connection, repo.id, stages, after)
        rules = voting.rules_of(connection, repo.id)
        became = outcomes.of(connection, [one.id for one in found.rows], rules, house().clock())
        agreement = agreements.agreement_in_force(connection, repo.id)
    return render_template(
        "bot/changelog.html",
        repo=repo,
        agreement=agreement,
        months=changelog.by_month(found.rows),
        became=became,
        after=found.after,
        is_first=after is None,
    )
