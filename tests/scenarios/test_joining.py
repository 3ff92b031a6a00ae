"""Requests that are the same: joined and parted by comments, no vote lost, none counted twice."""

from bot.sandbox.records import Issue
from tests.house import House
from tests.scenarios.asking import ask, count, person, said, say, steer, sweep, voters


def thumbs(house: House, issue: Issue, people: range) -> None:
    for number in people:
        house.world.react(issue, person(house, number))


def ids(people: range) -> set[int]:
    return {50_000 + number for number in people}


def test_joined_is_a_union_told_once_and_parting_is_exact(house: House) -> None:
    steer(house, "votes_per_person = 0")
    mara, ada = house.garden.mara, house.garden.ada
    a, b = ask(house, ada, "A"), ask(house, ada, "B")
    thumbs(house, a, range(1, 11))
    thumbs(house, b, range(6, 16))
    sweep(house)
    say(house, b, mara, f"/duplicate #{a.number}")

    assert (count(house, a), voters(house, b)) == (15, ids(range(1, 16)))
    (told,) = [words for words in said(a) if "5 votes moved here" in words]
    mentioned = {word.strip(":") for word in told.split() if word.startswith("@")}
    assert mentioned == {f"@person-{number}" for number in range(11, 16)}
    assert "write `/unvote` in a comment here" in told
    assert f"the same as #{a.number}" in said(b)[0]

    house.world.react(a, person(house, 16))
    say(house, a, person(house, 12), "/unvote")
    sweep(house)
    assert voters(house, a) == ids(range(1, 17)) - {50_012}
    say(house, b, mara, "/unduplicate")
    assert voters(house, a) == ids(range(1, 11)) | {50_016}
    assert voters(house, b) == ids(range(6, 16)) - {50_012}
    assert any("a request of its own again" in words for words in said(a))
    assert not any("moved here" in words for words in said(a))
    assert "put a 👍" in said(b)[0]
    say(house, b, mara, "/unduplicate")
    assert "counted by itself already" in said(b)[-1]


def test_chains_count_at_their_end_and_what_makes_no_sense_is_refused_with_a_reason(
    house: House,
) -> None:
    steer(house)
    mara, ada, bo = house.garden.mara, house.garden.ada, house.garden.bo
    a, b, c = (ask(house, ada, title) for title in "ABC")
    plain = ask(house, ada, labels=[])
    say(house, c, bo, "/vote")
    say(house, c, mara, f"/duplicate #{b.number}")
    say(house, b, mara, f"/duplicate {b.repo.full_name}#{a.number}")
    assert (voters(house, a), count(house, a)) == ({bo.id}, 1)
    say(house, c, bo, "/vote")
    assert f"counted together with #{a.number}" in said(c)[-2] + said(c)[-1]

    refusals = [
        (a, mara, f"/duplicate #{c.number}", "the other way round"),
        (a, mara, f"/duplicate #{a.number}", "the other way round"),
        (a, mara, "/duplicate acme/other#3", "different repositories"),
        (a, mara, "/duplicate", "say which request"),
        (a, mara, f"/duplicate #{plain.number}", "is no request here"),
        (b, mara, f"/duplicate #{a.number}", "already"),
        (plain, mara, f"/duplicate #{a.number}", "this issue is no request"),
        (b, ada, "/unduplicate", "are for maintainers"),
    ]
    for issue, who, words, answer in refusals:
        say(house, issue, who, words)
        assert any(answer in words for words in said(issue)), (words, said(issue))
    assert (voters(house, a), count(house, a)) == ({bo.id}, 1)


def test_at_most_forty_are_mentioned(house: House) -> None:
    steer(house)
    a, b = ask(house, house.garden.ada, "A"), ask(house, house.garden.ada, "B")
    thumbs(house, b, range(45))
    sweep(house)
    say(house, b, house.garden.mara, f"/duplicate #{a.number}")

    (told,) = [words for words in said(a) if "45 votes moved here" in words]
    assert told.count("@person-") == 40
    assert "5 more people" in told
