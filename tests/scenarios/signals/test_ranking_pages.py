"""Own orders on the page: fields, arrows, ties, what is refused, and what all orders say."""

import re

from tests.house import House
from tests.scenarios.roadmap import HOME, close, join, switch_on, wish
from tests.scenarios.signals.test_ranking_comments import order, result
from tests.visitor import Visitor

MINE, FORM = f"{HOME}/mine", "order-form"


def _by_fields_and_arrows(house: House, hers: Visitor) -> None:
    ada = house.garden.ada
    places = {"place-61": "2", "place-62": "2", "place-63": "1", "place-64": "1"}
    page = hers.submit(MINE, places, FORM)
    assert "Your order is kept." in page.text
    assert order(house, ada) == [[63], [61, 62]]
    hers.fill_in(page, {"move": "up:62"}, FORM)
    assert order(house, ada) == [[63], [62], [61]]
    hers.submit(MINE, {"move": "up:62"}, FORM)
    page = hers.submit(MINE, {"move": "down:63"}, FORM)
    assert order(house, ada) == [[62], [61], [63]]
    assert re.search('value="down:63" autofocus', page.text)
    again = hers.fill_in(page, {"place-61": ""}, FORM)
    assert order(house, ada) == [[62], [63]]
    hers.fill_in(page, {"place-61": "1"}, FORM)  # the same form once more: it was sent
    assert order(house, ada) == [[62], [63]]
    for bad in ("x", "-1", "1.5", "1000", "9" * 30, "²"):
        answer = hers.fill_in(again, {"place-63": bad}, FORM)
        assert (answer.status_code, "Nothing is kept yet" in answer.text) == (422, True), bad


def test_somebody_orders_what_they_voted_for_and_the_signal_stands_apart(house: House) -> None:
    switch_on(house)
    ada, bo = house.garden.ada, house.garden.bo
    for number, title in ((61, "Sow beans"), (62, "Dig a pond"), (63, "Buy tea"), (64, "Ducks")):
        wish(house, number, title, number - 50)
    with Visitor(house) as hers, Visitor(house) as his:
        assert "/login" in str(hers.get(MINE).url)
        hers.sign_in(ada)
        his.sign_in(bo)
        assert "Nothing to put in order yet" in hers.get(MINE).text
        for number in (61, 62, 63):
            hers.submit(f"{HOME}/{number}", {}, "vote-form")
        his.submit(f"{HOME}/62", {}, "vote-form")
        his.submit(f"{HOME}/64", {}, "vote-form")

        _by_fields_and_arrows(house, hers)
        his.submit(MINE, {"place-64": "1", "place-62": "2"}, FORM)
        house.settle()
        assert result(house) == [
            (62, 2, 1, 1.5, 1, 2),
            (64, 1, 1, 1.0, 1, 2),
            (63, 1, 0, 2.0, 2, 1),
        ]

        said = hers.get(f"{HOME}/62").text
        assert "1 person of 2" in said
        assert '<span class="figure">14</span>' in said  # twelve, Ada and Bo: orders add nothing
        assert "Dig a pond" in hers.get(f"{HOME}/ranking").text
        hers.submit(MINE, {}, "withdraw-form")
        assert order(house, ada) == []
        assert "You have no order here now." in hers.get(f"{MINE}?done=unordered").text


def test_an_order_speaks_of_what_is_open_joined_and_voted_for(house: House) -> None:
    switch_on(house)
    ada = house.garden.ada
    one, two, three = (wish(house, 61 + n, f"Wish number {n}") for n in range(3))
    with Visitor(house) as hers:
        hers.sign_in(ada)
        for number in (61, 62, 63):
            hers.submit(f"{HOME}/{number}", {}, "vote-form")
        hers.submit(MINE, {"place-61": "1", "place-62": "2", "place-63": "3"}, FORM)
        house.settle()
        assert [row[0] for row in result(house)] == [61, 62, 63]
        join(house, three, one)
        assert order(house, ada) == [[61], [62]]
        close(house, two)
        assert order(house, ada) == [[61]]
        hers.submit(f"{HOME}/61", {"choice": "withdrawn"}, "vote-form")
        assert order(house, ada) == []
        house.tick("sweep_votes")
        house.settle()
        assert result(house) == []
