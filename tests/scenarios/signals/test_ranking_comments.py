"""Own orders by comment: what is heard, what is refused, and what all of them say."""

from datetime import timedelta

from bot.roadmap.ranking import counting, store
from bot.sandbox.records import Account, Issue
from tests.house import House
from tests.scenarios.asking import acts, ask, said, say, steer, sweep


def answer_to(issue: Issue, who: Account) -> str:
    (found,) = (body for body in said(issue) if f"@{who.login}," in body)
    return found


def order(house: House, who: Account) -> list[list[int]]:
    with house.app.read() as connection:
        mine = store.mine(connection, house.garden.repo.id, who.id)
    return store.grouped(mine)


def result(house: House) -> list[tuple[int, int, int, float, int | None, int]]:
    """Give (number, lists, firsts, median, place, shared), best first."""
    with house.app.read() as connection:
        found = counting.result(connection, house.garden.repo.id)
    return [
        (number, it.lists, it.firsts, it.median, it.place, it.shared)
        for _title, number, it in found
    ]


def _refused(house: House, one: Issue, two: Issue) -> None:
    """What is no order, or names what one did not vote for, is answered and kept nowhere."""
    ada, bo, a, b = house.garden.ada, house.garden.bo, one.number, two.number
    for words, answer in (
        ("/rank", "I could not read your order"),
        (f"/rank #{a} = = #{b}", "I could not read your order"),
        (f"/rank #{a} #999", "no request of this project: #999"),
    ):
        say(house, one, bo, words)
        assert answer in said(one)[-1], words
    say(house, one, ada, f"/rank #{a} #{b}")
    assert f"you have no vote on #{a}, #{b}" in answer_to(one, ada)
    assert order(house, ada) == order(house, bo) == []


def test_orders_by_comment_are_kept_counted_apart_and_undone_with_the_comment(
    house: House,
) -> None:
    steer(house)
    ada, bo, chen = house.garden.ada, house.garden.bo, house.garden.chen
    one, two, three = (ask(house, ada, title) for title in ("Sow beans", "Dig a pond", "Buy tea"))
    for issue in (one, two, three):
        house.world.react(issue, bo)
        house.world.react(issue, chen)
    sweep(house)
    a, b, c = one.number, two.number, three.number

    _refused(house, one, two)

    first = say(house, one, bo, f"/rank #{a} > #{b}, #{c}\n/rank #{c} #{a} = {b}")
    assert f"@bo, your order is kept: #{c} > #{a} = #{b}." in answer_to(one, bo)
    assert order(house, bo) == [[c], [a, b]]
    say(house, two, chen, f"> /rank #{a} #{b}\n\n/rank #{b} {a}")
    assert result(house) == [(b, 2, 1, 1.5, 1, 2), (c, 1, 1, 1.0, 1, 2), (a, 2, 0, 2.0, 2, 1)]

    house.advance(timedelta(minutes=1))
    house.world.edit_comment(first, bo, f"/rank #{a} #{c}")
    house.settle()
    assert order(house, bo) == [[a], [c]]
    house.world.edit_comment(first, house.garden.mara, f"/rank #{c}")
    house.settle()
    assert order(house, bo) == [[a], [c]]
    assert {number: place for number, *_rest, place, _ in result(house)} == {a: 1, b: 1, c: 2}
    house.world.close(three, ada)
    house.settle()
    assert order(house, bo) == [[a]]
    sweep(house)
    assert [number for number, *_rest in result(house)] == [a, b]
    say(house, one, bo, f"/rank #{c}")
    assert f"nothing to put in order any more: #{c}" in answer_to(one, bo)
    house.world.reopen(three, ada)
    house.world.delete_comment(first, bo)
    house.settle()
    assert order(house, bo) == []
    assert acts(house) == 6 + 4  # votes; Bo's order, the edited one and its end, and Chen's
