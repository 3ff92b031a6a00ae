"""What GitHub says about things, as JSON: REST answers and webhooks share these shapes."""

import base64
import zlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from bot.sandbox.git import Commit
from bot.sandbox.records import (
    Account,
    App,
    Comment,
    Installation,
    Issue,
    PullRequest,
    Reaction,
    Repository,
)

Json = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """The two addresses of this GitHub: `api` for programs, `web` for people."""

    api: str
    web: str


def when(at: datetime | None) -> str | None:
    """Write an instant as GitHub does: whole seconds, in UTC."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def node_id(kind: str, number: int | str) -> str:
    """Make a global id, opaque as GitHub's are."""
    return f"{kind}_{base64.urlsafe_b64encode(str(number).encode()).decode().rstrip('=')}"


def account(place: Place, who: Account) -> Json:
    """Give a user as others carry it (GitHub's "simple user")."""
    return dict(_account(place, who.id, who.login, who.type))


@lru_cache(maxsize=4096)
def _account(place: Place, number: int, login: str, kind: str) -> Json:
    api = f"{place.api}/users/{login.replace('[', '%5B').replace(']', '%5D')}"
    html = f"apps/{login.removesuffix('[bot]')}" if kind == "Bot" else login
    return {
        "login": login,
        "id": number,
        "node_id": node_id(kind[0], number),
        "avatar_url": f"{place.web}/avatars/{number}",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{place.web}/{html}",
        "followers_url": f"{api}/followers",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs",
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events{{/privacy}}",
        "received_events_url": f"{api}/received_events",
        "type": kind,
        "site_admin": False,
    }


def profile(place: Place, who: Account) -> Json:
    """Give a user or organisation as its own page has it."""
    return account(place, who) | {
        "user_view_type": "public",
        "name": who.name,
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": when(who.created_at),
        "updated_at": when(who.created_at),
    }


def organization(place: Place, who: Account) -> Json:
    """Give an organisation as webhooks carry it."""
    api = f"{place.api}/orgs/{who.login}"
    return {
        "login": who.login,
        "id": who.id,
        "node_id": node_id("O", who.id),
        "url": api,
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events",
        "hooks_url": f"{api}/hooks",
        "issues_url": f"{api}/issues",
        "members_url": f"{api}/members{{/member}}",
        "public_members_url": f"{api}/public_members{{/member}}",
        "avatar_url": f"{place.web}/avatars/{who.id}",
        "description": "",
    }


def app(place: Place, it: App) -> Json:
    """Give an App."""
    return {
        "id": it.id,
        "slug": it.slug,
        "node_id": node_id("A", it.id),
        "owner": account(place, it.owner),
        "name": it.name,
        "description": "",
        "external_url": it.external_url,
        "html_url": f"{place.web}/apps/{it.slug}",
        "created_at": when(it.created_at),
        "updated_at": when(it.created_at),
        "permissions": dict(it.permissions),
        "events": list(it.events),
    }


def installation(place: Place, it: Installation) -> Json:
    """Give an installation of an App."""
    api = f"{place.api}/app/installations/{it.id}"
    if it.account.type == "Organization":
        html = f"{place.web}/organizations/{it.account.login}/settings/installations/{it.id}"
    else:
        html = f"{place.web}/settings/installations/{it.id}"
    return {
        "id": it.id,
        "account": account(place, it.account),
        "repository_selection": "all" if it.repositories is None else "selected",
        "access_tokens_url": f"{api}/access_tokens",
        "repositories_url": f"{place.api}/installation/repositories",
        "html_url": html,
        "app_id": it.app.id,
        "app_slug": it.app.slug,
        "target_id": it.account.id,
        "target_type": it.account.type,
        "permissions": dict(it.permissions),
        "events": list(it.events),
        "created_at": when(it.created_at),
        "updated_at": when(it.updated_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": account(place, it.suspended_by) if it.suspended_by else None,
        "suspended_at": when(it.suspended_at),
    }


def linked(place: Place, who: Account | None) -> Json | None:
    """Give the account that GitHub linked to a git identity, if any."""
    return account(place, who) if who else None


def association(thread_repo: Repository, who: Account) -> str:
    """Say how somebody relates to a repository."""
    if who is thread_repo.owner:
        return "OWNER"
    if who.id in thread_repo.private_members:
        return "CONTRIBUTOR"
    if thread_repo.permissions.get(who.id) in {"admin", "maintain"}:
        return "MEMBER" if thread_repo.owner.type == "Organization" else "COLLABORATOR"
    if who.id in thread_repo.permissions:
        return "COLLABORATOR"
    merged = any(
        isinstance(thread, PullRequest) and thread.merged_at and thread.author is who
        for thread in thread_repo.threads.values()
    )
    return "CONTRIBUTOR" if merged else "NONE"


def comment(place: Place, it: Comment) -> Json:
    """Give a comment on an issue or pull request."""
    repo, thread = it.thread.repo, it.thread
    kind = "pull" if isinstance(thread, PullRequest) else "issues"
    html = f"{place.web}/{repo.full_name}/{kind}/{thread.number}#issuecomment-{it.id}"
    return {
        "url": f"{place.api}/repos/{repo.full_name}/issues/comments/{it.id}",
        "html_url": html,
        "issue_url": f"{place.api}/repos/{repo.full_name}/issues/{thread.number}",
        "id": it.id,
        "node_id": node_id("IC", it.id),
        "user": account(place, it.author),
        "created_at": when(it.created_at),
        "updated_at": when(it.updated_at),
        "author_association": association(repo, it.author),
        "body": it.body,
        "performed_via_github_app": app(place, it.app) if it.app else None,
    }


def issue(place: Place, it: Issue) -> Json:
    """Give an issue, or a pull request seen as one."""
    api = f"{place.api}/repos/{it.repo.full_name}"
    is_pull = isinstance(it, PullRequest)
    html = f"{place.web}/{it.repo.full_name}/{'pull' if is_pull else 'issues'}/{it.number}"
    number = it.issue_id if isinstance(it, PullRequest) else it.id
    url = f"{api}/issues/{it.number}"
    more = _pull_in_issue(place, it, html) if isinstance(it, PullRequest) else {}
    more |= {"state_reason": it.state_reason} if it.state_reason else {}
    return more | {
        "url": url,
        "repository_url": api,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": html,
        "id": number,
        "node_id": node_id("PR" if is_pull else "I", it.id),
        "number": it.number,
        "title": it.title,
        "user": account(place, it.author),
        "labels": [label(place, it.repo, name) for name in it.labels],
        "state": it.state,
        "locked": it.locked,
        "assignee": None,
        "assignees": [],
        "milestone": it.milestone.shown(place) if it.milestone else None,
        "comments": len(it.comments),
        "created_at": when(it.created_at),
        "updated_at": when(it.updated_at),
        "closed_at": when(it.closed_at),
        "author_association": association(it.repo, it.author),
        "active_lock_reason": None,
        "body": it.body,
        "reactions": rollup(f"{url}/reactions", it),
        "performed_via_github_app": app(place, it.app) if it.app else None,
    }


CONTENTS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def rollup(url: str, it: Issue) -> Json:
    """Count the reactions under a thread, by content."""
    given = [content for _who, content in it.reactions]
    counts = {content: given.count(content) for content in CONTENTS}
    return {"url": url, "total_count": len(given)} | counts


def reaction(place: Place, it: Reaction) -> Json:
    """Give one reaction."""
    return {
        "id": it.id,
        "node_id": node_id("REA", it.id),
        "user": account(place, it.user) if it.user else None,
        "content": it.content,
        "created_at": when(it.created_at),
    }


def label(place: Place, repo: Repository, name: str) -> Json:
    """Give a label of a repository; its number and colour come from its name."""
    number = zlib.crc32(f"{repo.id}/{name}".encode())
    return {
        "id": number,
        "node_id": node_id("LA", number),
        "url": f"{place.api}/repos/{repo.full_name}/labels/{quote(name)}",
        "name": name,
        "color": f"{number % 0x1000000:06x}",
        "default": False,
        "description": "",
    }


def _pull_in_issue(place: Place, it: PullRequest, html: str) -> Json:
    return {
        "draft": it.draft,
        "pull_request": {
            "url": f"{place.api}/repos/{it.repo.full_name}/pulls/{it.number}",
            "html_url": html,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
        },
    }


def head_commit(it: Commit) -> Json:
    """Give a commit as `merge_group` and `check_suite` events carry it."""
    return {
        "id": it.sha,
        "tree_id": it.tree_sha,
        "message": it.message,
        "timestamp": when(it.author.at),
        "author": {"name": it.author.name, "email": it.author.email},
        "committer": {"name": it.committer.name, "email": it.committer.email},
    }
