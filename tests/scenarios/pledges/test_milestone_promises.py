"""Promises for a milestone: a campaign, an acceptance on the page, and those who built what was in it."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import insert, select

from bot.awards import deciding
from bot.milestones import store as milestones
from bot.milestones.tables import milestone
from bot.outcomes.pages import REQUESTS_ON_ONE_PAGE
from bot.roadmap.board.tables import board_view
from bot.roadmap.tables import request
from bot.roadmap.updates import store as updates
from bot.roadmap.updates.rules import GONE, Heard
from bot.roadmap.updates.store import Said
from bot.sandbox.milestones import Milestone
from bot.sandbox.records import Issue
from bot.sandbox.shapes import node_id
from core.github import Account
from donations.giving import store as gifts
from donations.pledges import store
from tests.bank import BankHouse
from tests.scenarios.asking import ask
from tests.scenarios.intents.calling import DAY
from tests.scenarios.payouts.paying import WINDOW, account_of, balances, merge
from tests.scenarios.pledges.promising import (
    GARDEN,
    campaign,
    garden,
    ledger,
    page,
    pass_time,
    promise,
)
from tests.scenarios.test_api import GARDEN as API
from tests.scenarios.test_api import Program
from tests.visitor import Visitor

HERE = f"{GARDEN}/milestones/1"


def opened(house: BankHouse) -> tuple[Milestone, Issue, Issue]:
    """Open a milestone with two requests in it."""
    first, mara = garden(house), house.garden.mara
    second = ask(house, house.garden.bo)
    due = house.now + 30 * DAY
    made = house.world.open_milestone(house.garden.repo, mara, "Version 2", due_on=due)
    for one in (first, second):
        house.world.set_milestone(one, mara, "Version 2")
    house.settle()
    return made, first, second


def renamed(house: BankHouse, of: Milestone) -> str:
    """Let GitHub give its ids another form, under which it was kept apart before; gives the other id."""
    of.form = "MA"
    other = node_id(of.form, of.id)
    with house.app.write() as connection:
        row = connection.execute(select(milestone)).one()._asdict()
        again = {"node_id": other, "seen_at": house.now + DAY}
        connection.execute(insert(milestone).values(**(row | again)))
        store.open_purse(connection, other, of.repo.id, house.now)
    return other


def states(house: BankHouse, of: Milestone) -> list[str]:
    with house.app.read() as connection:
        kept = milestones.by_number(connection, house.garden.repo.id, of.number)
        assert kept is not None
        found = store.of_request(connection, kept.node_id)
        return [gifts.standing(connection, one).state for one in found]


def accept(house: BankHouse, status: int = 303) -> None:
    """Let a maintainer accept the milestone's work on its page; `status` is what comes of it."""
    with Visitor(house) as mara:
        mara.sign_in(house.garden.mara)
        assert mara.submit(f"{HERE}/campaign", {}, "accept", follow=False).status_code == status
    house.settle()


def told_elsewhere(house: BankHouse, inside: list[int]) -> None:
    """Programs and calendars are told the same."""
    said = Program(house).ask(f"{API}/milestones/1/funding").json()
    assert (said["campaign"]["there"]["minor"], said["campaign"]["outcome"]) == (11000, None)
    (one,) = Program(house).ask(f"{API}/milestones?state=open").json()["items"]
    assert (one["requests"], one["closed"]) == (inside, 0)
    assert Program(house).ask(f"{API}/milestones/9/funding").status_code == 404
    assert Program(house).ask(f"{API}/funding").json()["given"] == []
    days = page(house, f"{GARDEN}/roadmap/deadlines.ics")
    assert "Version 2: the campaign ends" in days
    assert "Version 2: the milestone is due" in days
    how_it_goes_elsewhere(house, inside[0])


def how_it_goes_elsewhere(house: BankHouse, number: int) -> None:
    """What was said is told page by page, and in a feed; what was taken back is not."""
    mara = Account(house.garden.mara.id, house.garden.mara.login)
    with house.app.write() as connection:
        of = milestones.by_number(connection, house.garden.repo.id, 1)
        assert of is not None
        for one in ("begun", "half", "taken back"):
            at = house.now - timedelta(minutes=len(one))
            updates.take(connection, Said(of.node_id, one, mara, Heard(one, at)), house.now)
        gone = Said(of.node_id, one, mara, Heard("", house.now, GONE))
        updates.take(connection, gone, house.now)
    program = Program(house)
    first = program.ask(f"{API}/milestones/1/updates", per_page=1).json()
    (said,) = first["items"]
    assert (said["words"], said["by"]) == ("half", {"github_id": mara.id, "login": mara.login})
    assert said["url"].endswith(f"{HERE}#updates")
    (_path, _sign, after) = first["next"].partition("after=")
    after = after.partition("&")[0]
    last = program.ask(f"{API}/milestones/1/updates", per_page=1, after=after).json()
    assert ([one["words"] for one in last["items"]], last["next"]) == (["begun"], None)
    assert program.ask(f"{API}/requests/{number}/updates").json() == {"items": [], "next": None}
    assert program.ask(f"{API}/milestones/9/updates").status_code == 404
    assert f'{HERE}/feed.atom"' in page(house, HERE)
    feed = page(house, f"{HERE}/feed.atom?language=en")
    assert feed.index("half") < feed.index("begun")
    assert ("taken back" in feed, feed.count("An update by mara")) == (False, 2)
    with Visitor(house) as reader:
        assert reader.get(f"{GARDEN}/milestones/9/feed.atom").status_code == 404


def test_a_milestone_s_campaign_is_charged_at_its_goal_and_pays_those_who_built_what_was_in_it(
    bank_house: BankHouse,
) -> None:
    house = bank_house
    made, first, second = opened(house)
    campaign(house, first, "100", 5, milestone=1)
    mine = promise(house, first, "60", milestone=1)
    assert all(words in page(house, mine) for words in ("Version 2", "for a milestone"))
    promise(house, first, "50", milestone=1)
    shown = page(house, HERE)
    assert "€110.00</span> promised of €100.00" in shown
    assert f"/requests/{first.number}" in shown
    assert f'{HERE}"' in page(house, f"{GARDEN}/requests/{first.number}")
    assert "Version 2" in page(house, f"{GARDEN}/milestones")
    told_elsewhere(house, [first.number, second.number])
    pass_time(house, 5 * DAY)
    assert states(house, made) == ["paid", "paid"]
    merge(house, house.garden.ada, first)
    work = merge(house, house.garden.chen, second)
    house.world.close_milestone(made, house.garden.mara)
    pass_time(house, WINDOW)
    assert not any(name.startswith("owed:") for name in balances(house))  # Closing pays nobody.
    accept(house)
    house.world.set_milestone(second, house.garden.mara, "")
    pass_time(house, DAY)
    merge(house, house.garden.ada, second, f"Reverts #{work.number}")
    pass_time(house, WINDOW)
    assert not any(name.startswith("owed:") for name in balances(house))  # Nor does half of it.
    house.world.set_milestone(second, house.garden.mara, "Version 2")
    house.settle()
    merge(house, house.garden.chen, second)
    accept(house)
    house.world.set_milestone(second, house.garden.mara, "")
    pass_time(house, WINDOW)
    owed = balances(house)
    ada, chen = owed[account_of(house.garden.ada)], owed[account_of(house.garden.chen)]
    assert (ada, chen) == (5393, 5392)  # Alike, and one has the odd cent.
    assert not any(name.startswith("request:") for name in ledger(house))
    assert "€53.92" in page(house, f"{HERE}/split")
    fifty_at_once(house, first)


def fifty_at_once(house: BankHouse, first: Issue) -> None:
    """With the fifty-first request there is a second page, and what is closed stands last."""
    link = f'/requests/{first.number}"'
    crowd(house, range(1, REQUESTS_ON_ONE_PAGE))
    shown = page(house, HERE)
    assert (shown.count("#100"), "?page=" in shown) == (9, False)
    assert link in shown
    crowd(house, [REQUESTS_ON_ONE_PAGE])
    whole, rest = page(house, HERE), page(house, f"{HERE}?page=2")
    assert "1 of 51 requests closed" in whole
    assert whole.index("#1049") < whole.index("#1001")  # The most wanted first.
    assert link not in whole
    assert link in rest  # The one that is closed comes last.
    assert ("Still open" in rest, "#10" in rest) == (False, False)


def crowd(house: BankHouse, numbers: Iterable[int]) -> None:
    """Put as many open requests into the milestone as there are numbers."""
    with house.app.write() as connection:
        asked = connection.execute(select(request)).first()
        seen = connection.execute(select(board_view)).first()
        assert asked is not None
        assert seen is not None
        more = [
            {"id": 1000 + one, "root_id": 1000 + one, "number": 1000 + one}
            | {"node_id": f"I_{one}", "state": "open", "closed_at": None, "supporters": one}
            for one in numbers
        ]
        connection.execute(insert(request), [asked._asdict() | one for one in more])
        inside = {"state": "open", "milestone_number": 1}
        views = [seen._asdict() | inside | {"request_id": one["id"]} for one in more]
        connection.execute(insert(board_view), views)


def begun_too_late(house: BankHouse, made: Milestone) -> None:
    """Say the split and accept; a campaign whose form was opened before that is refused."""
    with Visitor(house) as mara:
        mara.sign_in(house.garden.mara)
        said = {"people": f"@{house.garden.bo.login} 1", "reason": "wrote all of it"}
        assert mara.submit(f"{HERE}/split", said, "say", follow=False).status_code == 303
        form = mara.get(f"{HERE}/campaign")
        accept(house)
        until = (house.now + DAY).date().isoformat()
        refused = mara.fill_in(form, {"goal": "100", "until": until}, "start", follow=False)
    assert (refused.status_code, "The work is accepted already" in refused.text) == (409, True)
    with house.app.read() as connection:
        kept = milestones.by_number(connection, house.garden.repo.id, made.number)
        assert kept is not None
        assert [one.deed for one in store.acts(connection, kept.node_id)] == ["accepted"]


def test_a_split_said_for_a_milestone_counts_and_reopening_or_deleting_it_pays_nobody(
    bank_house: BankHouse,
) -> None:
    house = bank_house
    made, first, _second = opened(house)
    promise(house, first, "30", milestone=1)
    other = renamed(house, made)
    accept(house, 409)  # Nobody could be paid, so nobody is charged.
    assert states(house, made) == ["saved"]
    merge(house, house.garden.ada, first)
    begun_too_late(house, made)
    assert states(house, made) == ["paid"]  # What was promised under its older name.
    with house.app.read() as connection:  # And what may have been under the other.
        assert [one.deed for one in store.acts(connection, other)] == ["accepted"]
        assert deciding.decided(connection, other).is_said
    assert "came from 1 person" in page(house, HERE)
    house.world.close_milestone(made, house.garden.mara)
    house.settle()
    pass_time(house, DAY)
    house.world.reopen_milestone(made, house.garden.mara)
    house.settle()
    pass_time(house, WINDOW)
    assert account_of(house.garden.bo) not in balances(house)
    campaign(house, first, "10", 2, milestone=1)
    second = promise(house, first, "20", milestone=1)
    assert states(house, made) == ["paid", "saved"]
    house.world.delete_milestone(made, house.garden.mara)
    house.sandbox.hooks.drop(len(house.sandbox.hooks.waiting))
    pass_time(house, 3 * DAY)
    assert states(house, made) == ["given_back", "over"]  # Read where nobody told of it.
    house.tick("sweep_milestones")
    house.settle()
    assert "Nothing was taken" in page(house, second)
    with Visitor(house) as bo:
        assert bo.get(HERE).status_code == 404
