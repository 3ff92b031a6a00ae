"""How work goes, for programs: what was said of a request or a milestone, never who gave for it."""

from flask import Response

from bot.api import asked, door, update_answers
from bot.api.frame import BASE, blueprint, encoded
from bot.api.funding import one_outcome
from bot.outcomes import went
from bot.roadmap.updates import store
from core.web.house import house


@blueprint.get(f"{BASE}/<any(requests, milestones):sort>/<number>/updates")
def updates(owner: str, name: str, sort: str, number: str) -> Response:
    """Give what was said of how a request or a milestone goes, newest first."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    after, most = asked.after(), asked.at_once()
    with house().app.read() as connection:
        of = one_outcome(connection, repo, sort, number)
        found = went.of_outcome(connection, of, most + 1, after)
    page = f"{house().settings.public_url}/{repo.name}/{of.page}"
    items = [update_answers.update(one, page) for one in found[:most]]
    last = store.place_of(found[most - 1]) if len(found) > most else None
    return encoded(update_answers.Updates(items, asked.following("after", last)))
