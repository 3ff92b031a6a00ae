"""What GitHub shows of a merge credits its authors and reviewers: each once, people only."""

from datetime import timedelta

from bot.credits import store
from bot.sandbox import failures
from tests.house import House
from tests.scenarios.agreement import replay
from tests.scenarios.asking import steer


def credited(house: House) -> set[tuple[int, str, str]]:
    with house.app.read() as connection:
        found = store.of_repo(connection, house.garden.repo.id)
    assert len(found) == len({(one.github_id, one.kind, one.evidence) for one in found})
    return {(one.github_id, one.kind, one.subject) for one in store.standing(found)}


def test_a_merge_credits_its_authors_and_reviewers(house: House) -> None:
    steer(house)
    world, garden = house.world, house.garden
    ada, bo, chen, mara = (one.id for one in (garden.ada, garden.bo, garden.chen, garden.mara))
    docs = house.propose(garden.ada, files={"docs/watering.md": "# Water\n"})
    code = house.propose(garden.bo, files={"hose.py": "on = True\n", "README.md": "# Hose\n"})
    house.settle()
    for who in (garden.mara, garden.bo, garden.dependabot):
        world.review(code, who, "COMMENTED")
    world.review(code, garden.chen, "APPROVED")
    world.review(code, garden.chen, "CHANGES_REQUESTED")
    world.review(docs, garden.chen, "PENDING")
    house.sandbox.fail("GET", "/reviews", failures.status(502), times=2)
    house.advance(timedelta(minutes=1))
    world.merge(docs, garden.mara)
    world.merge(code, garden.mara)
    house.settle()

    expected = {
        (ada, "doc", f"pull/{docs.number}"),
        (bo, "code", f"pull/{code.number}"),
        (chen, "review", f"pull/{code.number}"),
        (mara, "review", f"pull/{code.number}"),
    }
    assert credited(house) == expected
    replay(house, 4)
    assert credited(house) == expected
