"""Pages for maintainers: who GitHub says maintains a repository, and nobody else, whatever fails."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.access import is_maintainer, maintained_repo
from bot.sandbox import failures
from core.web.house import public_repo
from core.web.signin import person
from tests.house import House
from tests.visitor import Visitor

GARDEN = "/potluck-sandbox/garden"
INSIDE = f"{GARDEN}/inside"
UNKNOWN = "/potluck-sandbox/nothing/inside"
PERMISSION = "/collaborators/"


@pytest.fixture
def visitor(house: House) -> Iterator[Visitor]:
    """A visitor of a site with a page for maintainers, and one with a link for them."""

    def inside(owner: str, name: str) -> str:
        return f"inside {maintained_repo(owner, name).name}"

    def link(owner: str, name: str) -> str:
        return f"link {is_maintainer(public_repo(owner, name), person())}"

    pages = house.pages
    pages.add_url_rule("/<owner>/<name>/inside", "inside", inside, methods=["GET", "POST"])
    pages.add_url_rule("/<owner>/<name>/link", "link", link)
    house.settle()
    with Visitor(house) as somebody:
        yield somebody


def test_those_who_maintain_come_in_and_others_find_nothing(
    house: House, visitor: Visitor
) -> None:
    garden, world = house.garden, house.world
    for who, role in ((garden.ada, "maintain"), (garden.bo, "push"), (garden.chen, "triage")):
        world.collaborate(garden.repo, who, role)
    nothing = visitor.get(UNKNOWN, follow=False)
    assert nothing.headers["location"] == "/sign-in?next=" + UNKNOWN.replace("/", "%2F")
    assert visitor.get(INSIDE, follow=False).status_code == nothing.status_code == 303
    assert visitor.get(f"{GARDEN}/link").text == "link False"

    for who in (garden.mara, garden.ada):
        assert visitor.sign_in(who, after=INSIDE).text == "inside potluck-sandbox/garden"
        assert visitor.get(f"{GARDEN}/link").text == "link True"
        assert visitor.get(UNKNOWN).status_code == 404
        visitor.sign_out()
    for who in (garden.bo, garden.chen, world.account("dora")):
        page = visitor.sign_in(who, after=INSIDE)
        assert page.status_code == 404
        assert page.text.replace("nothing", "garden") == visitor.get(UNKNOWN).text.replace(
            "nothing", "garden"
        )
        assert visitor.get(f"{GARDEN}/link").text == "link False"
        visitor.sign_out()


def test_a_private_repository_opens_to_its_maintainers_alone(
    house: House, visitor: Visitor
) -> None:
    house.world.set_private(house.garden.repo, private=True)
    house.settle()

    assert visitor.sign_in(house.garden.mara, after=INSIDE).status_code == 200
    assert visitor.get(f"{GARDEN}/link").status_code == 404
    visitor.sign_out()
    assert visitor.sign_in(house.garden.ada, after=INSIDE).status_code == 404


def test_a_login_that_changed_hands_gives_its_new_owners_role_to_nobody_else(
    house: House, visitor: Visitor
) -> None:
    chen = house.garden.chen
    visitor.sign_in(chen)
    house.world.rename_account(chen, "chen-wei")
    other = house.world.account("chen")
    house.world.collaborate(house.garden.repo, other, "admin")

    assert visitor.get(INSIDE).status_code == 404
    with Visitor(house) as rightful:
        assert rightful.sign_in(other, after=INSIDE).status_code == 200


def test_a_name_that_another_repository_took_opens_nothing(house: House, visitor: Visitor) -> None:
    chen, world, garden = house.garden.chen, house.world, house.garden
    world.rename_repository(garden.repo, "park")
    taken = world.repository(garden.organization, "garden")
    world.collaborate(taken, chen, "admin")

    # We have not heard of either yet.
    assert visitor.sign_in(chen, after=INSIDE).status_code == 404
    visitor.sign_out()
    assert visitor.sign_in(garden.mara, after=INSIDE).status_code == 404


@pytest.mark.parametrize(
    "how", [failures.status(500), failures.secondary(), failures.malformed(), failures.reset()]
)
def test_nobody_gets_a_role_because_github_fails(
    house: House, visitor: Visitor, how: failures.How
) -> None:
    visitor.sign_in(house.garden.mara)
    house.sandbox.fail("GET", PERMISSION, how, times=1)

    assert visitor.get(INSIDE).status_code == 503
    # The page for everybody does not wait for GitHub meanwhile, and shows no link.
    with house.calls() as seen:
        assert visitor.get(f"{GARDEN}/link").text == "link False"
    assert seen == []
    house.advance(timedelta(minutes=1))
    assert visitor.get(INSIDE).status_code == 200


def test_a_role_is_remembered_for_a_minute_and_no_longer(house: House, visitor: Visitor) -> None:
    mara, repo = house.garden.mara, house.garden.repo
    visitor.sign_in(mara, after=INSIDE)
    house.world.collaborate(repo, mara, "push")
    house.advance(timedelta(seconds=59))
    with house.calls() as seen:
        assert visitor.get(INSIDE).status_code == 200
    assert seen == []

    house.advance(timedelta(seconds=1))

    assert visitor.get(INSIDE).status_code == 404


def test_a_form_for_maintainers_is_not_taken_from_somebody_who_is_not_signed_in(
    house: House, visitor: Visitor
) -> None:
    visitor.sign_in(house.garden.mara)
    token = visitor.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]
    assert visitor.post(INSIDE, {"csrf_token": token}).status_code == 200
    house.advance(timedelta(hours=12))

    page = visitor.post(INSIDE, {"csrf_token": token})

    assert page.status_code == 403
    assert "You are not signed in any more" in page.text
