"""The main job from outside: a pull request comes, people sign by comments, the check turns green."""

from bot.sandbox.records import NOREPLY, Account
from tests.house import House


def hidden(person: Account) -> tuple[str, str]:
    return person.name, f"{person.id}+{person.login}@{NOREPLY}"


def test_a_pull_request_turns_green_when_everybody_has_signed(house: House) -> None:
    garden = house.garden
    pull = house.propose(garden.ada, co_authors=(hidden(garden.bo),))
    house.settle()
    assert house.check(pull).conclusion == "action_required"
    assert "@ada" in house.comments(pull)[0]
    assert "@bo" in house.comments(pull)[0]

    house.world.comment(pull, garden.ada, "/sign")
    house.settle()
    assert house.check(pull).conclusion == "action_required"
    assert "@ada" not in house.comments(pull)[0]

    house.world.comment(pull, garden.bo, "I have read the CLA Document and I hereby sign the CLA.")
    house.settle()
    assert house.check(pull).conclusion == "success"
    assert len(house.comments(pull)) == 1
    assert "Thank you! Everybody" in house.comments(pull)[0]
