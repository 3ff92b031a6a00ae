"""What is given and promised, to be shown in an `<iframe>` on other sites: sums, and nobody's name.

GET /OWNER/NAME/fund/widget?language=fr&theme=dark    what a project was given, and its appeals
GET /OWNER/NAME/requests/12/fund/widget               what is promised for a request, of what goal

They read no cookie and set none, have no form and no script, and their links open in a new tab.
"""

from flask import Blueprint, Response, abort, render_template
from flask_babel import force_locale
from sqlalchemy import Connection

from bot import policies
from bot.money import aims, fund_facts, pledges_shown
from bot.policy import Funding
from bot.roadmap import queries, store
from bot.roadmap.addresses import NUMBER
from bot.roadmap.outlets import framed, published
from core.web.house import FoundRepo, house, public_repo

blueprint = Blueprint("money_widget", __name__, template_folder="../templates")


@blueprint.get("/<owner>/<name>/fund/widget")
def of_project(owner: str, name: str) -> Response:
    """Show what a project was given, and how far each appeal is that runs."""
    repo, now = public_repo(owner, name), house().clock()
    with force_locale(published.language()):
        with house().app.read() as connection:
            funding = _funding(connection, repo)
            running = [one for one in funding.appeals if now < one.ends_at]
            appeals = [aims.shown(connection, repo.id, one, now) for one in running]
            raised = fund_facts.raised(connection, repo.id, None)
        return _answer(repo, raised=raised, appeals=appeals, asked=None)


@blueprint.get(f"/<owner>/<name>/requests/{NUMBER}/fund/widget")
def of_request(owner: str, name: str, number: int) -> Response:
    """Show what is promised and given for a request."""
    repo = public_repo(owner, name)
    with force_locale(published.language()):
        with house().app.read() as connection:
            _funding(connection, repo)
            asked = store.by_number(connection, repo.id, number)
            if asked is None or asked.state not in queries.STATES:
                abort(404)
            promised = pledges_shown.of_outcome(connection, asked.node_id)
            raised = fund_facts.raised_for(connection, asked)
        return _answer(repo, raised=raised, appeals=[], asked=asked, promised=promised)


def _funding(connection: Connection, repo: FoundRepo) -> Funding:
    policy = policies.rules(connection, repo.id).policy
    if repo.private or policy is None or not policy.funding.on:
        abort(404)
    return policy.funding


def _answer(repo: FoundRepo, **page: object) -> Response:
    language, theme = published.language(), framed.theme()
    return framed.answer(
        render_template("bot/fund_widget.html", repo=repo, language=language, theme=theme, **page)
    )
