"""On the play page a newcomer asks, votes as others by each door, closes it, and sees it all counted."""

from collections.abc import Iterator

import httpx
import pytest

from bot.roadmap import votes
from bot.schedule import JOBS, PLAYED, jobs_of
from tests.economy import PLAIN
from tests.house import House
from tests.scenarios.asking import said, steer, sweep, voters

HOME = "/potluck-sandbox/garden"


@pytest.fixture
def browser(house: House) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=house.sandbox.web_url, follow_redirects=True, verify=PLAIN
    ) as client:
        yield client


def test_a_request_is_played_from_asking_to_closing(house: House, browser: httpx.Client) -> None:
    steer(house, "votes_per_person = 1")
    own = {"origin": house.sandbox.web_url}

    def do(login: str, path: str, **form: str) -> str:
        browser.post("/who", data={"login": login, "next": HOME}, headers=own)
        answer = browser.post(f"{HOME}/{path}", data=form, headers=own)
        house.settle()
        assert answer.status_code == 200, answer.text
        return browser.get(answer.url.path).text

    assert "Try requests" in browser.get(f"{HOME}/issues").text
    page = do("ada", "issues", title="A bench in the shade", request="yes")
    assert "<code>/vote</code>" in page
    (issue,) = (one for one in house.garden.repo.threads.values() if one.title.startswith("A b"))
    here = f"issues/{issue.number}"
    do("bo", f"threads/{issue.number}/comments", quick="/vote", body="")
    page = do("chen", f"{here}/thumb")
    assert 'aria-pressed="true"' in page
    sweep(house)
    assert voters(house, issue) == {house.garden.bo.id, house.garden.chen.id}
    assert any("@bo, your vote for this request counts" in body for body in said(issue))
    assert 'aria-pressed="false"' in do("chen", f"{here}/thumb")
    sweep(house)
    assert voters(house, issue) == {house.garden.bo.id}
    plain = do("chen", "issues", title="Something else")
    assert "<code>/request</code>" in plain
    page = do("mara", f"threads/{issue.number}/state")
    assert "Reopen" in page
    with house.app.read() as connection:
        assert votes.left(connection, house.garden.repo.id, house.garden.bo.id, 1) == 1


def test_a_discussion_is_played_and_an_issue_becomes_one(
    house: House, browser: httpx.Client
) -> None:
    steer(house, 'discussions = "Ideas"')
    own, threads = {"origin": house.sandbox.web_url}, house.garden.repo.threads

    def do(login: str, path: str, **form: str) -> str:
        browser.post("/who", data={"login": login, "next": HOME}, headers=own)
        answer = browser.post(f"{HOME}/{path}", data=form, headers=own)
        house.settle()
        assert answer.status_code == 200, answer.text
        return browser.get(answer.url.path).text

    page = do("ada", "discussions", title="A pond", category="Ideas")
    assert "This is a request now" in page
    (idea,) = threads.values()
    do("bo", f"threads/{idea.number}/comments", quick="/vote")
    assert 'aria-pressed="true"' in do("chen", f"issues/{idea.number}/thumb")
    sweep(house)
    assert voters(house, idea) == {house.garden.bo.id, house.garden.chen.id}
    assert "Reopen" in do("mara", f"threads/{idea.number}/state")
    do("ada", "issues", title="A bench", request="yes")
    issue = threads[max(threads)]
    page = do("mara", f"issues/{issue.number}/discuss")
    assert "A bench" in page
    assert threads[max(threads)] is issue.became
    assert "A pond" in browser.get(f"{HOME}/discussions").text
    for path in (f"discussions/{issue.number}", "discussions/99"):
        assert browser.get(f"{HOME}/{path}").status_code == 404


def test_in_a_sandbox_nobody_waits_long_for_their_thumb_to_be_seen() -> None:
    every = {job.name: job.every for job in jobs_of("sandbox")}

    assert jobs_of("live") == JOBS
    assert every.pop("sweep_votes") == PLAYED
    assert every == {job.name: job.every for job in JOBS if job.name != "sweep_votes"}
