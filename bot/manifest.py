"""What we ask GitHub for: the App's manifest, its permissions and its events.

Source: https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

import json
from urllib.parse import urlsplit

from core.config import LOOPBACK, Settings

PERMISSIONS = {
    "metadata": "read",
    "contents": "read",
    "pull_requests": "write",
    "issues": "write",
    "checks": "write",
    "discussions": "write",
    "merge_queues": "read",
    "members": "read",
    "email_addresses": "read",
}
"""The least that agreements need; `/setup` says for each what it is for."""

EVENTS = (
    "check_run",
    "check_suite",
    "discussion",
    "discussion_comment",
    "issue_comment",
    "issues",
    "merge_group",
    "milestone",
    "pull_request",
    "push",
    "release",
    "repository",
)
"""GitHub adds those about the installation by itself."""

LONGEST_NAME = 34


def manifest(settings: Settings, *, public: bool) -> str:
    """Give the manifest as JSON; a `public` App can be installed by other accounts too."""
    site = settings.public_url
    host = urlsplit(site).hostname or ""
    return json.dumps(
        {
            # The name must be free on all of GitHub; its form lets the owner change it.
            "name": f"Potluck {host}"[:LONGEST_NAME],
            "url": site,
            "description": "Who brought what, under which terms, and what comes of it.",
            "hook_attributes": {"url": f"{site}/webhooks/github", "active": True},
            "redirect_url": f"{site}/setup/callback",
            "callback_urls": [f"{site}/sign-in/callback"],
            # Who installs the App is not asked to sign in: only who wants to sees that page.
            "request_oauth_on_install": False,
            "public": public,
            "default_permissions": PERMISSIONS,
            "default_events": list(EVENTS),
        }
    )


def is_reachable(settings: Settings) -> bool:
    """Say whether GitHub could deliver to this site at all; it refuses loopback addresses.

    One that itself runs on this machine takes them.
    """
    hosts = {urlsplit(url).hostname for url in (settings.public_url, settings.github_api_url)}
    return urlsplit(settings.public_url).hostname not in LOOPBACK or hosts <= LOOPBACK
