"""What docs/scenarios.md promises and no other story shows: long threads, queues, lost pages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.sandbox import failures
from bot.sandbox.records import Account
from core.github import GitHubError
from licensing import signing, store
from licensing.proof import verify_chain
from licensing.signing import Act, Withdrawal
from tests.house import House
from tests.scenarios.agreement import conclusion, conclusions, mine, offer, sign, signers
from tests.stage import Stage

LARGEST = 1_000
TROUBLE = {
    "a short page": failures.truncated(),
    "an empty page": failures.emptied(),
    "one more": failures.drifting(1),
    "one fewer": failures.drifting(-1),
    "a page twice": failures.repeated(),
    "half an answer": failures.malformed(),
    "a bad gateway": failures.status(502),
    "too fast": failures.too_many(),
    "nothing wrong": failures.How(),
}


def test_however_many_comments_stand_before_it_the_phrase_signs(house: House) -> None:
    pull = mine(house)
    for number in range(40):
        house.world.comment(pull, house.garden.bo, f"And point {number} is not clear to me.")
    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()

    assert conclusion(house, pull) == "success"


def test_a_signature_withdrawn_while_the_queue_waits_turns_its_group_red(house: House) -> None:
    sign(house, house.garden.ada)
    pulls = {method: mine(house) for method in ("merge", "squash", "rebase")}
    assert set(conclusions(house, pulls).values()) == {"success"}
    groups = {
        method: house.world.enqueue(pull, house.garden.mara, method)
        for method, pull in pulls.items()
    }
    with house.app.write() as connection:
        version = store.agreement_in_force(connection, house.garden.repo.id)
        assert version is not None
        ada = house.garden.ada.id
        act = Withdrawal(ada, ada, "none", house.now)
        assert signing.withdraw(connection, version.agreement_id, act, house.now)
    house.settle()

    for method, pull in pulls.items():
        assert house.check(pull, groups[method].head_sha).conclusion == "action_required", method


@settings(
    max_examples=7,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    count=st.integers(1, 220),
    trouble=st.sampled_from(sorted(TROUBLE)),
    after=st.integers(0, 4),
    times=st.integers(1, 3),
)
@example(count=LARGEST, trouble="a page twice", after=7, times=1)
def test_whatever_goes_wrong_all_commits_are_read_or_none(
    stage: Stage, count: int, trouble: str, after: int, times: int
) -> None:
    pull = stage.pull(commits=count)
    fine = stage.sandbox.fail("GET", "/compare/", failures.How(), times=after)
    wrong = stage.sandbox.fail("GET", "/compare/", TROUBLE[trouble], times=times)

    try:
        found = stage.github.comparison(stage.repo, "main", pull.head_sha)
    except GitHubError:
        assert trouble != "nothing wrong"
    else:
        assert len(found.commits) == len({commit.sha for commit in found.commits}) == count
        assert found.commits[-1].sha == pull.head_sha
    fine.times = wrong.times = 0
    # Whoever was told to be silent may speak again.
    stage.now[0] += timedelta(hours=1)


def test_two_people_sign_at_the_same_instant(house: House) -> None:
    garden = house.garden
    one = offer(house, garden.ada, {"author": garden.ada})
    two = offer(house, garden.bo, {"author": garden.bo})
    house.settle()
    house.world.comment(one, garden.ada, "/sign")
    house.world.comment(two, garden.bo, "/sign")
    house.settle()

    assert sorted(signers(house)) == sorted([garden.ada.id, garden.bo.id])
    assert [conclusion(house, pull) for pull in (one, two)] == ["success", "success"]

    # And in two repositories of one agreement, by two processes that know nothing of each other.
    with house.app.read() as connection:
        version = store.agreement_in_force(connection, garden.repo.id)
    assert version is not None
    together = Barrier(2)

    def write(who: Account, repo_id: int) -> str:
        act = Act(version, repo_id, who.id, who.login, house.now)
        together.wait()
        with house.app.write() as connection:
            return signing.sign(connection, act, house.now).outcome

    with ThreadPoolExecutor(2) as pool:
        pairs = ((garden.chen, garden.repo.id), (garden.mara, garden.repo.id + 1))
        done = [pool.submit(write, *pair) for pair in pairs]
    assert [one.result() for one in done] == ["signed", "signed"]
    assert len(signers(house)) == 4
    with house.app.read() as connection:
        assert verify_chain(connection) == ()
