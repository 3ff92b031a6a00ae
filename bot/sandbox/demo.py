"""The main story on the screen: a real service, a sandbox GitHub, and what each is told.

`make demo` runs it on a fresh database under `var/demo`; the last line is that database's
address, for `potluck check`, `potluck export` and a look.
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from bot.sandbox import demo_money
from bot.sandbox.demo_stage import Days, stage
from bot.sandbox.demo_story import Story, Unfulfilled
from bot.sandbox.free_port import free_port
from bot.sandbox.records import NOREPLY, Account, PullRequest, Repository
from bot.sandbox.seed import seed
from bot.sandbox.server import Sandbox
from core.config import environment

FOLDER = Path("var/demo")


def hidden(person: Account) -> tuple[str, str]:
    """Give name and no-reply address, by which GitHub's own co-author lines name people."""
    return person.name, f"{person.id}+{person.login}@{NOREPLY}"


def tell(story: Story) -> None:
    """Play the story; raises `Unfulfilled` where it does not go on."""
    world = story.sandbox.world
    people = {name: world.by_login(name) for name in ("ada", "bo", "chen")}
    ada, bo, chen = (person for person in people.values() if person)
    garden = world.find_repository("potluck-sandbox/garden")
    if garden is None:
        raise Unfulfilled("the sandbox has no garden")
    story.step("The App is installed on potluck-sandbox/garden, which has an agreement.")
    story.step("Ada opens a pull request, written together with Bo and Chen.")
    files = {"seeds.md": "# Seeds\n"}
    pull = world.propose(
        garden, ada, files, title="List the seeds", co_authors=map(hidden, (bo, chen))
    )
    story.check(garden, pull.head_sha, "action_required")
    story.says(pull, "<!-- potluck:cla -->")
    story.step("Ada writes /sign.")
    world.comment(pull, ada, "/sign")
    story.check(garden, pull.head_sha, "action_required", "2 people")
    story.step("Bo writes the sentence.")
    world.comment(pull, bo, "I have read the CLA Document and I hereby sign the CLA")
    story.check(garden, pull.head_sha, "action_required", "1 person")
    story.step("Chen writes “I agree”, which is not enough to be held to.")
    world.comment(pull, chen, "I agree")
    story.says(pull, f"<!-- potluck:answer:{chen.id} -->")
    story.step("Chen signs.")
    world.comment(pull, chen, "/sign 1.0")
    story.check(garden, pull.head_sha, "success")
    _second_half(story, garden, pull)


def _second_half(story: Story, garden: Repository, pull: PullRequest) -> None:
    """What changes after everybody has signed: new people, and the merge queue."""
    world, ada, dora = story.sandbox.world, pull.author, story.sandbox.world.account("dora")
    story.step("Ada pushes again, with Dora as a new co-author.")
    first = garden.branches[garden.default_branch]
    source = pull.head_repo or garden
    world.branch(source, pull.head_ref, first)
    message = "List the seeds, sorted"
    world.push_to(
        pull,
        author=ada,
        files={"seeds.md": "# Seeds, sorted\n"},
        message=message,
        co_authors=(dora,),
    )
    story.check(garden, pull.head_sha, "action_required")
    story.step("Dora signs.")
    world.comment(pull, dora, "/sign")
    story.check(garden, pull.head_sha, "success")
    story.step("Mara puts the pull request into the merge queue: it is judged once more.")
    group = world.enqueue(pull, garden.owner)
    story.check(garden, group.head_sha, "success")
    said = len([it for it in pull.comments if it.app])
    print(f"\n    In all of this the bot wrote {said} comments; the first was edited in place.")


def _set_up(sandbox: Sandbox, port: int) -> dict[str, str]:
    """Empty the folder of the story; gives the service's environment."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    return {
        "DATABASE_URL": f"sqlite:///{FOLDER.resolve()}/potluck.db",
        "INBOX_DATABASE_URL": f"sqlite:///{FOLDER.resolve()}/inbox.db",
        "POTLUCK_VAR": str(FOLDER),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "GITHUB_API_URL": sandbox.api_url,
        "GITHUB_APP_ID": str(sandbox.app_id),
        "GITHUB_APP_PRIVATE_KEY": sandbox.private_key,
        "GITHUB_WEBHOOK_SECRET": sandbox.webhook_secret,
    }


def main() -> int:
    """Play the story; 0 if it went as it should, else 1."""
    began = time.monotonic()
    port, days = free_port(), Days()
    own = f"http://127.0.0.1:{port}"
    hook = f"{own}/webhooks/github"
    with Sandbox.start(webhook_url=hook, potluck_url=own, live=True, clock=days) as box:
        given = _set_up(box, port)
        try:
            with stage(box, given, days) as play:
                seed(box)
                tell(play.story)
                demo_money.tell(play)
            outcome = _proved(given)
        except Unfulfilled as error:
            print(f"\nThe story broke off: {error}", file=sys.stderr)
            outcome = 1
    print(f"\nTold in {time.monotonic() - began:.0f} seconds.")
    print(f"DATABASE_URL={given['DATABASE_URL']}")
    return outcome


def _proved(given: dict[str, str]) -> int:
    print("\nAre the chain of signatures and the books whole?", flush=True)
    command = [sys.executable, "-m", "bot", "check"]
    return subprocess.run(command, env=environment() | given, check=False).returncode  # noqa: S603 - our own module


if __name__ == "__main__":
    sys.exit(main())
