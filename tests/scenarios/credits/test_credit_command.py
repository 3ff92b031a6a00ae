"""`/credit` in comments: several people and kinds in a line, who may, what is refused and how."""

from typing import Any

from bot.credits import store
from bot.credits.store import Credit
from bot.sandbox.records import Account
from tests.house import House
from tests.scenarios.agreement import replay
from tests.scenarios.asking import ask, person, said, say, steer
from tests.visitor import Visitor

GARDEN = "/potluck-sandbox/garden"


def credits_of(house: House) -> tuple[Credit, ...]:
    with house.app.read() as connection:
        return store.of_repo(connection, house.garden.repo.id)


def shown(house: House) -> list[tuple[int, str]]:
    return [(one.github_id, one.kind) for one in store.standing(credits_of(house))]


def edit(house: House, comment: Any, body: str, who: Account) -> None:
    house.world.edit_comment(comment, who, body)
    house.settle()


def test_credit_in_one_line_for_several_and_taken_back(house: House) -> None:
    steer(house)
    garden, issue = house.garden, ask(house, house.garden.ada)
    line = "/credit @Bo for docs, user testing and @chen for design"
    say(house, issue, garden.ada, "/uncredit @bo for docs")
    assert "for those who may write" in said(issue)[-1]
    comment = say(house, issue, garden.mara, f"> {line}\n\n`{line}`\n\n/credit @bo for dcos")
    assert "`dcos` is no kind of contribution. Did you mean `doc`?" in said(issue)[-1]
    assert credits_of(house) == ()

    edit(house, comment, line, garden.mara)
    bo, chen = garden.bo.id, garden.chen.id
    assert shown(house) == [(bo, "doc"), (bo, "userTesting"), (chen, "design")]
    assert "- `bo`: Documentation, User testing\n- `chen`: Design" in said(issue)[-1]
    first = credits_of(house)[0]
    assert (first.deed, first.subject, first.by_id) == ("given", "issues/1", garden.mara.id)
    assert first.evidence == f"comment:{comment.id}"

    # Heard again it is the same; a bot, an organisation and nobody get none, the others do.
    replay(house, 7)
    others = f"@{garden.organization.login}, @dependabot[bot], @nobody-here"
    say(house, issue, garden.mara, f"/credit @bo and {others} for code")
    assert shown(house)[3:] == [(bo, "code")]
    assert "`nobody-here` now." in said(issue)[-1]
    assert said(issue)[-1].count("is no person") == 2

    say(house, issue, garden.mara, "/uncredit @bo for code and docs")
    assert shown(house) == [(bo, "userTesting"), (chen, "design")]
    assert [one.taken_back_at is not None for one in credits_of(house)] == [
        True,
        False,
        False,
        True,
    ]
    say(house, issue, garden.mara, "/uncredit @bo for code")
    assert "nothing to take back" in said(issue)[-1]


def test_who_may_not_credit_nominates_and_a_maintainer_decides(house: House) -> None:
    steer(house)
    garden, issue = house.garden, ask(house, house.garden.ada)
    say(
        house,
        issue,
        garden.ada,
        "/credit @bo for docs, design and @chen for code, @nobody-here ideas",
    )
    assert "a maintainer decides:" in said(issue)[-1]
    assert "- `bo`: Documentation, Design\n- `chen`: Coding" in said(issue)[-1]
    say(house, issue, garden.ada, "/credit @bo for docs")
    assert "this was said before" in said(issue)[-1]
    replay(house, 7)
    assert credits_of(house) == ()
    many = " ".join(f"@{person(house, at).login}" for at in range(10))
    say(house, issue, garden.ada, f"/credit {many} for docs, code")
    assert "20 of your nominations wait" in said(issue)[-1]
    path, public = f"{GARDEN}/maintain/credits", f"{GARDEN}/contributors"
    with Visitor(house) as ada, Visitor(house) as mara:
        ada.sign_in(garden.ada)
        assert ada.get(path).status_code in {403, 404}
        assert "Documentation" not in ada.get(public).text
        mara.sign_in(garden.mara)
        assert "Nominated by people who may not credit" in mara.get(path).text
        mara.submit(path, {"deed": "accepted"}, form_id(mara, path))
        mara.submit(path, {"deed": "declined"}, form_id(mara, path))
        say(house, issue, garden.mara, "/credit @chen for code")
        assert "nomination-" not in mara.get(path).text
        page = mara.get(public).text
    assert shown(house) == [(garden.bo.id, "doc"), (garden.chen.id, "code")]
    assert {one.by_id for one in credits_of(house)} == {garden.mara.id}
    assert ("Documentation" in page, "Design" in page) == (True, False)


def form_id(visitor: Visitor, path: str) -> str:
    """Give the first nomination that is to be decided."""
    number = visitor.get(path).text.partition('id="nomination-')[2].partition('"')[0]
    return f"nomination-{number}"


def test_a_credit_belongs_to_the_account_and_fifty_at_once_are_no_conflict(house: House) -> None:
    steer(house)
    garden, issue = house.garden, ask(house, house.garden.ada)
    for first in range(0, 50, 10):
        logins = " ".join(f"@{person(house, first + number).login}" for number in range(10))
        house.world.comment(issue, garden.mara, f"/credit {logins} for test")
    house.settle()
    assert len(shown(house)) == 50

    say(house, issue, garden.mara, "/credit @PERSON-1 for test, tests")
    one = person(house, 1)
    again = [kind for github_id, kind in shown(house) if github_id == one.id]
    assert again == ["test", "test"]
    house.world.rename_account(one, "renamed")
    house.world.account("person-1", id=60_001)
    say(house, issue, garden.mara, "/credit @person-1 for docs and @renamed for code")
    assert [kind for github_id, kind in shown(house) if github_id == one.id][2:] == ["code"]
