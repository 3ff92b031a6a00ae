"""The sender: every write once, at the legal rate, and one installation's trouble is its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot import outbound, rates, repositories
from bot.sandbox import failures
from core.github import Account, Action, Check, Comment, PullRequest, Repo, Unavailable
from core.pygithub import client
from tests.house import CHECK, House
from tests.workshop import bodies, garden, reached, rows, thread, want

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
COMMENTS = r"/comments"


def test_a_comment_is_made_once_and_edited_after(workshop: House) -> None:
    issue = thread(workshop)
    for body in ("one", "two", "three"):
        want(workshop, Comment(garden(workshop), issue.number, "t", body))
        workshop.settle()
        assert bodies(issue) == [body]

    assert len({comment.id for comment in issue.comments}) == 1


@pytest.mark.parametrize(
    "how",
    [failures.after(502), failures.after(500), failures.reset_after(), failures.malformed()],
    ids=["502", "500", "reset", "cut off"],
)
def test_a_comment_whose_creation_went_wrong_after_all_exists_once(
    workshop: House, how: failures.How
) -> None:
    issues = [thread(workshop) for _ in range(4)]
    workshop.sandbox.fail("POST", COMMENTS, how, times=3)
    want(
        workshop, *[Comment(garden(workshop), it.number, "t", f"to {it.number}") for it in issues]
    )
    workshop.settle()

    assert [bodies(it) for it in issues] == [[f"to {it.number}"] for it in issues]


def test_a_comment_whose_creation_timed_out_exists_once(
    workshop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TIMEOUT_S", 1)
    workshop.restart()
    issue = thread(workshop)
    failure = workshop.sandbox.fail("POST", COMMENTS, failures.hang_after())
    want(workshop, Comment(garden(workshop), issue.number, "t", "hello"))
    workshop.happen()
    failure.release()
    workshop.settle()

    assert bodies(issue) == ["hello"]
    assert failure.used == 1


def test_a_check_whose_creation_went_wrong_after_all_exists_once(workshop: House) -> None:
    pull = workshop.propose(workshop.garden.ada)
    workshop.sandbox.fail("POST", "/check-runs", failures.after(502))
    want(workshop, Check(garden(workshop), pull.head_sha, CHECK, "success", "t", "s"))
    workshop.settle()

    assert len(workshop.checks(pull)) == 1


def test_a_creation_that_never_arrived_is_repeated(workshop: House) -> None:
    issue = thread(workshop)
    workshop.sandbox.fail("POST", COMMENTS, failures.reset(), times=2)
    want(workshop, Comment(garden(workshop), issue.number, "t", "hello"))
    workshop.settle()

    assert bodies(issue) == ["hello"]


def test_a_newer_revision_of_a_doubtful_comment_finds_it_too(workshop: House) -> None:
    issue = thread(workshop)
    workshop.sandbox.fail("POST", COMMENTS, failures.after(502))
    want(workshop, Comment(garden(workshop), issue.number, "t", "older"))
    workshop.happen()
    want(workshop, Comment(garden(workshop), issue.number, "t", "newer"))
    workshop.settle()

    assert bodies(issue) == ["newer"]


def test_what_was_overtaken_on_its_way_is_not_sent_again(workshop: House) -> None:
    issue = thread(workshop)
    perform, sent = workshop.sender._perform, []

    def slow(action: Action, remote_id: int | None, *, doubtful: bool) -> int:
        sent.append(action)
        if len(sent) == 1:
            want(workshop, Comment(garden(workshop), issue.number, "t", "newer"))
            raise Unavailable("no answer")
        return perform(action, remote_id, doubtful=doubtful)

    workshop.sender._perform = slow
    want(workshop, Comment(garden(workshop), issue.number, "t", "older"))
    workshop.settle()

    assert bodies(issue) == ["newer"]
    assert len(sent) == 2
    assert {state for state, _note in rows(workshop).values()} == {"superseded", "done"}


def test_a_young_pull_request_is_not_searched_even_after_a_refusal(workshop: House) -> None:
    pull = workshop.propose(workshop.garden.ada)
    workshop.sandbox.deliver_all()
    ada = Account(workshop.garden.ada.id, "ada")
    seen = PullRequest(pull.number, ada, pull.head_sha, "main", "open", workshop.now, workshop.now)
    with workshop.app.write() as connection:
        repositories.note_pull(connection, garden(workshop), seen)
    workshop.sandbox.fail("POST", COMMENTS, failures.too_many())
    want(workshop, Comment(garden(workshop), pull.number, "t", "hello"))
    with workshop.calls() as calls:
        workshop.settle()

    assert bodies(pull) == ["hello"]
    assert [call.method for call in calls if "access_tokens" not in call.path] == ["POST"] * 2


def test_a_comment_that_people_deleted_is_made_anew_by_the_next_revision_only(
    workshop: House,
) -> None:
    issue = thread(workshop)
    comment = Comment(garden(workshop), issue.number, "t", "one")
    want(workshop, comment)
    workshop.settle()
    workshop.world.delete_comment(issue.comments[0], workshop.garden.mara)
    want(workshop, comment)
    workshop.settle()
    assert bodies(issue) == []

    want(workshop, Comment(garden(workshop), issue.number, "t", "two"))
    workshop.settle()
    assert bodies(issue) == ["two"]


TOO_FAST: list[tuple[failures.How, timedelta]] = [
    (failures.secondary(retry_after=37), timedelta(seconds=37)),
    (failures.too_many(), MINUTE),
    (failures.exhausted(seconds=900), timedelta(seconds=900)),
]


@pytest.mark.parametrize(("how", "span"), TOO_FAST, ids=["retry-after", "unnamed", "budget"])
def test_too_fast_silences_that_installation_and_nobody_else(
    workshop: House, how: failures.How, span: timedelta
) -> None:
    elsewhere = workshop.world.repository(workshop.world.organization("other"), "shed")
    other = workshop.world.install(elsewhere)
    mine, theirs = thread(workshop), thread(workshop, elsewhere)
    workshop.sandbox.fail("POST", f"garden/issues/.*{COMMENTS}", how)
    want(workshop, Comment(garden(workshop), mine.number, "t", "hello"))
    workshop.happen()
    began = workshop.now
    want(workshop, Comment(reached(elsewhere, other), theirs.number, "t", "hello"))
    with workshop.calls() as calls:
        while workshop.now < began + span - 2 * SECOND:
            workshop.happen()
            workshop.advance((span - 2 * SECOND) / 10)

    assert bodies(theirs) == ["hello"]
    assert {call.installation for call in calls} <= {None, other.id}
    workshop.settle()
    assert bodies(mine) == ["hello"]
    assert workshop.now >= began + span
    assert rows(workshop)[f"{mine.number}:t#1"] == ("done", None)


def test_silence_grows_while_refusals_follow_one_another(workshop: House) -> None:
    issue = thread(workshop)
    workshop.sandbox.fail("POST", COMMENTS, failures.too_many(), times=3)
    began = workshop.now
    want(workshop, Comment(garden(workshop), issue.number, "t", "hello"))
    workshop.settle()

    assert bodies(issue) == ["hello"]
    assert timedelta(minutes=7) <= workshop.now - began < timedelta(minutes=8)


def test_an_outage_of_two_hours_loses_nothing_and_calls_little(workshop: House) -> None:
    issues = [thread(workshop) for _ in range(12)]
    repo = garden(workshop)
    outage = workshop.sandbox.fail("*", ".", failures.status(503), times=10_000)
    began = workshop.now
    want(workshop, *[Comment(repo, it.number, "t", "hello") for it in issues])
    while workshop.now < began + 2 * HOUR:
        workshop.happen()
        next_at = workshop.next_at()
        assert next_at is not None
        workshop._now[0] = max(next_at, workshop.now + SECOND)
    assert outage.used < 100
    workshop.sandbox.failures.clear()
    workshop.settle()

    assert [bodies(it) for it in issues] == [["hello"]] * 12
    written = [comment.created_at for it in issues for comment in it.comments]
    assert max(written) - min(written) < timedelta(minutes=20)


@dataclass
class Recorder:
    """Stands for GitHub where only the rate matters: remembers who wrote when, at no cost."""

    clock: Callable[[], datetime]
    writes: list[tuple[int, datetime]] = field(default_factory=list)

    def perform(self, action: Action, remote_id: int | None, *, doubtful: bool) -> int:
        del remote_id, doubtful
        self.writes.append((action.repo.installation_id, self.clock()))
        return len(self.writes)


def test_two_senders_together_keep_the_law_of_each_installation(workshop: House) -> None:
    recorder = Recorder(workshop.clock)
    senders = [workshop.new_sender(recorder, f"sender-{name}") for name in "ab"]  # type: ignore[arg-type] - it writes, that is all that is asked
    repos = [Repo(number, f"acme/{number}", 70 + number) for number in (1, 2)]
    want(workshop, *[Comment(repo, n, "t", "hello") for repo in repos for n in range(30)])
    busy_before(workshop, repos[0].installation_id, recorder)
    while (next_at := workshop.sender.next_at()) is not None:
        workshop._now[0] = max(next_at, workshop.now)
        while sum(sender.step() for sender in senders):
            pass

    for repo, number in zip(repos, (510, 30), strict=True):
        times = [at for writer, at in recorder.writes if writer == repo.installation_id]
        assert len(times) == number
        for most, span in ((1, SECOND), (80, MINUTE), (500, HOUR)):
            pairs = zip(times, times[most:], strict=False)
            assert all(later - earlier >= span for earlier, later in pairs)
    assert times[-1] - times[0] == 29 * rates.APART


def busy_before(house: House, installation_id: int, recorder: Recorder) -> None:
    """Have an installation look back on 480 writes, one a second."""
    writes = [house.now + second * SECOND for second in range(480)]
    recorder.writes += [(installation_id, at) for at in writes]
    booked = [(at - outbound.EPOCH) // outbound.MICROSECOND for at in writes]
    house.advance(480 * SECOND)
    with house.app.write() as connection:
        connection.execute(
            update(outbound.outbound)
            .where(outbound.outbound.c.installation_id == installation_id)
            .values(writes=booked)
        )


def test_an_installation_under_one_senders_hands_is_left_alone_by_the_other(
    workshop: House,
) -> None:
    issue = thread(workshop)
    want(workshop, *[Comment(garden(workshop), issue.number, f"t{n}", "hello") for n in (1, 2)])
    with workshop.app.write() as connection:
        installation_id = workshop.garden.installation.id
        assert outbound.take(connection, installation_id, "another", workshop.now)
    workshop.happen()
    assert bodies(issue) == []

    workshop.settle()
    assert bodies(issue) == ["hello", "hello"]
