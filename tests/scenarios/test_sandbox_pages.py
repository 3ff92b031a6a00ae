"""The play page: whoever a newcomer plays can do there what that person can do on GitHub."""

import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.sandbox.words import _french
from tests.contracts.garden import Visit, visit
from tests.economy import PLAIN

BACK = "http://127.0.0.1:8000/sign-in/callback"
HOME = "/potluck-sandbox/garden"


@pytest.fixture
def here() -> Iterator[Visit]:
    with visit() as guest:
        yield guest


@pytest.fixture
def browser(here: Visit) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=here.sandbox.web_url, follow_redirects=True, verify=PLAIN
    ) as client:
        yield client


def become(browser: httpx.Client, login: str) -> None:
    browser.post("/who", data={"login": login, "next": "/"})


def conclude(here: Visit, sha: str, conclusion: str) -> None:
    run = {"name": "potluck/cla", "head_sha": sha, "conclusion": conclusion}
    run |= {"output": {"title": f"It is {conclusion}", "summary": "A *summary*."}}
    here.as_installation().post(f"/repos{HOME}/check-runs", json=run)


def test_the_first_page_says_what_to_try(browser: httpx.Client) -> None:
    page = browser.get("/")
    assert page.url.path == f"{HOME}/pulls"
    for words in ("Three things to try", "Open a pull request", "Ada Park", "nothing leaves it"):
        assert words in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none';")
    assert "<script" not in page.text


def test_a_pull_request_is_opened_with_a_co_author(here: Visit, browser: httpx.Client) -> None:
    fields = {"title": "Sow", "co_author": "bo"}
    page = browser.post(f"{HOME}/pulls", data=fields)
    pull = here.garden.repo.threads[1]
    assert pull.author is here.garden.ada
    message = here.garden.repo.objects.commits[pull.head_sha].message
    assert message == "Sow\n\nCo-authored-by: Bo Ruiz <1954+bo@users.noreply.github.com>"
    assert "ada wants to merge one commit into main from ada:sow" in page.text
    assert "Potluck is looking" in page.text


def test_people_comment_as_whom_they_play(here: Visit, browser: httpx.Client) -> None:
    browser.post(f"{HOME}/pulls", data={})
    become(browser, "bo")
    browser.post(f"{HOME}/threads/1/comments", data={"body": "Hello\r\n\r\nthere"})
    browser.post(f"{HOME}/threads/1/comments", data={"body": "", "quick": "/sign"})
    said = here.garden.repo.threads[1].comments
    assert [(it.author.login, it.body) for it in said] == [
        ("bo", "Hello\n\nthere"),
        ("bo", "/sign"),
    ]
    empty = browser.post(f"{HOME}/threads/1/comments", data={"body": "  "})
    assert (empty.status_code, "Write something first." in empty.text) == (422, True)


def test_what_people_write_is_shown_without_its_teeth(here: Visit, browser: httpx.Client) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1))"
    body = f"{nasty}\n\n**bold** <!-- potluck:cla -->\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    browser.post(f"{HOME}/pulls", data={"title": "<b>Sow</b>"})
    page = browser.post(f"{HOME}/threads/1/comments", data={"body": body})
    shown = page.text.split('class="talk"')[1].split('id="now"')[0].split("<textarea")
    rendered = shown[0] + "".join(part.split("</textarea>")[1] for part in shown[1:])
    for harm in ("<script", "onerror", 'href="javascript', "<!--", "<img src=x", "<b>Sow</b>"):
        assert harm not in rendered
    assert "<strong>bold</strong>" in rendered
    assert "<td>2</td>" in rendered


def test_only_maintainers_merge_and_edit_what_others_said(
    here: Visit, browser: httpx.Client
) -> None:
    browser.post(f"{HOME}/pulls", data={})
    browser.post(f"{HOME}/threads/1/comments", data={"body": "mine"})
    comment = here.garden.repo.threads[1].comments[0]
    become(browser, "bo")
    change = {"body": "changed"}
    assert browser.post(f"{HOME}/comments/{comment.id}", data=change).status_code == 403
    assert browser.post(f"{HOME}/pull/1/merge", data={"how": "queue"}).status_code == 403
    assert browser.post(f"{HOME}/threads/1/state").status_code == 403
    become(browser, "mara")
    assert browser.post(f"{HOME}/comments/{comment.id}", data=change).status_code == 200
    assert (comment.author.login, comment.body) == ("ada", "changed")


def test_a_maintainer_makes_closes_and_deletes_milestones(
    here: Visit, browser: httpx.Client
) -> None:
    world, repo, form = here.sandbox.world, here.garden.repo, {"title": " Spring ", "due_on": ""}
    issue = world.open_issue(repo, here.garden.ada, "Water")
    assert browser.post(f"{HOME}/milestones", data=form).status_code == 403
    become(browser, "mara")
    page = browser.post(f"{HOME}/milestones", data=form | {"due_on": "2026-06-01"})
    assert "2026-06-01" in page.text
    for odd in (form, form | {"title": "Summer", "due_on": "1st of June"}):
        assert browser.post(f"{HOME}/milestones", data=odd).status_code == 422
    (spring,) = world.milestones_of(repo)
    assert (page.url.path, spring.title) == (f"{HOME}/milestone/1", "Spring")
    page = browser.post(f"{HOME}/issues/1/milestone", data={"milestone": "1"})
    assert (issue.milestone, f'href="{HOME}/milestone/1"' in page.text) == (spring, True)
    browser.post(f"{HOME}/milestone/1/title", data={"title": "Summer"})
    assert "0 of 1 closed" in browser.post(f"{HOME}/milestone/1/state").text
    assert (spring.title, spring.state) == ("Summer", "closed")
    browser.post(f"{HOME}/milestone/1/state")
    assert "Summer" in browser.get(f"{HOME}/milestones").text
    assert (spring.state, browser.post(f"{HOME}/milestone/1/delete").status_code) == ("open", 200)
    assert (issue.milestone, browser.get(f"{HOME}/milestone/1").status_code) == (None, 404)


def test_the_merge_queue_waits_for_the_check_on_its_own_commit(
    here: Visit, browser: httpx.Client
) -> None:
    browser.post(f"{HOME}/pulls", data={})
    pull = here.garden.repo.threads[1]
    become(browser, "mara")
    conclude(here, pull.head_sha, "action_required")
    assert "Merging waits for the check." in browser.get(f"{HOME}/pull/1").text
    conclude(here, pull.head_sha, "success")
    assert "All checks have passed" in browser.get(f"{HOME}/pull/1").text
    browser.post(f"{HOME}/pull/1/merge", data={"how": "queue"})
    group = here.garden.repo.queue[0]
    assert "In the merge queue" in browser.get(f"{HOME}/pull/1").text
    assert pull.state == "open"
    conclude(here, group.head_sha, "success")
    page = browser.get(f"{HOME}/pull/1", params={"after": 0})
    assert pull.merged_at
    assert "merged this" in page.text


def test_a_page_under_watch_comes_when_something_happens(
    here: Visit, browser: httpx.Client
) -> None:
    page = browser.post(f"{HOME}/pulls", data={})
    again = re.search(r'http-equiv="refresh" content="0; url=([^"]+)#now"', page.text)
    assert again
    pull = here.garden.repo.threads[1]
    later = threading.Timer(0.05, conclude, (here, pull.head_sha, "success"))
    later.start()
    page = browser.get(f"{HOME}/pull/1" + again[1].replace("&amp;", "&"))
    later.join()
    assert "It is success" in page.text
    here.clock.turn(seconds=5)
    rested = browser.get(f"{HOME}/pull/1", params={"watch": 1})
    assert "http-equiv" not in rested.text


def test_commits_are_pushed_added_and_replaced(here: Visit, browser: httpx.Client) -> None:
    browser.post(f"{HOME}/pulls", data={"title": "Sow"})
    first = here.garden.repo.threads[1].head_sha
    page = browser.post(f"{HOME}/pull/1/commits", data={"message": "More", "author": "stranger"})
    assert "no account known" in page.text
    assert "2 commits" in page.text
    page = browser.post(f"{HOME}/pull/1/commits", data={"how": "start over"})
    pull = here.garden.repo.threads[1]
    assert first not in here.garden.repo.objects.ancestors(pull.head_sha)
    assert "force-pushed" in page.text
    assert "one commit" in page.text


def test_files_commits_and_checks_have_their_pages(here: Visit, browser: httpx.Client) -> None:
    browser.post(f"{HOME}/pulls", data={"title": "Sow"})
    pull = here.garden.repo.threads[1]
    conclude(here, pull.head_sha, "failure")
    number = next(iter(here.sandbox.world.check_runs))
    for path, words in {
        HOME: 'href="/potluck-sandbox/garden/blob/main/CLA.md"',
        f"{HOME}/blob/main/CLA.md": "Contributor licence agreement: Garden",
        f"{HOME}/blob/main/garden.py": "days_until_harvest",
        f"{HOME}/commit/{pull.head_sha}": "seeds_1.py",
        f"{HOME}/runs/{number}": "<em>summary</em>",
        f"{HOME}/issues/1": "ada:sow",
        "/apps/potluck": "potluck-sandbox",
    }.items():
        page = browser.get(path)
        assert (page.status_code, words in page.text) == (200, True), path
    assert browser.get(f"{HOME}/pull/99").status_code == 404
    assert browser.get(f"{HOME}/blob/main/none").status_code == 404


def test_the_backstage_shows_what_was_told_and_asked(here: Visit, browser: httpx.Client) -> None:
    here.sandbox.webhook_url = "http://127.0.0.1:1/webhooks/github"
    browser.post(f"{HOME}/issues", data={"title": "Moss"})
    here.sandbox.deliver_all()
    here.as_installation().get(f"/repos{HOME}/issues/1")
    page = browser.get("/deliveries")
    assert "failed to connect to host" in page.text
    assert f"/repos{HOME}/issues/1" in page.text
    number = here.sandbox.hooks.attempts[-1].id
    assert "X-Hub-Signature-256: sha256=" in browser.get(f"/deliveries/{number}").text
    browser.post(f"/deliveries/{number}/redeliver")
    assert here.sandbox.hooks.waiting[0].redelivery


def test_forms_of_other_sites_do_nothing(here: Visit, browser: httpx.Client) -> None:
    evil = {"origin": "https://evil.example"}
    answer = browser.post(f"{HOME}/issues", data={"title": "x"}, headers=evil)
    assert (answer.status_code, here.garden.repo.threads) == (403, {})
    away = browser.post("/who", data={"login": "bo", "next": "//evil.example/"})
    assert away.url.host == "127.0.0.1"


def test_everything_can_be_read_in_french(browser: httpx.Client) -> None:
    page = browser.get("/", headers={"accept-language": "fr-CA,fr;q=0.9,en;q=0.5"})
    assert 'lang="fr"' in page.text
    assert "Trois choses à essayer" in page.text
    english = browser.get("/?lang=en", headers={"accept-language": "fr"})
    assert "Three things to try" in browser.get("/", headers={"accept-language": "fr"}).text
    assert english.status_code == 200


def test_no_word_lacks_its_french() -> None:
    from bot.sandbox.web import HERE

    said = set()
    for file in (HERE / "templates").glob("*.html"):
        said |= set(re.findall(r'\bt\("([^"]+)"', file.read_text(encoding="utf-8")))
        said |= set(re.findall(r"\bt\('([^']+)'", file.read_text(encoding="utf-8")))
    for file in HERE.glob("*.py"):
        source = file.read_text(encoding="utf-8")
        said |= set(re.findall(r'PageError\(\s*\d+, "([^"]+)"', source))
    assert len(said) > 100
    assert sorted(said - _french().keys()) == []
    spare = _french().keys() - said - {"This branch has conflicts with the base branch."}
    assert sorted(spare) == []


def test_an_app_is_made_from_a_manifest_in_the_browser(here: Visit, browser: httpx.Client) -> None:
    manifest = {
        "name": "My Potluck",
        "url": "http://127.0.0.1:1",
        "redirect_url": "http://127.0.0.1:1/setup/done",
        "hook_attributes": {"url": "http://127.0.0.1:1/webhooks/github"},
        "default_permissions": {"checks": "write"},
    }
    fields = {"manifest": json.dumps(manifest)}
    elsewhere = {"origin": "http://127.0.0.1:1"}
    page = browser.post("/settings/apps/new?state=abc", data=fields, headers=elsewhere)
    assert "checks" in page.text
    assert "form-action 'self' http://127.0.0.1:1;" in page.headers["content-security-policy"]
    fields["state"] = "abc"
    back = browser.post("/settings/apps/confirm", data=fields, follow_redirects=False)
    said = parse_qs(urlsplit(back.headers["location"]).query)
    assert said["state"] == ["abc"]
    made = here.client().post(f"/app-manifests/{said['code'][0]}/conversions").json()
    assert (made["name"], made["permissions"]) == ("My Potluck", {"checks": "write"})


def test_somebody_signs_in_to_an_app(here: Visit, browser: httpx.Client) -> None:
    app = here.sandbox.app
    asked = {"client_id": app.client_id, "state": "s", "redirect_uri": BACK}
    assert "Chen Wei" in browser.get("/login/oauth/authorize", params=asked).text
    agreed = asked | {"login": "chen"}
    back = browser.post("/login/oauth/authorize", data=agreed, follow_redirects=False)
    said = parse_qs(urlsplit(back.headers["location"]).query)
    trade = {"code": said["code"][0], "client_id": app.client_id}
    trade["client_secret"] = app.client_secret
    json_please = {"accept": "application/json"}
    token = browser.post("/login/oauth/access_token", data=trade, headers=json_please).json()
    assert here.client(token["access_token"]).get("/user").json()["login"] == "chen"
    again = browser.post("/login/oauth/access_token", data=trade, headers=json_please).json()
    assert again["error"] == "bad_verification_code"
    foreign = asked | {"redirect_uri": "https://evil.example/"}
    assert browser.get("/login/oauth/authorize", params=foreign).status_code == 422
