"""The sandbox keeps git as GitHub does: links by e-mail, true comparisons, forks, force-pushes."""

from collections.abc import Iterator

import pytest

from bot.sandbox.git import MergeConflict
from tests.contracts.garden import REPO, Visit, visit


@pytest.fixture
def here() -> Iterator[Visit]:
    with visit() as guest:
        yield guest


def compare(here: Visit, base: str, head: str, **query: int) -> dict:
    client = here.as_installation()
    answer = client.get(f"{REPO}/compare/{base}...{head}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_commit_is_linked_by_email_and_by_nothing_else(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    authors = {
        ("Somebody", "ADA@example.com"): "ada",
        ("ada", "nobody@example.com"): None,
        ("x", f"{garden.bo.id}+any-login@users.noreply.github.com"): "bo",
        ("x", "chen@users.noreply.github.com"): "chen",
        ("x", "gone@users.noreply.github.com"): None,
        (
            "dependabot[bot]",
            "49699333+dependabot[bot]@users.noreply.github.com",
        ): "dependabot[bot]",
    }
    for author in authors:
        world.commit(garden.repo, "topic", message="x", author=author)
    commits = compare(here, "main", "topic")["commits"]
    linked = [commit["author"] and commit["author"]["login"] for commit in commits]
    assert linked == list(authors.values())
    assert commits[0]["commit"]["author"]["name"] == "Somebody"


def test_a_noreply_address_follows_the_account_and_not_the_login(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    by_number = ("x", f"{garden.ada.id}+ada@users.noreply.github.com")
    by_login = ("x", "ada@users.noreply.github.com")
    world.rename_account(garden.ada, "ada-two")
    world.account("ada")
    for author in (by_number, by_login):
        world.commit(garden.repo, "topic", message="x", author=author)
    accounts = [commit["author"] for commit in compare(here, "main", "topic")["commits"]]
    assert [who["login"] for who in accounts] == ["ada-two", "ada"]
    assert accounts[0]["id"] == garden.ada.id != accounts[1]["id"]


def test_a_comparison_starts_at_the_merge_base(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    start = garden.repo.branches["main"]
    world.commit(garden.repo, "topic", message="one", author=garden.ada, files={"a.txt": "1\n2\n"})
    world.commit(garden.repo, "main", message="aside", author=garden.mara, files={"b.txt": "x\n"})
    world.commit(garden.repo, "topic", message="two", author=garden.ada, files={"README.md": None})
    answer = compare(here, "main", "topic")
    assert answer["merge_base_commit"]["sha"] == start
    assert [commit["commit"]["message"] for commit in answer["commits"]] == ["one", "two"]
    assert (answer["status"], answer["ahead_by"], answer["behind_by"]) == ("diverged", 2, 1)
    changes = {it["filename"]: (it["status"], it["additions"]) for it in answer["files"]}
    assert changes == {"a.txt": ("added", 2), "README.md": ("removed", 0)}


def test_merging_the_base_adds_the_merge_and_not_the_base_commits(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    world.commit(garden.repo, "topic", message="one", author=garden.ada, files={"a.txt": "1\n"})
    world.commit(garden.repo, "main", message="aside", author=garden.mara, files={"b.txt": "x\n"})
    world.merge_commit(garden.repo, "topic", "main", author=garden.ada)
    answer = compare(here, "main", "topic")
    assert [len(commit["parents"]) for commit in answer["commits"]] == [1, 2]
    assert [file["filename"] for file in answer["files"]] == ["a.txt"]


def test_a_conflict_needs_settling_and_may_bring_more(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    for branch, who in (("topic", garden.ada), ("main", garden.mara)):
        world.branch(garden.repo, branch, garden.repo.branches.get(branch, "main"))
        world.commit(garden.repo, branch, message="x", author=who, files={"c.txt": branch})
    with pytest.raises(MergeConflict, match="conflict in c"):
        world.merge_commit(garden.repo, "topic", "main", author=garden.bo)
    settled = {"c.txt": "both", "evil.txt": "smuggled"}
    world.merge_commit(garden.repo, "topic", "main", author=garden.bo, files=settled)
    paths = [file["filename"] for file in compare(here, "main", "topic")["files"]]
    assert paths == ["c.txt", "evil.txt"]


def test_a_fork_is_compared_inside_the_base_repository(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    pull = world.propose(garden.repo, garden.bo, {"a.txt": "1\n"}, co_authors=[garden.chen])
    assert pull.head_repo is not garden.repo
    answer = compare(here, "main", pull.head_sha)
    assert answer["total_commits"] == 1
    trailer = "Co-authored-by: Chen Wei <1978+chen@users.noreply.github.com>"
    assert answer["commits"][0]["commit"]["message"].endswith(trailer)
    assert compare(here, "main", f"bo:{pull.head_ref}")["commits"] == answer["commits"]


def test_a_force_push_moves_the_pull_request_and_tells_both_ends(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    here.sandbox.webhook_url = "http://127.0.0.1:1/"
    pull = world.propose(garden.repo, garden.mara, {"a.txt": "1\n"})
    old, base = pull.head_sha, garden.repo.branches["main"]
    world.branch(garden.repo, pull.head_ref, base)
    new = world.commit(garden.repo, pull.head_ref, message="again", author=garden.bo).sha
    world.force_push(pull, new)
    told = [it.event.payload for it in here.sandbox.hooks.waiting]
    push = next(it for it in told if it.get("forced"))
    synchronize = next(it for it in told if it.get("action") == "synchronize")
    assert (push["before"], push["after"]) == (old, new)
    assert (synchronize["before"], synchronize["after"]) == (old, new)
    assert synchronize["pull_request"]["head"]["sha"] == new
    assert [it["sha"] for it in compare(here, "main", new)["commits"]] == [new]


def test_a_rename_is_one_file_and_a_binary_has_no_lines(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    files = {
        "garden.py": None,
        "beds.py": garden.repo.objects.blobs[_blob(here)],
        "x.bin": b"\0\1",
    }
    world.commit(garden.repo, "topic", message="x", author=garden.ada, files=files)
    shown = {it["filename"]: it for it in compare(here, "main", "topic")["files"]}
    assert shown.keys() == {"beds.py", "x.bin"}
    assert shown["beds.py"]["previous_filename"] == "garden.py"
    assert (shown["beds.py"]["status"], shown["beds.py"]["changes"]) == ("renamed", 0)
    assert shown["x.bin"]["changes"] == 0


def _blob(here: Visit) -> str:
    repo = here.garden.repo
    return repo.objects.commits[repo.branches["main"]].tree["garden.py"]


def test_commits_come_in_pages_and_files_only_on_the_first(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    for number in range(305):
        world.commit(
            garden.repo, "topic", message=str(number), author=garden.ada, files={f"{number}": "x"}
        )
    pages = [compare(here, "main", "topic", per_page=100, page=page) for page in (1, 2, 3, 4, 5)]
    assert [len(page["commits"]) for page in pages] == [100, 100, 100, 5, 0]
    assert {page["total_commits"] for page in pages} == {305}
    assert [len(page.get("files", ())) for page in pages] == [300, 0, 0, 0, 0]
    whole = compare(here, "main", "topic")
    assert len(whole["commits"]) == 250
    said = [commit["commit"]["message"] for page in pages for commit in page["commits"]]
    assert said == [str(number) for number in range(305)]


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_the_merge_queue_makes_a_branch_and_asks_for_checks(here: Visit, method: str) -> None:
    world, garden = here.sandbox.world, here.garden
    here.sandbox.webhook_url = "http://127.0.0.1:1/"
    pull = world.propose(garden.repo, garden.ada, {"a.txt": "1\n"}, title="Water (#1)")
    world.commit(garden.repo, "main", message="aside", author=garden.mara, files={"b.txt": "x\n"})
    tip = garden.repo.branches["main"]
    group = world.enqueue(pull, garden.mara, method)
    told = [it.event.payload for it in here.sandbox.hooks.waiting]
    shown = next(it["merge_group"] for it in told if it.get("action") == "checks_requested")
    assert shown["head_ref"] == f"refs/heads/gh-readonly-queue/main/pr-{pull.number}-{tip}"
    commits = compare(here, tip, shown["head_sha"])["commits"]
    assert len(commits) == {"merge": 2, "squash": 1, "rebase": 1}[method]
    assert commits[-1]["committer"]["login"] == "web-flow"
    author = {"merge": "mara", "squash": "ada", "rebase": "ada"}[method]
    assert commits[-1]["author"]["login"] == author
    world.leave_queue(group)
    assert garden.repo.branches["main"] == shown["head_sha"]
    assert pull.merged_at
