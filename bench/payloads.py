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
    return {
        "login": login,
        "id": number,
        "node_id": f"MDQ6VXNlcj{number}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{number}?v=4",
        "url": url,
        "html_url": f"https://github.com/{login}",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "type": "User",
        "site_admin": False,
    }


def _comment(dice: random.Random, size: int) -> bytes:
    base = "https://api.github.com/repos/acme/anvil"
    repository = {f"{name}_url": f"{base}/{name}{{/sha}}" for name in _LINKS}
    payload = {
        "action": "created",
        "issue": {
            "number": dice.randrange(1, 9999),
            "id": dice.randrange(10**9),
            "user": _account(dice),
            "labels": [],
            "assignees": [_account(dice) for _ in range(4)],
            "title": " ".join(dice.choices(_WORDS, k=8)),
        },
        "comment": {"id": dice.randrange(10**9), "user": _account(dice), "body": "Thank you!"},
        "repository": repository | {"id": 1296269, "full_name": "acme/anvil"},
        "sender": _account(dice),
    }
    missing = size - len(json.dumps(payload))
    payload["issue"]["body"] = " ".join(dice.choices(_WORDS, k=missing // 6))
    return json.dumps(payload).encode()
