"""Repositories as GitHub's JSON."""

from bot.sandbox.records import Repository
from bot.sandbox.shapes import Json, Place, account, node_id, when

_TEMPLATES = {
    "archive_url": "{archive_format}{/ref}",
    "assignees_url": "assignees{/user}",
    "blobs_url": "git/blobs{/sha}",
    "branches_url": "branches{/branch}",
    "collaborators_url": "collaborators{/collaborator}",
    "comments_url": "comments{/number}",
    "commits_url": "commits{/sha}",
    "compare_url": "compare/{base}...{head}",
    "contents_url": "contents/{+path}",
    "contributors_url": "contributors",
    "deployments_url": "deployments",
    "downloads_url": "downloads",
    "events_url": "events",
    "forks_url": "forks",
    "git_commits_url": "git/commits{/sha}",
    "git_refs_url": "git/refs{/sha}",
    "git_tags_url": "git/tags{/sha}",
    "hooks_url": "hooks",
    "issue_comment_url": "issues/comments{/number}",
    "issue_events_url": "issues/events{/number}",
    "issues_url": "issues{/number}",
    "keys_url": "keys{/key_id}",
    "labels_url": "labels{/name}",
    "languages_url": "languages",
    "merges_url": "merges",
    "milestones_url": "milestones{/number}",
    "notifications_url": "notifications{?since,all,participating}",
    "pulls_url": "pulls{/number}",
    "releases_url": "releases{/id}",
    "stargazers_url": "stargazers",
    "statuses_url": "statuses/{sha}",
    "subscribers_url": "subscribers",
    "subscription_url": "subscription",
    "tags_url": "tags",
    "teams_url": "teams",
    "trees_url": "git/trees{/sha}",
}
_PLAIN: Json = {
    "description": None,
    "mirror_url": None,
    "homepage": None,
    "stargazers_count": 0,
    "watchers_count": 0,
    "watchers": 0,
    "language": None,
    "has_issues": True,
    "has_projects": True,
    "has_downloads": True,
    "has_wiki": True,
    "has_pages": False,
    "has_discussions": False,
    "forks_count": 0,
    "forks": 0,
    "disabled": False,
    "license": None,
    "allow_forking": True,
    "is_template": False,
    "web_commit_signoff_required": False,
}


def repository(place: Place, it: Repository) -> Json:
    """Give a repository as lists, pull requests and webhooks carry it."""
    api, html = f"{place.api}/repos/{it.full_name}", f"{place.web}/{it.full_name}"
    open_threads = sum(thread.state == "open" for thread in it.threads.values())
    return (
        repository_in_brief(it)
        | {"owner": account(place, it.owner), "html_url": html, "url": api}
        | _PLAIN
        | {name: f"{api}/{rest}" for name, rest in _TEMPLATES.items()}
        | {
            "fork": it.parent is not None,
            "created_at": when(it.created_at),
            "updated_at": when(it.updated_at or it.pushed_at or it.created_at),
            "pushed_at": when(it.pushed_at or it.created_at),
            "git_url": f"git{html.removeprefix('http')}.git",
            "ssh_url": f"git@sandbox:{it.full_name}.git",
            "clone_url": f"{html}.git",
            "svn_url": html,
            "size": sum(len(it.objects.blobs[blob]) for blob in _tip(it).values()) // 1024,
            "archived": it.archived,
            "open_issues_count": open_threads,
            "open_issues": open_threads,
            "topics": [],
            "visibility": "private" if it.private else "public",
            "default_branch": it.default_branch,
        }
    )


def _tip(it: Repository) -> dict[str, str]:
    sha = it.branches.get(it.default_branch)
    return dict(it.objects.commits[sha].tree) if sha else {}


def repository_in_brief(it: Repository) -> Json:
    """Give a repository as installation events name it."""
    return {
        "id": it.id,
        "node_id": node_id("R", it.id),
        "name": it.name,
        "full_name": it.full_name,
        "private": it.private,
    }


def pushed_repository(place: Place, it: Repository) -> Json:
    """Give a repository as `push` events carry it: older habits, kept for ever."""
    shown = repository(place, it)
    owner = {"name": it.owner.login, "email": None if it.owner.type != "User" else it.owner.email}
    return shown | {
        "owner": owner | shown["owner"],
        "created_at": int(it.created_at.timestamp()),
        "pushed_at": int((it.pushed_at or it.created_at).timestamp()),
        "stargazers": 0,
        "master_branch": it.default_branch,
    }
