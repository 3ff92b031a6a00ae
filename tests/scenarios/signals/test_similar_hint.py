"""A new issue that asks for what was asked before: the bot's one comment says so, and only then."""

from datetime import timedelta

from tests.house import House
from tests.scenarios.asking import ask, found, said, say, steer


def test_the_one_comment_names_what_was_asked_before_and_follows_the_title(house: House) -> None:
    garden, world = house.garden, house.world
    old = world.open_issue(
        garden.repo, garden.bo, "Exchange seeds with other gardens", labels=["request"]
    )
    late = world.open_issue(garden.repo, garden.bo, "Seed exchange between gardens")
    house.settle()
    steer(house)
    assert found(house, old) is not None
    assert said(old) == []  # what was there before is read in silence

    other = ask(house, garden.ada, "A bench in the shade")
    assert "asked for before" not in said(other)[0]
    house.advance(timedelta(minutes=1))
    issue = ask(house, garden.ada, "Exchanging seed with gardens of others @chen")
    (words,) = said(issue)
    assert f"- #{old.number}: `" in words
    assert f"`/duplicate #{old.number}`" in words
    assert f"#{other.number}" not in words

    house.advance(timedelta(minutes=1))
    world.edit_title(issue, garden.ada, "Somewhere to sit in the shade: a bench")
    house.settle()
    (words,) = said(issue)
    assert f"- #{other.number}: " in words
    assert f"#{old.number}" not in words
    world.edit_title(issue, garden.ada, "Coffee")
    house.settle()
    assert "asked for before" not in said(issue)[0]

    # A newer one is no forerunner, and what is joined already needs no hint.
    world.edit_title(old, garden.bo, "Coffee for everybody")
    world.edit_title(issue, garden.ada, "A bench in the shade of the oak")
    house.settle()
    assert said(old) == []
    say(house, issue, garden.mara, f"/duplicate #{other.number}")
    assert [body for body in said(issue) if "asked for before" in body] == []
    world.label(late, garden.mara, "request")
    house.settle()
    assert f"#{old.number}" not in said(late)[0]
