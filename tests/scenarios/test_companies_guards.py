"""Companies on the pages: dates, managers, and forms that somebody else filled in."""

import re
from datetime import timedelta

from sqlalchemy import delete, func, select

from bot import people
from bot.sandbox import failures
from bot.sandbox.records import PullRequest
from licensing.companies.acts import MOST_FOUNDED
from licensing.companies.tables import acknowledgement, company, company_contact, company_listing
from tests.house import House
from tests.scenarios.agreement import conclusion
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
from tests.visitor import Visitor

__all__ = ["ada", "bo", "pull"]

HOSTILE = (
    ({"who": "evilbar.com", "rule": "domain"}, "Write bar.com"),
    ({"who": "*.com", "rule": "domain"}, "Write bar.com"),
    ({"who": "nobody-here", "rule": "person"}, "No person on GitHub"),
    ({"who": "dependabot[bot]", "rule": "person"}, "No person on GitHub"),
    ({"who": "9" * 40, "rule": "person"}, "No person on GitHub"),
    ({"who": "../../etc", "rule": "person"}, "No person on GitHub"),
    (
        {"who": "potluck-sandbox/none", "rule": "team"},
        "There is no such team, or you are not in it",
    ),
    ({"who": "elsewhere/staff", "rule": "team"}, "ORGANISATION/TEAM"),
    ({"who": "a/b/c", "rule": "team"}, "ORGANISATION/TEAM"),
    ({"who": "bo", "rule": "manager"}, "You act for the company already"),
    ({"who": "ada", "rule": "everybody"}, "Choose what kind"),
    ({"who": "", "rule": "person"}, "Fill this in"),
    ({"who": "x" * 5000, "rule": "domain"}, "longer than 200"),
    ({"who": "bar\u202e.com", "rule": "domain"}, "nobody can see"),
    ({"who": "ada", "from": "2026-02-30"}, "no date"),
    ({"who": "ada", "from": "2026-12-02", "until": "2026-12-01"}, "before the first"),
    ({"who": "ada", "until": "2001-01-01"}, "over already"),
)


def count(house: House, table: object) -> int:
    with house.app.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type] # a table


def test_an_entry_covers_from_its_first_day_to_its_last(
    house: House, bo: Visitor, ada: Visitor, pull: PullRequest
) -> None:
    here = signed(house, bo)
    tomorrow = (house.now + timedelta(days=1)).date().isoformat()
    # A rule may begin later: the person can say so already.
    listed(bo, here, "person", str(house.garden.ada.id), **{"from": tomorrow, "until": tomorrow})
    joined(ada, house.garden.ada, here, covered=False)
    assert "You have said that this is right" in ada.get(f"{here}/join").text
    house.settle()
    assert conclusion(house, pull) == "action_required"

    for passed, wanted in ((1, "success"), (2, "action_required")):
        house.advance(timedelta(days=1))
        house.tick("check_companies")
        house.settle()
        assert conclusion(house, pull) == wanted, passed


def test_ones_own_signature_is_not_touched_by_the_companys_end(
    house: House, bo: Visitor, ada: Visitor, pull: PullRequest
) -> None:
    here = signed(house, bo)
    listed(bo, here, "person", "ada")
    joined(ada, house.garden.ada, here)
    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()
    ended(bo, here, listings(house, "person")[0])
    house.settle()

    assert conclusion(house, pull) == "success"
    assert "✅ signed" in (house.check(pull).summary or "")


def signless(page: str) -> str:
    """Leave the token of the form away: it is signed anew with each second."""
    return re.sub(r'(?<=name="csrf_token" value=")[^"]*', "", page)


def test_only_managers_see_a_company_and_a_second_one_takes_it_on(
    house: House, bo: Visitor, ada: Visitor
) -> None:
    house.settle()
    here = signed(house, bo)
    ada.sign_in(house.garden.ada)
    for path in (here, f"{here}/end/{listings(house, 'manager')[0]}", f"{PAGE}?renew=2"):
        assert ada.get(path).status_code == 404
    assert ada.get(f"{PAGE}/4711/join").status_code == 403
    hidden, none = (signless(ada.get(f"{at}/join").text) for at in (here, f"{PAGE}/4711"))
    assert none.replace("4711", here[-1]) == hidden

    listed(bo, here, "manager", "ada")
    listed(bo, here, "person", "ada")
    forged = ada.submit(f"{here}/join", {"role": "manager"}, form="join")
    assert "Your address at the company is not proven" in forged.text
    assert ada.get(here).status_code == 404
    asked = ada.get(f"{here}/join")
    assert "you need an address on bar.com" in asked.text
    house.world.add_email(house.garden.ada, "ada@bar.com")
    ada.sign_out()
    asked = ada.sign_in(house.garden.ada, addresses=True, after=f"{here}/join")
    taken = ada.fill_in(asked, form="manage")
    assert taken.url.path == here
    assert taken.status_code == 200

    # Nobody whom we know by name is called by a number, however long ago we asked GitHub.
    with house.app.write() as connection:
        connection.execute(delete(people.account))
    shown = taken.text + ada.get(here).text
    assert "#" not in "".join(re.findall(r"<bdi>(.*?)</bdi>", shown))
    assert ada.get(here).text.count("<bdi>ada</bdi>") >= 2

    first, second = listings(house, "manager")
    ended(ada, here, first)
    assert bo.get(here).status_code == 404
    refused = ada.submit(f"{here}/end/{second}", {"reason": "left"}, form="end")
    assert refused.status_code == 422
    assert "Add another manager first" in refused.text


def test_sending_twice_writes_once(house: House, bo: Visitor, ada: Visitor) -> None:
    house.settle()
    page = bo.sign_in(house.garden.bo, addresses=True, after=PAGE)
    fields = {"address": "bo@bar.com", **SIGNS}
    here = bo.fill_in(page, fields, form="company").url.path
    assert bo.fill_in(page, fields, form="company").url.path == here
    for _ in range(2):
        listed(bo, here, "person", "ada")
    join = ada.sign_in(house.garden.ada, after=f"{here}/join")
    for _ in range(2):
        assert ada.fill_in(join, form="join").status_code == 200
    (number,) = listings(house, "person")
    form = bo.get(f"{here}/end/{number}")
    for _ in range(2):
        assert bo.fill_in(form, form="end").url.path == here

    assert [count(house, one) for one in (company, company_listing, acknowledgement)] == [1, 2, 1]
    assert whole(house)


def test_a_form_made_for_another_account_writes_nothing(
    house: House, bo: Visitor, ada: Visitor
) -> None:
    house.settle()
    page = bo.sign_in(house.garden.bo, addresses=True, after=PAGE)
    bo.sign_out()
    house.world.add_email(house.garden.ada, "ada@bar.com")
    ada.sign_in(house.garden.ada, addresses=True)
    mine = ada.get(PAGE)
    token = page.text.split('name="shown" value="')[1].split('"')[0]

    answer = ada.fill_in(mine, {"address": "ada@bar.com", **SIGNS, "shown": token}, form="company")

    assert answer.status_code == 400
    assert "That form was not made for you" in answer.text
    assert count(house, company) == 0


def test_a_hostile_entry_is_answered_by_a_sentence_and_writes_nothing(
    house: House, bo: Visitor
) -> None:
    house.settle()
    here = signed(house, bo)
    page = bo.get(here)

    for fields, said in HOSTILE:
        answer = bo.fill_in(page, fields, form="add")
        assert answer.status_code == 422, fields
        assert said in answer.text, fields

    assert count(house, company_listing) == 1


def test_nobody_is_listed_or_covered_because_github_failed(
    house: House, bo: Visitor, ada: Visitor
) -> None:
    house.settle()
    team = house.world.team(house.garden.organization, "staff", house.garden.ada, house.garden.bo)
    here = signed(house, bo)
    house.sandbox.fail("GET", "/users/ada", failures.status(502))
    answer = bo.submit(here, {"rule": "person", "who": "ada"}, form="add")
    assert (answer.status_code, "GitHub does not answer" in answer.text) == (422, True)
    listed(bo, here, "team", "potluck-sandbox/staff")
    join = ada.sign_in(house.garden.ada, after=f"{here}/join")
    assert team.members
    house.sandbox.fail("GET", r"/team/\d+/members", failures.status(502), times=2)

    answer = ada.fill_in(join, form="join")

    assert answer.status_code == 503
    assert count(house, acknowledgement) == 0


def test_only_whoever_is_in_a_team_or_runs_its_organisation_lists_it(
    house: House, bo: Visitor
) -> None:
    house.settle()
    house.world.team(house.garden.organization, "secret", house.garden.ada)
    here = signed(house, bo)
    told = [
        bo.submit(here, {"rule": "team", "who": f"potluck-sandbox/{slug}"}, form="add")
        for slug in ("secret", "no-such-team")
    ]

    assert [answer.status_code for answer in told] == [422, 422]
    assert all("There is no such team, or you are not in it" in one.text for one in told)
    house.world.add_email(house.garden.mara, "mara@bar.com")
    with Visitor(house) as mara:
        page = mara.sign_in(house.garden.mara, addresses=True, after=PAGE)
        mine = mara.fill_in(page, {"address": "mara@bar.com", **SIGNS}, form="company")
        listed(mara, mine.url.path, "team", "potluck-sandbox/secret")


def test_addresses_and_positions_stand_beside_the_chain_only(house: House, bo: Visitor) -> None:
    house.settle()
    signed(house, bo, title="Head of everything")

    with house.app.read() as connection:
        kept = connection.execute(select(company_contact)).one()
    assert (kept.address, kept.title) == ("bo@bar.com", "Head of everything")
    assert whole(house)


def test_one_person_signs_for_a_bounded_number_of_companies(house: House, bo: Visitor) -> None:
    house.settle()
    signed(house, bo)
    page = bo.get(PAGE)
    told = {"address": "bo@bar.com", **SIGNS}
    for number in range(1, MOST_FOUNDED):
        bo.fill_in(page, told | {"name": f"Bar {number}"}, form="company", follow=False)
    assert count(house, company) == MOST_FOUNDED

    answer = bo.fill_in(page, told | {"name": "One more"}, form="company")

    assert answer.status_code == 409
    assert "You have signed for very many companies" in answer.text
    assert count(house, company) == MOST_FOUNDED
    assert bo.fill_in(page, told | {"name": "Bar 1"}, form="company").status_code == 200
