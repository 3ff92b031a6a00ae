"""Signals of a request, calls and contests, and who contributed, for programs: all of it is public."""

from flask import Response

from bot.api import asked, door, steering_answers
from bot.api.frame import BASE, blueprint, encoded
from bot.api.roadmap import one_request
from bot.credits import counting as register
from bot.roadmap import facts
from bot.roadmap import signals as wishes
from bot.roadmap.intents import shown
from bot.roadmap.ranking import counting
from core.web.house import house

MOST_PAGES = 1_000


@blueprint.get(f"{BASE}/requests/<number>/signals")
def signals(owner: str, name: str, number: str) -> Response:
    """Give each signal of a request by itself."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    with house().app.read() as connection:
        found = one_request(connection, repo, number)
        root = facts.root(connection, found)
        answer = steering_answers.signals(
            found,
            root.supporters,
            wishes.told(connection, found.id),
            wishes.ratings(connection, found.id),
            counting.signal(connection, root.id),
        )
    return encoded(answer)


@blueprint.get(f"{BASE}/calls")
def calls(owner: str, name: str) -> Response:
    """Give calls for offers and contests."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    state = asked.one_of("state", shown.STATES) or shown.STATES[0]
    kind = asked.one_of("kind", shown.KINDS[1:])
    page = asked.number("page", MOST_PAGES) or 1
    with house().app.read() as connection:
        found = shown.listed(connection, repo.id, state, kind, "", page - 1)
    base = f"{house().settings.public_url}/{repo.name}/requests"
    items = [steering_answers.call(it, f"{base}/{it.number}/intent") for it in found.rows]
    return encoded(steering_answers.Calls(items, asked.numbered(page, more=found.more)))


@blueprint.get(f"{BASE}/contributors")
def contributors(owner: str, name: str) -> Response:
    """Give who brought what."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    page = asked.number("page", MOST_PAGES) or 1
    with house().app.read() as connection:
        found = register.register(connection, repo.id, page=page)
    answer = steering_answers.Contributors(
        items=[steering_answers.contributor(it) for it in found.people],
        people=found.total,
        rests_on=found.factor,
        next=asked.numbered(page, more=found.more),
    )
    return encoded(answer)
