"""New versions: what was green stays so, whoever is asked anew is shown what changed for them."""

from datetime import timedelta

from bot import rechecks, tasks
from bot.sandbox.records import Account
from bot.signing.acts import Occasion
from licensing import signing, store
from tests.house import House
from tests.scenarios.agreement import conclusion, mine, offer, set_rules, sign
from tests.scenarios.merging import land, ledger

FIRST = "# Agreement\n\n1. You keep your rights.\n2. We may use it.\n"
SECOND = "# Agreement\n\n1. You keep your rights.\n2. We may use and sell it.\n"
TRAP = "# Agreement\n\n```\n@everyone </details>\n```\n"


def begin(house: House, text: str = FIRST) -> None:
    """Put a short text in force, as version 1.1."""
    house.settle()
    set_rules(house, 'version = "1.1"', **{"CLA.md": text})
    house.settle()
    house.advance(timedelta(minutes=5))


def publish(house: House, version: str, text: str) -> None:
    set_rules(house, f'version = "{version}"', **{"CLA.md": text})
    house.settle()
    house.advance(timedelta(minutes=5))


def page(house: House, rest: str) -> tuple[int, str]:
    answer = house.pages.test_client().get(f"/{house.garden.repo.full_name}/cla{rest}")
    return answer.status_code, answer.get_data(as_text=True)


def withdraw(house: House, person: Account) -> None:
    act = signing.Withdrawal(person.id, person.id, "changed", house.now)
    with house.app.write() as connection:
        version = store.agreement_in_force(connection, house.garden.repo.id)
        assert version is not None
        signing.withdraw(connection, version.agreement_id, act, house.now)
        for task in rechecks.after_act(
            Occasion(house.now), connection, version.agreement_id, person.id
        ):
            tasks.put(connection, task, house.now)
    house.settle()


def test_a_new_major_shows_each_person_what_changed_since_they_signed(house: House) -> None:
    ada, bo = house.garden.ada, house.garden.bo
    sign(house, bo)
    begin(house)
    sign(house, ada)
    publish(house, "2.0", SECOND)
    pull = offer(house, ada, {"author": ada}, {"author": bo}, {"author": house.garden.chen})
    house.settle()

    (comment,) = house.comments(pull)
    for said in (comment, house.check(pull).summary or ""):
        ours = "-2. We may use it.\n+2. We may use and sell it.\n"
        assert "[ada](" in said
        assert "you signed version 1.1 of it. [What has changed since](" in said
        assert ours in said
        assert said.index("you signed version 1.0") < said.index("you signed version 1.1")
        assert "chen](" not in said.partition("you signed version")[2].partition("```\n\n</det")[0]
    assert "/cla/changes/1.1...2.0)" in comment
    status, shown = page(house, "/changes/1.1...2.0")
    assert (status, "and sell" in shown) == (200, True)
    assert "whoever signed the older version is asked again" in shown
    assert page(house, "/changes/1.0...2.0")[0] == 200
    assert page(house, "/changes/1.1...3.0")[0] == 404


def test_what_was_green_stays_so_until_its_commits_change(house: House) -> None:
    ada, bo = house.garden.ada, house.garden.bo
    begin(house)
    sign(house, ada)
    green, red = mine(house), offer(house, ada, {"author": ada}, {"author": bo})
    house.settle()
    assert [conclusion(house, one) for one in (green, red)] == ["success", "action_required"]
    publish(house, "2.0", SECOND)

    # What waited already waits for everybody now.
    assert [conclusion(house, one) for one in (green, red)] == ["success", "action_required"]
    assert "@ada" in house.comments(red)[0]
    house.world.comment(green, ada, "/recheck")
    house.settle()
    assert conclusion(house, green) == "success"
    assert "version 1.1, which still counts" in (house.check(green).summary or "")
    assert conclusion(house, mine(house)) == "action_required"

    house.world.push_to(green, files={"more.txt": "More.\n"})
    house.settle()
    assert conclusion(house, green) == "action_required"


def test_what_stayed_green_goes_through_the_queue_and_into_the_ledger(house: House) -> None:
    ada = house.garden.ada
    begin(house)
    sign(house, ada)
    green = mine(house)
    publish(house, "2.0", SECOND)
    group = house.world.enqueue(green, house.garden.mara, "squash")
    house.settle()

    assert [run.conclusion for run in house.world.runs_at(house.garden.repo, group.head_sha)] == [
        "success"
    ]
    land(house, green)
    (row,) = ledger(house, number=green.number)
    assert (row.holder_id, row.rule, row.version) == (ada.id, "signature", "1.1")


def test_what_stays_green_rests_on_words_that_still_count(house: House) -> None:
    ada = house.garden.ada
    begin(house)
    sign(house, ada)
    green = mine(house)
    publish(house, "2.0", SECOND)
    assert conclusion(house, green) == "success"

    withdraw(house, ada)
    assert conclusion(house, green) == "action_required"
    house.world.comment(green, ada, "/sign")
    house.settle()
    assert conclusion(house, green) == "success"
    assert "which still counts" not in (house.check(green).summary or "")
    assert "(version 2.0)" in house.comments(green)[0]


def test_a_minor_keeps_signatures_and_says_so_on_its_page(house: House) -> None:
    begin(house)
    sign(house, house.garden.ada)
    publish(house, "1.2", SECOND)

    assert conclusion(house, mine(house)) == "success"
    assert "signatures of the older version still count" in page(house, "/changes/1.1...1.2")[1]


def test_a_long_change_is_linked_and_none_breaks_out_of_its_block(house: House) -> None:
    ada = house.garden.ada
    begin(house)
    sign(house, ada)
    publish(house, "2.0", TRAP)
    pull = mine(house)
    said = house.comments(pull)[0]
    assert "````diff\n" in said
    assert "+@everyone </details>\n" in said.partition("````diff")[2].partition("````\n")[0]

    publish(house, "3.0", "".join(f"{number}. More\n\n" for number in range(100)))
    said = house.comments(pull)[0]
    assert "/cla/changes/1.1...3.0)" in said
    assert "diff\n" not in said
