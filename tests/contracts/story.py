"""Everything that people can do in the sandbox, done once: it makes every webhook there is."""

from tests.contracts.garden import Visit


def live_through(here: Visit) -> None:
    """Do everything, with somebody listening."""
    here.sandbox.webhook_url = "http://127.0.0.1:1/webhooks/github"
    _code(here)
    _talk(here)
    _landing(here)
    _releases(here)
    _milestones(here)
    _owners(here)


def _code(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    pull = world.propose(garden.repo, garden.ada, {"a.txt": "1\n"}, co_authors=[garden.bo])
    world.push_to(pull, author=("Nobody", "nobody@example.com"))
    world.force_push(pull, garden.repo.objects.commits[pull.head_sha].parents[0])
    world.commit(garden.repo, "next", message="x", author=garden.mara, files={"n.txt": "1\n"})
    world.push(garden.repo, "next", garden.mara)
    world.edit_title(pull, garden.ada, "Water")
    world.edit_base(pull, garden.mara, "next")
    world.set_draft(pull, garden.ada, draft=True)
    world.set_draft(pull, garden.ada, draft=False)
    world.close(pull, garden.mara)
    world.reopen(pull, garden.ada)
    world.delete_branch(
        garden.repo, "gone", garden.mara
    ) if "gone" in garden.repo.branches else None


def _talk(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    issue = world.open_issue(garden.repo, garden.chen, "Moss", "It grows.")
    world.edit_title(issue, garden.chen, "Moss!")
    comment = world.comment(garden.repo.threads[1], garden.ada, "/sign")
    world.edit_comment(comment, garden.mara, "/sign 1.0")
    world.delete_comment(comment, garden.mara)
    world.comment(issue, garden.ada, "Here too.")
    world.close(issue, garden.mara)
    world.reopen(issue, garden.mara)
    world.react(issue, garden.ada)
    world.label(issue, garden.mara, "request")
    world.unlabel(issue, garden.mara, "request")
    world.label(garden.repo.threads[1], garden.mara, "waiting")
    world.unlabel(garden.repo.threads[1], garden.mara, "waiting")
    world.lock_thread(issue, garden.mara)
    world.lock_thread(issue, garden.mara, locked=False)
    shelf = world.repository(garden.organization, "shelf")
    world.delete_issue(world.transfer_issue(issue, shelf, garden.mara), garden.mara)
    client = here.as_installation()
    path, sha = "/repos/potluck-sandbox/garden", garden.repo.threads[1].head_sha
    client.post(f"{path}/issues/1/comments", json={"body": "From the bot."})
    run = {"name": "potluck/cla", "head_sha": sha, "conclusion": "neutral", "external_id": "x"}
    number = client.post(f"{path}/check-runs", json=run).json()["id"]
    world.rerequest_check(world.check_runs[number], garden.ada)
    world.rerequest_suite(garden.repo, sha, here.sandbox.app, garden.ada)


def _landing(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    for name, method in (("b", "merge"), ("c", "squash"), ("d", "rebase")):
        pull = world.propose(garden.repo, garden.ada, {f"{name}.txt": "1\n"})
        group = world.enqueue(pull, garden.mara, method)
        world.leave_queue(group, "dequeued" if method == "rebase" else "merged")
    world.merge(pull, garden.mara)


def _releases(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    made = world.publish_release(garden.repo, garden.mara, "v1.0")
    world.edit_release(made, garden.mara, body="Moss grows here now.")
    world.delete_release(made, garden.mara)


def _milestones(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    issue = world.open_issue(garden.repo, garden.chen, "Moss again")
    made = world.open_milestone(garden.repo, garden.mara, "Spring", here.clock(), "Before April.")
    world.set_milestone(issue, garden.mara, "Spring")
    world.edit_milestone(made, garden.mara, "Summer", description="Before August.")
    world.close_milestone(made, garden.mara)
    world.reopen_milestone(made, garden.mara)
    world.delete_milestone(made, garden.mara)


def _owners(here: Visit) -> None:
    world, garden, it = here.sandbox.world, here.garden, here.garden.installation
    shed = world.repository(garden.organization, "shed")
    world.add_repositories(it, shed)
    world.remove_repositories(it, shed)
    world.add_repositories(it, shed)
    world.accept_permissions(it, it.permissions | {"members": "read"})
    world.suspend(it, garden.mara)
    world.unsuspend(it, garden.mara)
    world.rename_repository(garden.repo, "orchard", garden.mara)
    world.archive(garden.repo)
    world.unarchive(garden.repo)
    world.set_private(garden.repo, private=True)
    world.set_private(garden.repo, private=False)
    world.rename_account(garden.organization, "potluck-garden")
    world.delete_repository(shed)
    world.install(garden.bo)
    world.transfer(garden.repo, garden.bo)
    world.uninstall(it, garden.mara)
