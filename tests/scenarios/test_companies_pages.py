"""Companies on the pages: from the manager's signature to the green check of an employee, and back."""

from datetime import timedelta

from sqlalchemy import select

from bot.sandbox import failures
from bot.sandbox.records import PullRequest
from licensing.companies.tables import company
from tests.house import House
from tests.scenarios.agreement import conclusion, mine, set_rules
from tests.scenarios.company_pages import (
    PAGE,
    SIGNS,
    ada,
    bo,
    ended,
    joined,
    listed,
    listings,
    pull,
    signed,
    whole,
)
from tests.scenarios.merging import land, told
from tests.visitor import Visitor

__all__ = ["ada", "bo", "pull"]


def test_a_company_covers_an_employee_whom_it_lists_until_it_ends_that(
    house: House, bo: Visitor, ada: Visitor, pull: PullRequest
) -> None:
    assert f"{PAGE}" in house.comments(pull)[0]
    assert conclusion(house, pull) == "action_required"
    here = signed(house, bo)
    listed(bo, here, "person", "ada")
    house.settle()
    assert conclusion(house, pull) == "action_required"

    joined(ada, house.garden.ada, here)
    house.settle()

    assert conclusion(house, pull) == "success"
    assert "covered by `Bar Ltd`" in (house.check(pull).summary or "")
    shown = bo.get(here).text
    assert "ada" in shown
    (number,) = listings(house, "person")
    ended(bo, here, number)
    house.settle()
    assert conclusion(house, pull) == "action_required"
    assert "left the company" in bo.get(here).text
    assert whole(house)


def test_a_domain_covers_whoever_has_a_verified_address_on_it(
    house: House, bo: Visitor, ada: Visitor, pull: PullRequest
) -> None:
    house.world.add_email(house.garden.ada, "ada@help.bar.com")
    here = signed(house, bo)
    listed(bo, here, "domain", "bar.com")
    page = ada.sign_in(house.garden.ada, addresses=True, after=f"{here}/join")
    assert page.status_code == 403
    assert "Bar Ltd" not in page.text  # nobody learns of a company that does not list them

    listed(bo, here, "domain", "*.BAR.com")
    joined(ada, house.garden.ada, here)
    house.settle()

    assert conclusion(house, pull) == "success"
    first, second = listings(house, "domain")
    ended(bo, here, first)
    house.settle()
    assert conclusion(house, pull) == "success"
    ended(bo, here, second, person=str(house.garden.ada.id))
    house.settle()
    assert conclusion(house, pull) == "action_required"


def test_an_address_that_github_has_not_verified_covers_nobody(
    house: House, bo: Visitor, ada: Visitor
) -> None:
    house.settle()
    house.world.add_email(house.garden.ada, "ada@bar.com", verified=False)
    here = signed(house, bo)
    listed(bo, here, "domain", "bar.com")

    page = ada.sign_in(house.garden.ada, addresses=True, after=f"{here}/join")

    assert page.status_code == 403
    assert "No company lists you here" in page.text


def test_a_team_covers_its_members_until_a_look_finds_that_they_left(
    house: House, bo: Visitor, ada: Visitor, pull: PullRequest
) -> None:
    team = house.world.team(house.garden.organization, "staff", house.garden.bo)
    here = signed(house, bo)
    listed(bo, here, "team", "Potluck-Sandbox/staff")
    assert ada.sign_in(house.garden.ada, after=f"{here}/join").status_code == 403
    team.members[house.garden.ada.id] = house.garden.ada
    assert ada.get(f"{here}/join").status_code == 403, "asked for again after a minute"
    house.advance(timedelta(minutes=1))
    with house.calls() as seen:
        joined(ada, house.garden.ada, here)
        ada.get(f"{here}/join")
    assert sum("/team/" in call.path for call in seen) == 2, "to be shown, and to be sure"
    house.settle()
    assert conclusion(house, pull) == "success"

    house.sandbox.fail("GET", r"/team/\d+/members", failures.status(502), times=3)
    house.tick("check_companies")
    house.happen()
    assert conclusion(house, pull) == "success"
    house.settle()
    assert conclusion(house, pull) == "success"
    del team.members[house.garden.ada.id]
    house.tick("check_companies")
    house.settle()

    assert conclusion(house, pull) == "action_required"
    assert "is not in the team any more" in bo.get(here).text
    assert ada.get(f"{here}/join").status_code == 403
    house.advance(timedelta(minutes=1))
    team.members[house.garden.ada.id] = house.garden.ada
    joined(ada, house.garden.ada, here)
    house.settle()
    assert conclusion(house, pull) == "success"
    assert whole(house)


def of_the_new_one(house: House, manager: Visitor, here: str) -> None:
    """A team that took the name of another covers its members by an entry of its own."""
    with Visitor(house) as chen:
        page = chen.sign_in(house.garden.chen, after=f"{here}/join")
        assert page.status_code == 403
        listed(manager, here, "team", "potluck-sandbox/staff")
        assert len(set(listings(house, "team"))) == 2
        house.advance(timedelta(minutes=1))
        joined(chen, house.garden.chen, here)


def test_a_team_that_is_gone_covers_nobody_from_then_on_and_its_manager_is_told(
    house: House, bo: Visitor, ada: Visitor, pull: PullRequest
) -> None:
    garden = house.garden
    team = house.world.team(garden.organization, "staff", garden.bo, garden.ada)
    here = signed(house, bo)
    listed(bo, here, "team", "potluck-sandbox/staff")
    ada.sign_in(garden.ada)
    joined(ada, garden.ada, here)
    house.settle()
    assert conclusion(house, pull) == "success"
    house.sandbox.fail("GET", r"/team/\d+/members", failures.status(404), times=1)
    house.tick("check_companies")
    house.settle()
    assert conclusion(house, pull) == "success", "one wrong 404 ends nobody"
    assert "A team is gone" not in bo.get(here).text

    house.world.rename_team(team, "crew")
    house.world.team(garden.organization, "staff", garden.bo, garden.chen)
    house.tick("check_companies")
    house.settle()
    assert conclusion(house, pull) == "success", "a new name, and another team under the old one"
    of_the_new_one(house, bo, here)

    house.advance(timedelta(minutes=1))
    del house.world.teams[garden.organization.id, "crew"]
    house.tick("check_companies")
    house.settle()

    assert conclusion(house, pull) == "action_required"
    page = bo.get(here).text
    assert "A team is gone" in page
    assert "there is no such team any more" in page
    assert whole(house)
    house.tick("check_companies")
    house.settle()
    assert bo.get(here).text.count("there is no such team any more") == 1


def test_whoever_acknowledged_a_company_takes_it_back_from_then_on(
    house: House, bo: Visitor, ada: Visitor, pull: PullRequest
) -> None:
    garden = house.garden
    here = signed(house, bo)
    listed(bo, here, "person", str(garden.ada.id))
    ada.sign_in(garden.ada)
    joined(ada, garden.ada, here)
    house.settle()
    land(house, pull)
    later = mine(house)
    assert conclusion(house, later) == "success"

    page = ada.get("/you")
    form = next(one for one in page.text.split('"') if one.startswith("leave-"))
    done = ada.fill_in(page, form=form)
    assert "You took it back" in done.text
    house.settle()

    assert conclusion(house, later) == "action_required"
    assert told(house, pull) == [(garden.ada.id, "author", "company")]
    assert "taken back on" in bo.get(here).text
    house.advance(timedelta(minutes=1))
    joined(ada, garden.ada, here)
    house.settle()
    assert conclusion(house, later) == "success"
    assert whole(house)


def test_only_a_verified_address_on_a_domain_of_its_own_proves_a_company(
    house: House, bo: Visitor
) -> None:
    house.settle()
    house.world.add_email(house.garden.bo, "bo@gmail.com")
    house.world.add_email(house.garden.bo, "evil@bar.com", verified=False)
    page = bo.sign_in(house.garden.bo, addresses=True, after=PAGE)
    not_mine = "Choose one of the addresses that GitHub has verified"
    for address, said in (
        ("bo@example.org", not_mine),
        ("evil@bar.com", not_mine),
        ("bo@gmail.com", "Anybody can have an address at this provider"),
    ):
        answer = bo.fill_in(page, {**SIGNS, "address": address}, form="company")
        assert answer.status_code == 422, address
        assert said in answer.text, address

    with house.app.read() as connection:
        assert connection.execute(select(company)).all() == []


def test_a_text_that_changed_is_refused_and_shown_anew(house: House, bo: Visitor) -> None:
    house.settle()
    page = bo.sign_in(house.garden.bo, addresses=True, after=PAGE)
    set_rules(house, 'mode = "cla"', 'version = "2.0"', **{"CLA.md": "All new terms.\n"})
    house.settle()

    answer = bo.fill_in(page, {"address": "bo@bar.com", **SIGNS}, form="company")

    assert answer.status_code == 409
    assert "All new terms." in answer.text
    done = bo.fill_in(answer, {"address": "bo@bar.com", **SIGNS}, form="company")
    assert done.url.path.startswith(f"{PAGE}/")
