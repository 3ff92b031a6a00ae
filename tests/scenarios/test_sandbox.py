"""The sandbox answers as GitHub does: who may ask, pages, tags, moves, and what is refused."""

import base64
from collections.abc import Iterator

import pytest

from tests.contracts.garden import RAW, REPO, Visit, visit


@pytest.fixture
def here() -> Iterator[Visit]:
    with visit() as guest:
        yield guest


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({}, 200),
        ({"iss": "999"}, 401),
        ({"exp": -700}, 401),
        ({"exp": 700}, 401),
        ({"iat": 60}, 401),
    ],
)
def test_the_apps_assertion_is_checked(here: Visit, claims: dict, status: int) -> None:
    now = int(here.clock().timestamp())
    times = {name: now + span for name, span in claims.items() if name != "iss"}
    client = here.client(here.assertion(**(claims | times)))
    assert client.get("/app").status_code == status


def test_a_token_of_another_key_or_none_is_refused(here: Visit) -> None:
    forged = here.assertion()[:-8] + "AAAAAAAA"
    assert here.client(forged).get("/app").status_code == 401
    assert here.client("ghs_made-up").get(REPO).status_code == 401
    assert here.client().get("/app").status_code == 401
    assert here.client().get(REPO).status_code == 200


def test_a_token_ends_after_an_hour(here: Visit) -> None:
    client = here.as_installation()
    here.clock.turn(minutes=59)
    assert client.get(REPO).status_code == 200
    here.clock.turn(minutes=1)
    assert client.get(REPO).status_code == 401


def test_suspended_and_removed_installations_get_nothing(here: Visit) -> None:
    world, it = here.sandbox.world, here.garden.installation
    client, path = here.as_installation(), f"/app/installations/{it.id}/access_tokens"
    world.suspend(it)
    assert here.as_app().post(path).status_code == 403
    assert client.get(REPO).json()["message"] == "This installation has been suspended"
    world.unsuspend(it)
    assert client.get(REPO).status_code == 200
    world.uninstall(it)
    assert here.as_app().post(path).status_code == 404
    assert client.get(REPO).status_code == 401


def test_an_installation_sees_its_repositories_and_writes_to_no_other(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    world.repository(garden.organization, "shed", private=True)
    open_to_all = world.repository(garden.organization, "lawn")
    issue = world.open_issue(open_to_all, garden.ada, "Moss")
    client = here.as_installation()
    assert client.get("/repos/potluck-sandbox/shed").status_code == 404
    assert client.get("/repos/potluck-sandbox/lawn").status_code == 200
    path = f"/repos/potluck-sandbox/lawn/issues/{issue.number}/comments"
    assert client.post(path, json={"body": "hello"}).status_code == 403
    names = [it["name"] for it in client.get("/installation/repositories").json()["repositories"]]
    assert names == ["garden"]


def test_a_permission_that_was_not_granted_is_missed(here: Visit) -> None:
    client = here.client(here.token(permissions={"metadata": "read", "checks": "read"}))
    run = {"name": "x", "head_sha": here.garden.repo.branches["main"]}
    assert client.post(f"{REPO}/check-runs", json=run).status_code == 403
    assert client.get(f"{REPO}/contents/CLA.md").status_code == 403


def test_a_renamed_repository_redirects_by_its_number(here: Visit) -> None:
    here.sandbox.world.rename_repository(here.garden.repo, "orchard")
    client, number = here.as_installation(), here.garden.repo.id
    moved = client.get(f"{REPO}/pulls?state=all")
    assert moved.status_code == 301
    home = f"{here.sandbox.api_url}/repositories/{number}/pulls?state=all"
    assert moved.headers["location"] == home
    assert client.get(home).json() == []
    assert client.post(f"{REPO}/check-runs", json={}).status_code == 307
    here.sandbox.world.repository(here.garden.organization, "garden")
    assert client.get(REPO).json()["id"] != number


def test_an_archived_repository_is_read_only_and_a_deleted_one_is_gone(here: Visit) -> None:
    world, garden, client = here.sandbox.world, here.garden, here.as_installation()
    issue = world.open_issue(garden.repo, garden.ada, "Moss")
    path = f"{REPO}/issues/{issue.number}/comments"
    world.archive(garden.repo)
    assert client.post(path, json={"body": "x"}).status_code == 403
    assert client.get(path).status_code == 200
    world.delete_repository(garden.repo)
    assert client.get(path).status_code == 404


def test_a_transfer_takes_the_repository_out_of_sight(here: Visit) -> None:
    client = here.as_installation()
    here.sandbox.world.set_private(here.garden.repo, private=True)
    here.sandbox.world.transfer(here.garden.repo, here.garden.bo)
    assert client.get(REPO, follow_redirects=True).status_code == 404
    assert client.get("/installation/repositories").json()["total_count"] == 0


def test_a_known_answer_costs_nothing(here: Visit) -> None:
    client = here.as_installation()
    first = client.get(f"{REPO}/contents/CLA.md", headers={"accept": RAW})
    tag = {"accept": RAW, "if-none-match": first.headers["etag"]}
    again = client.get(f"{REPO}/contents/CLA.md", headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    left = "x-ratelimit-remaining"
    assert first.headers[left] == again.headers[left] == "4999"
    world, garden = here.sandbox.world, here.garden
    world.commit(garden.repo, "main", message="x", author=garden.mara, files={"CLA.md": "new"})
    changed = client.get(f"{REPO}/contents/CLA.md", headers=tag)
    assert (changed.status_code, changed.content) == (200, b"new")
    assert changed.headers[left] == "4998"


def test_files_come_as_json_or_as_bytes_and_large_ones_only_as_bytes(here: Visit) -> None:
    world, garden, client = here.sandbox.world, here.garden, here.as_installation()
    large = b"x" * (1024 * 1024 + 1)
    files = {"large.txt": large, "docs/a b.md": "é"}
    sha = world.commit(garden.repo, "main", message="x", author=garden.mara, files=files).sha
    small = client.get(f"{REPO}/contents/docs/a%20b.md", params={"ref": sha}).json()
    assert base64.b64decode(small["content"]).decode() == "é"
    big = client.get(f"{REPO}/contents/large.txt").json()
    assert (big["content"], big["encoding"], big["size"]) == ("", "none", len(large))
    assert client.get(f"{REPO}/contents/large.txt", headers={"accept": RAW}).content == large
    assert [it["type"] for it in client.get(f"{REPO}/contents/").json()].count("dir") == 2
    assert client.get(f"{REPO}/contents/none.md").status_code == 404
    assert client.get(f"{REPO}/contents/CLA.md?ref=none").status_code == 404


def test_comments_come_in_pages_with_links(here: Visit) -> None:
    world, garden, client = here.sandbox.world, here.garden, here.as_installation()
    issue = world.open_issue(garden.repo, garden.ada, "Moss")
    for number in range(35):
        world.comment(issue, garden.bo, f"{number}")
    first = client.get(f"{REPO}/issues/{issue.number}/comments")
    assert len(first.json()) == 30
    assert first.links.keys() == {"next", "last"}
    last = client.get(first.links["next"]["url"])
    assert [it["body"] for it in last.json()] == ["30", "31", "32", "33", "34"]
    assert last.links.keys() == {"prev", "first"}


def test_the_apps_comment_is_signed_by_its_bot_and_edited_in_place(here: Visit) -> None:
    world, garden, client = here.sandbox.world, here.garden, here.as_installation()
    pull = world.propose(garden.repo, garden.ada, {"a.txt": "1\n"})
    made = client.post(f"{REPO}/issues/{pull.number}/comments", json={"body": "hello"}).json()
    assert made["user"]["login"] == "potluck[bot]"
    assert made["performed_via_github_app"]["id"] == here.sandbox.app_id
    edited = client.patch(f"{REPO}/issues/comments/{made['id']}", json={"body": "there"}).json()
    assert (edited["id"], edited["body"]) == (made["id"], "there")
    assert [comment.body for comment in pull.comments] == ["there"]
    assert client.post(f"{REPO}/issues/{pull.number}/comments", json={}).status_code == 422
    assert client.post(f"{REPO}/issues/999/comments", json={"body": "x"}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "completed"},
        {"conclusion": "fine"},
        {"status": "done"},
        {"head_sha": "0" * 40},
        {"output": {"title": "x"}},
        {"output": {"title": "x", "summary": "x" * 65_536}},
        {"output": {"title": "x", "summary": "x", "annotations": [{"path": "x"}]}},
    ],
)
def test_a_wrong_check_run_is_refused(here: Visit, wrong: dict) -> None:
    right = {"name": "x", "head_sha": here.garden.repo.branches["main"]}
    client = here.as_installation()
    assert client.post(f"{REPO}/check-runs", json=right | wrong).status_code == 422
    assert client.post(f"{REPO}/check-runs", json=right).json()["status"] == "queued"


def test_the_newest_check_run_of_a_name_counts(here: Visit) -> None:
    client, sha = here.as_installation(), here.garden.repo.branches["main"]
    run = {"name": "x", "head_sha": sha, "external_id": "key", "conclusion": "neutral"}
    first, second = (client.post(f"{REPO}/check-runs", json=run).json() for _ in range(2))
    path = f"{REPO}/commits/main/check-runs"
    latest = client.get(path, params={"check_name": "x"}).json()
    assert [it["id"] for it in latest["check_runs"]] == [second["id"]]
    assert client.get(path, params={"filter": "all"}).json()["total_count"] == 2
    change = {"conclusion": "success", "output": {"title": "Done", "summary": "All."}}
    changed = client.patch(f"{REPO}/check-runs/{first['id']}", json=change).json()
    assert (changed["conclusion"], changed["external_id"]) == ("success", "key")
    assert changed["output"]["title"] == "Done"


def test_the_manifest_flow_gives_credentials_once(here: Visit) -> None:
    world = here.sandbox.world
    manifest = {"name": "My Potluck", "url": "https://potluck.example", "hook_attributes": {}}
    code = world.submit_manifest(here.garden.mara, manifest)
    made = here.client().post(f"/app-manifests/{code}/conversions")
    assert made.status_code == 201
    assert made.json()["pem"].startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert here.client().post(f"/app-manifests/{code}/conversions").status_code == 404
    late = world.submit_manifest(here.garden.mara, manifest)
    here.clock.turn(hours=1)
    assert here.client().post(f"/app-manifests/{late}/conversions").status_code == 404
