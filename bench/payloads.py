"""Deliveries as GitHub sends them: signed JSON of about 20 kB that deflates as real ones do."""

import hmac
import json
import random
from dataclasses import dataclass
from hashlib import sha256

SECRET = b"the secret of the measurements"
SIZE = 20_000
_WORDS = (
    "the quick brown fox reviews a lazy pull request while maintainers argue about names and"
    " tests fail on main because somebody changed what everybody relied upon"
).split()
_LINKS = (
    "archive assignees blobs branches collaborators comments commits compare contents"
    " contributors deployments downloads events forks git_commits git_refs git_tags hooks"
    " issue_comment issue_events issues keys labels languages merges milestones notifications"
    " pulls releases stargazers statuses subscribers subscription tags teams trees"
).split()
_OF_A_USER = (
    "followers following gists starred subscriptions organizations repos events received_events"
).split()
_REPOSITORY = "https://api.github.com/repos/acme/anvil"


@dataclass(frozen=True)
class Signed:
    """A body and the value of its signature header."""

    body: bytes
    signature: str


def signed(count: int, size: int = SIZE, seed: int = 1) -> list[Signed]:
    """Make different bodies of about `size` bytes."""
    dice = random.Random(seed)
    return [_sign(_comment(dice, size)) for _ in range(count)]


def _sign(body: bytes) -> Signed:
    return Signed(body, f"sha256={hmac.new(SECRET, body, sha256).hexdigest()}")


def _account(dice: random.Random) -> dict[str, object]:
    number = dice.randrange(10**8)
    login = f"{dice.choice(_WORDS)}{number % 1000}"
    url = f"https://api.github.com/users/{login}"
    lists = {f"{name}_url": f"{url}/{name}{{/other}}" for name in _OF_A_USER}
    return lists | {
        "login": login,
        "id": number,
        "node_id": f"MDQ6VXNlcj{number}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{number}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"https://github.com/{login}",
        "type": "User",
        "site_admin": False,
    }


def _label(dice: random.Random) -> dict[str, object]:
    name = "-".join(dice.choices(_WORDS, k=2))
    return {
        "id": dice.randrange(10**9),
        "node_id": f"MDU6TGFiZWw{dice.randrange(10**9)}",
        "url": f"{_REPOSITORY}/labels/{name}",
        "name": name,
        "color": f"{dice.randrange(2**24):06x}",
        "default": False,
    }


def _repository(dice: random.Random) -> dict[str, object]:
    links = {f"{name}_url": f"{_REPOSITORY}/{name}{{/sha}}" for name in _LINKS}
    counts = {f"{name}_count": dice.randrange(99) for name in ("forks", "stargazers", "watchers")}
    return (
        links
        | counts
        | {
            "id": 1296269,
            "full_name": "acme/anvil",
            "owner": _account(dice),
            "html_url": "https://github.com/acme/anvil",
            "pushed_at": "2026-11-22T09:00:00Z",
            "default_branch": "main",
            "private": False,
        }
    )


def _comment(dice: random.Random, size: int) -> bytes:
    """Make a comment's event: accounts, labels and a repository, most of it addresses, and prose."""
    issue = {
        "number": dice.randrange(1, 9999),
        "id": dice.randrange(10**9),
        "url": f"{_REPOSITORY}/issues/1",
        "title": " ".join(dice.choices(_WORDS, k=8)),
        "user": _account(dice),
        "labels": [_label(dice) for _ in range(5)],
        "assignees": [],
        "body": " ".join(dice.choices(_WORDS, k=250)),
    }
    comment = {"id": dice.randrange(10**9), "user": _account(dice), "body": "Thank you!"}
    payload = {
        "action": "created",
        "issue": issue,
        "comment": comment,
        "repository": _repository(dice),
        "sender": _account(dice),
    }
    while len(json.dumps(payload)) < size:
        issue["assignees"].append(_account(dice))
    return json.dumps(payload).encode()
