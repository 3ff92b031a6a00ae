"""Every act about an intent on its page, by the same rules as in comments; and members who could answer."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.roadmap.intents.tables import answerer, answerer_path, intent_act, intent_words
from bot.sandbox.records import Issue
from tests.house import House
from tests.scenarios.asking import ask, said, say, steer
from tests.scenarios.intents.calling import DAY, about, pass_time, stage, stands
from tests.visitor import Visitor, chosen, forms

CALL = {"test": "at six the water runs", "budget": "up to 400 EUR", "until": "3d"}
OFFER = {"price": "300 EUR", "days": "9", "words": "a clock and a valve"}


def here(issue: Issue) -> str:
    return f"/{issue.repo.full_name}/requests/{issue.number}/intent"


def acts(house: House) -> int:
    with house.app.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(intent_act)) or 0)


def test_a_call_is_opened_answered_and_decided_by_forms_alone(house: House) -> None:
    steer(house, "choice_days = 2")
    garden = house.garden
    issue = ask(house, garden.ada)
    page = here(issue)
    with Visitor(house) as ada, Visitor(house) as bo, Visitor(house) as mara:
        ada.sign_in(garden.ada)
        bo.sign_in(garden.bo)
        mara.sign_in(garden.mara)
        assert "call-form" not in bo.get(page).text
        wrong = ada.submit(page, CALL | {"test": ""}, "call-form")
        assert (wrong.status_code, acts(house)) == (422, 0)
        assert "Say when it is done" in wrong.text
        assert "up to 400 EUR" in wrong.text
        opened = ada.submit(page, CALL | {"choice": "backers"}, "call-form")
        assert "Your call stands." in opened.text
        house.settle()
        assert "Budget: €400.00" in about(issue, "Call for offers, until")
        form = bo.get(page)
        assert "a clock" in bo.fill_in(form, OFFER, "bid-form").text
        again = bo.fill_in(form, OFFER | {"price": "900 EUR"}, "bid-form")
        assert (again.status_code, acts(house)) == (200, 2)
        mara.submit(page, OFFER | {"price": "450 EUR"}, "bid-form")
        assert "above the budget" in mara.get(page).text
        _change_an_offer_and_read_the_list(house, issue, ada, bo)
        _vote_and_decide(house, issue, (ada, bo, mara))
        _hold_a_contest_and_claim(house, issue, (ada, bo, mara))
    with house.app.read() as connection:
        logins = set(connection.scalars(select(intent_words.c.login)))
    assert logins == {"ada", "mara", ""}


def _change_an_offer_and_read_the_list(
    house: House, issue: Issue, ada: Visitor, bo: Visitor
) -> None:
    page, calls = here(issue), f"/{issue.repo.full_name}/calls"
    assert "cheapest" not in str(chosen(forms(ada.get(page).text), "call-form").fields)
    assert bo.submit(page, form="bid-off-form").status_code == 200
    call = stands(house, issue).call
    assert call is not None
    assert [it.bidder for it in call.offers] == [house.garden.mara.id]
    bo.submit(page, OFFER, "bid-form")
    listed = bo.get(calls).text
    assert f'{page}"' in listed
    assert "2 offers" in listed
    assert "Nothing here" in bo.get(f"{calls}?state=decided").text
    calendar = bo.get(f"/{issue.repo.full_name}/roadmap/deadlines.ics").text
    assert "offers until now" in calendar


def _vote_and_decide(house: House, issue: Issue, people: tuple[Visitor, ...]) -> None:
    ada, bo, mara = people
    garden, page = house.garden, here(issue)
    pass_time(house, 3 * DAY + timedelta(minutes=5))
    ada.sign_in(garden.ada)
    bo.sign_in(garden.bo)
    ada.submit(f"/{issue.repo.full_name}/requests/{issue.number}", {}, "vote-form")
    ada.submit(page, {"whom": [str(garden.bo.id)]}, "choose-form")
    bo.submit(page, {"whom": [str(garden.bo.id)]}, "choose-form")
    assert "1 vote" not in bo.get(page).text
    pass_time(house, 2 * DAY + timedelta(minutes=5))
    for visitor, who in ((ada, garden.ada), (bo, garden.bo), (mara, garden.mara)):
        visitor.sign_in(who)
    text = bo.get(page).text
    assert "Decided as of" in text
    assert "1 vote" in text
    assert stage(house, issue) == "in_progress"
    assert "works on it since" in bo.get(page.removesuffix("/intent")).text


def _hold_a_contest_and_claim(house: House, issue: Issue, people: tuple[Visitor, ...]) -> None:
    ada, bo, mara = people
    page = here(issue)
    bo.submit(page, form="release-form")
    house.settle()
    assert stage(house, issue) == "asked"
    mara.submit(page, {"until": "2d", "prize": "beans"}, "contest-form")
    bo.submit(page, {"words": "https://example.org"}, "submit-form")
    assert "https://example.org" in mara.get(page).text
    mara.submit(page, form="contest-off-form")
    ada.submit(page, form="claim-form")
    assert [it.who for it in stands(house, issue).claims] == [house.garden.ada.id]
    assert bo.post(f"{page}/claim", {}).status_code == 400
    bo.submit("/you/erase", {"confirm": "bo"})
    assert "/bdi> offered" in mara.get(page).text


def test_only_those_who_agreed_are_counted_named_and_mentioned_and_seldom(house: House) -> None:
    steer(house)
    garden, world = house.garden, house.world
    done = house.propose(garden.chen, files={"water/clock.py": "1\n"})
    house.settle()
    world.merge(done, garden.mara)
    house.settle()
    with Visitor(house) as bo, Visitor(house) as chen, Visitor(house) as ada:
        bo.sign_in(garden.bo)
        chen.sign_in(garden.chen)
        ada.sign_in(garden.ada)
        switch = f"agree-{garden.repo.id}"
        assert "It is off until you press" in bo.get("/you/answers").text
        bo.submit("/you/answers", {"topics": "Watering, Rust", "named": "yes"}, switch)
        chen.submit("/you/answers", {"topics": "translation"}, switch)
        house.settle()
        first = ask(house, garden.ada, "Water the beds by the clock")
        assert said(first) == [said(first)[0]]
        assert "Water the beds" in bo.get("/you/answers").text
        assert "water/clock.py" in chen.get("/you/answers").text
        text = ada.get(here(first)).text
        assert "2 people who agreed to be asked could do this." in text
        assert ">bo<" in text
        assert "chen" not in text
        assert "agreed to be asked" not in bo.get(here(first)).text
        say(house, first, garden.ada, "/intend\ntest: it runs\nuntil: 5d")
        assert "2 people who agreed to be asked could do this." in about(first, "Call for offers")
        assert "@bo, you agreed to be asked by name" in about(first, "you agreed")
        assert not any("@chen" in body for body in said(first))
        second = ask(house, garden.ada, "Water the roof")
        say(house, second, garden.ada, "/intend\ntest: it is wet\nuntil: 5d")
        assert not any("you agreed to be asked by name" in body for body in said(second))
        chen.submit("/you/answers", {}, f"stop-{garden.repo.id}")
    with house.app.read() as connection:
        people = set(connection.scalars(select(answerer.c.github_id)))
        paths = set(connection.scalars(select(answerer_path.c.github_id)))
    assert (people, paths) == ({garden.bo.id}, set())
