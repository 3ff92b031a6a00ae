"""`/maintain/share`: what maintainers paste into a README or a site of theirs: badges and the widget."""

from flask import Blueprint, request

from bot import policies
from bot.maintaining import desk
from bot.roadmap import queries, store
from bot.roadmap.outlets import published, widget

SECTION = "share"
LARGEST = 2**31

blueprint = Blueprint("outlets_share", __name__, template_folder="../../templates")


@blueprint.get("/<owner>/<name>/maintain/share")
def show(owner: str, name: str) -> str:
    """Show each badge and the widget with the text to paste; `?request=12` chooses a request."""
    repo = desk.entered(owner, name)
    number = request.args.get("request", type=int)
    with desk.house().app.read() as connection:
        asked = None
        if number is not None and 0 < number < LARGEST:
            asked = store.by_number(connection, repo.id, number)
        wanted = queries.most_wanted(connection, repo.id, 1)
        policy = policies.rules(connection, repo.id).policy
    shown = asked.number if asked else wanted[0].number if wanted else None
    return desk.render(
        "maintain_share",
        repo,
        SECTION,
        number=shown,
        missed=number if number is not None and asked is None else None,
        here=published.address(f"/{repo.name}"),
        most=widget.MOST,
        funded=policy is not None and policy.funding.on,
    )
