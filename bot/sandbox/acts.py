"""What a visitor of the play page can do, as the person they play."""

from typing import Any

from bot.sandbox.git import MergeConflict
from bot.sandbox.records import Account, Discussion, Issue, PullRequest
from bot.sandbox.serving import Response
from bot.sandbox.web import Look, PageError, chosen_person, page, to

LONGEST_TEXT = 20_000
STRANGER = ("Ada's other laptop", "root@localhost")
IDEAS = (
    ("List the seeds", "seeds.py", '"""What is in the shed."""\n\nSEEDS = ["radish", "tomato"]\n'),
    (
        "Count the rows",
        "rows.py",
        '"""How much fits."""\n\n\ndef rows(metres: int) -> int:\n    return metres * 3\n',
    ),
    ("Water less in spring", "water.py", '"""How much to water."""\n\nLITRES = {"spring": 2}\n'),
    ("Name the weeds", "weeds.py", '"""What not to keep."""\n\nWEEDS = {"couch", "nettle"}\n'),
)


def watched(thread: PullRequest | Any) -> Response:
    """Lead to a thread after an act, and watch what comes of it."""
    return to(f"{_path(thread)}#now", watch=1)


def _path(thread: Issue) -> str:
    kind = {PullRequest: "pull", Discussion: "discussions"}.get(type(thread), "issues")
    return f"/{thread.repo.full_name}/{kind}/{thread.number}"


def written(form: dict[str, str], name: str) -> str:
    """Give what was written into a field; an empty one is refused."""
    text = form.get(name, "").replace("\r\n", "\n").strip()
    if not text:
        raise PageError(422, "Write something first.")
    return text[:LONGEST_TEXT]


def _co_authors(look: Look, form: dict[str, str]) -> list[Account]:
    who = look.world.by_login(form.get("co_author", ""))
    return [who] if who and who is not look.who else []


def _maintainer(look: Look) -> None:
    if not look.maintains(look.repo):
        raise PageError(403, "Only a maintainer can do that: play Mara.")


@page("POST", "/who")
def become(look: Look) -> Response:
    """Play somebody else from now on."""
    form = look.request.form()
    who = look.world.by_login(form.get("login", ""))
    if who is None or who.type != "User":
        raise PageError(422, "There is nobody of that name.")
    back = form.get("next", "/")
    # A path of this site and nothing else: `//elsewhere` would be another one.
    if not back.startswith("/") or back.startswith(("//", "/\\")):
        back = "/"
    answer = to(back)
    return Response(answer.status, b"", {**answer.headers, **chosen_person(who)})


@page("POST", "/{owner}/{repo}/pulls")
def open_pull(look: Look) -> Response:
    """Open a pull request with a small change."""
    form, repo = look.request.form(), look.repo
    title, path, content = IDEAS[len(repo.threads) % len(IDEAS)]
    title = form.get("title", "").strip()[:120] or title
    # A name of its own for every change, so that none conflicts with the one before.
    path = path.replace(".py", f"_{len(repo.threads) + 1}.py")
    pull = look.world.propose(
        repo, look.who, {path: content}, title=title, co_authors=_co_authors(look, form)
    )
    return watched(pull)


@page("POST", "/{owner}/{repo}/issues")
def open_issue(look: Look) -> Response:
    """Open an issue."""
    form = look.request.form()
    title, body = written(form, "title")[:120], form.get("body", "")[:LONGEST_TEXT]
    labels = ["request"] if form.get("request") else []
    return watched(look.world.open_issue(look.repo, look.who, title, body, labels=labels))


@page("POST", "/{owner}/{repo}/issues/{number}/thumb")
def thumb(look: Look) -> Response:
    """Put a 👍 under an issue or a discussion, or take one's own away."""
    thread, who = look.thread(), look.who
    react = look.world.unreact if (who.id, "+1") in thread.reactions else look.world.react
    react(thread, who)
    return to(f"{_path(thread)}#now")


@page("POST", "/{owner}/{repo}/threads/{number}/comments")
def comment(look: Look) -> Response:
    """Comment; the buttons below the box bring their own text."""
    form = look.request.form()
    body, thread = form.get("quick") or written(form, "body"), look.thread()
    if isinstance(thread, Discussion):
        look.world.say_in_discussion(thread, look.who, body)
    else:
        look.world.comment(thread, look.who, body)
    return watched(thread)


@page("POST", "/{owner}/{repo}/comments/{id}")
def edit_comment(look: Look) -> Response:
    """Change a comment: one's own, or as a maintainer anybody's."""
    it = look.world.comments.get(int(look.args["id"]))
    if it is None:
        raise PageError(404, "There is no such comment.")
    if it.author is not look.who:
        _maintainer(look)
    there = isinstance(it.thread, Discussion)
    edit = look.world.edit_in_discussion if there else look.world.edit_comment
    edit(it, look.who, written(look.request.form(), "body"))
    return watched(it.thread)


@page("POST", "/{owner}/{repo}/pull/{number}/commits")
def push(look: Look) -> Response:
    """Push one more commit, or start over with a forced push."""
    form, pull, world = look.request.form(), look.pull(), look.world
    if pull.head_repo is None or pull.state == "closed":
        raise PageError(422, "This pull request takes no more commits.")
    author = STRANGER if form.get("author") == "stranger" else look.who
    if form.get("how") == "start over":
        tip = pull.repo.branches[pull.base_ref]
        world.branch(pull.head_repo, pull.head_ref, tip)
    world.push_to(
        pull,
        author=author,
        pusher=look.who,
        message=form.get("message", "").strip()[:200] or "Go on",
        co_authors=_co_authors(look, form),
    )
    return watched(pull)


@page("POST", "/{owner}/{repo}/threads/{number}/state")
def change_state(look: Look) -> Response:
    """Close or reopen."""
    thread = look.thread()
    if thread.author is not look.who:
        _maintainer(look)
    is_closed = thread.state == "closed"
    if isinstance(thread, Discussion):
        deed = "reopened" if is_closed else "closed"
        look.world.change_discussion(thread, look.who, deed)
    else:
        act = look.world.reopen if is_closed else look.world.close
        act(thread, look.who)
    return watched(thread)


@page("POST", "/{owner}/{repo}/pull/{number}/merge")
def merge(look: Look) -> Response:
    """Merge by hand or put into the merge queue."""
    _maintainer(look)
    pull, form = look.pull(), look.request.form()
    if pull.state == "closed":
        raise PageError(422, "This pull request is closed already.")
    land = look.world.merge if form.get("how") == "now" else look.world.enqueue
    try:
        land(pull, look.who, "merge")
    except MergeConflict as error:
        message = "This branch has conflicts with the base branch."
        raise PageError(409, message) from error
    return watched(pull)


@page("POST", "/{owner}/{repo}/runs/{id}/rerun")
def rerun(look: Look) -> Response:
    """Ask for a check again."""
    run = look.world.check_runs.get(int(look.args["id"]))
    if run is None:
        raise PageError(404, "There is no such check.")
    look.world.rerequest_check(run, look.who)
    pulls = look.world.pulls_at(run.repo, run.head_sha)
    if pulls:
        return watched(pulls[0])
    return to(f"/{run.repo.full_name}/runs/{run.id}")
