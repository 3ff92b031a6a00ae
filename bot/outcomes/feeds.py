"""Feeds of milestones: how their work goes.

GET /OWNER/NAME/milestones/3/feed.atom

`?language=fr` chooses the language. Public like the page: a private repository has none.
"""

from flask import Blueprint, Response, abort
from flask_babel import force_locale

from bot.milestones import store as milestones
from bot.outcomes import store, went
from bot.roadmap.outlets import atom, entries, published
from bot.roadmap.outlets.atom import Feed
from bot.roadmap.outlets.published import address
from core.web.house import house, public_repo
from core.web.text import inert

MOST = 50

blueprint = Blueprint("outcome_feeds", __name__)


@blueprint.get("/<owner>/<name>/milestones/<int:number>/feed.atom")
def of_milestone(owner: str, name: str, number: int) -> Response:
    """Give what was said of how a milestone goes."""
    repo = public_repo(owner, name)
    path, own = f"/{repo.name}/milestones/{number}", f"milestone/{repo.id}/{number}"
    with force_locale(published.language()), house().app.read() as connection:
        of = milestones.by_number(connection, repo.id, number)
        if of is None or of.state == "gone":
            abort(404)
        said = went.of_outcome(connection, store.of_milestone(of), MOST)
        found = tuple(entries.went(one, own, address(path)) for one in said)
    feed = Feed(
        id=published.tag(own),
        title=f"{inert(of.title)} · {repo.name}",
        link=address(path),
        self_link=address(f"{path}/feed.atom"),
        author=repo.name,
        language=published.language(),
        began_at=of.updated_at,
        entries=found,
    )
    # Another title may be all that changed.
    changed_at = max(of.updated_at, feed.updated_at)
    return published.answer(atom.written(feed), atom.MEDIA_TYPE, changed_at)
