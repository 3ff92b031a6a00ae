"""Requests that are the same: joined and parted by comments, no vote lost, none counted twice."""

from dataclasses import replace

from bot import people
from bot.roadmap import store, talk
from bot.roadmap.store import Told
from bot.sandbox.records import Issue
from core.db import Database
from core.github import Account as GitHubAccount
from core.github import Comment, Repo
from tests.house import START, House
from tests.scenarios.asking import ask, count, person, said, steer, sweep, voters
from tests.scenarios.asking import say as speak


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
    speak(house, b, mara, f"/duplicate #{a.number}")

    assert (count(house, a), voters(house, b)) == (15, ids(range(1, 16)))
    (told,) = [words for words in said(a) if "5 votes moved here" in words]
    mentioned = {word.strip(":") for word in told.split() if word.startswith("@")}
    assert mentioned == {f"@person-{number}" for number in range(11, 16)}
    assert "write `/unvote` in a comment here" in told
    assert f"/requests/{a.number}#vote)." in told
    assert f"the same as #{a.number}" in said(b)[0]

    house.world.react(a, person(house, 16))
    speak(house, a, person(house, 12), "/unvote")
    sweep(house)
    assert voters(house, a) == ids(range(1, 17)) - {50_012}
    speak(house, b, mara, "/unduplicate")
    assert voters(house, a) == ids(range(1, 11)) | {50_016}
    assert voters(house, b) == ids(range(6, 16)) - {50_012}
    assert any("a request of its own again" in words for words in said(a))
    assert not any("moved here" in words for words in said(a))
    assert "put a 👍" in said(b)[0]
    speak(house, b, mara, "/unduplicate")
    assert "counted by itself already" in said(b)[-1]


def test_chains_count_at_their_end_and_what_makes_no_sense_is_refused_with_a_reason(
    house: House,
) -> None:
    steer(house)
    mara, ada, bo = house.garden.mara, house.garden.ada, house.garden.bo
    a, b, c = (ask(house, ada, title) for title in "ABC")
    plain = ask(house, ada, labels=[])
    speak(house, c, bo, "/vote")
    speak(house, c, mara, f"/duplicate #{b.number}")
    speak(house, b, mara, f"/duplicate {b.repo.full_name}#{a.number}")
    assert (voters(house, a), count(house, a)) == ({bo.id}, 1)
    speak(house, c, bo, "/vote")
    assert f"counted together with #{a.number}" in said(c)[-2] + said(c)[-1]

    refused = [f"/duplicate #{c.number}", "/duplicate acme/other#3", "/duplicate #a"]
    speak(house, a, mara, "\n".join([*refused, f"/duplicate #{plain.number}", "/unduplicate"]))
    for why in (
        f"#{c.number} is counted together with this request already, the other way round",
        "different repositories",
        "say which request",
        f"#{plain.number} is no request here",
        "counted by itself already",
    ):
        assert why in said(a)[-1]
    house.world.comment(plain, mara, f"/duplicate #{a.number}")
    speak(house, b, ada, "/unduplicate")
    assert "this issue is no request" in said(plain)[-1]
    assert "are for maintainers" in said(b)[-1]
    assert (voters(house, a), count(house, a)) == ({bo.id}, 1)


def test_one_comment_mentions_forty_and_as_many_are_written_as_it_takes(
    databases: tuple[str, str],
) -> None:
    app, at = Database(databases[0]), START
    author = GitHubAccount(1, "asker")
    repo = Repo(7, "acme/garden", 1)
    with app.write() as connection:
        a, b = (
            store.note(
                connection,
                Told(f"I_{n}", 7, n, f"Wish {n}", author, "open", False, at, None, at),
                "label",
                "asked",
            )
            for n in (1, 2)
        )
        for number in range(405):
            voter = GitHubAccount(100 + number, f"person-{number}")
            people.note(connection, voter.id, voter, at)
        moved = frozenset(range(100, 145))
        said = talk.joined(repo, b, a, moved, connection, at)
        many = talk.joined(repo, b, a, frozenset(range(100, 505)), connection, at)
        nobody = talk.joined(repo, b, replace(a, locked=True), moved, connection, at)
    app.close()
    told = [one for one in said if isinstance(one, Comment)]
    assert [(one.number, one.topic) for one in told] == [(1, "joined-2"), (1, "joined-2-2")]
    assert [one.body.count("@person-") for one in told] == [40, 5]
    assert not any("more people" in one.body for one in told)
    assert nobody == []
    assert len(many) == 10
    assert isinstance(many[-1], Comment)
    assert "5 more people" in many[-1].body
