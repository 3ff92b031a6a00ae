"""GitHub's page of e-mail addresses: an address added there links the commits that carry it."""

import re

from bot.sandbox.records import NOREPLY, PullRequest
from bot.sandbox.serving import Response
from bot.sandbox.web import Look, PageError, page, to

PLACE = "/settings/emails"
LONGEST = 254
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")


@page("GET", PLACE)
def emails(look: Look) -> Response:
    """Show whose addresses these are, which commits wait for one, and the form that adds one."""
    return look.page("emails.html", unlinked=_unlinked(look))


@page("POST", PLACE)
def add_email(look: Look) -> Response:
    """Add an address to whom one plays; here it counts at once, GitHub has it confirmed first."""
    address = look.request.form().get("email", "").strip()
    if len(address) > LONGEST or not _ADDRESS.fullmatch(address):
        raise PageError(422, "That is no e-mail address.")
    if look.world.linked(address) is not None:
        raise PageError(422, "An account has this address already.")
    if address.casefold().endswith(f"@{NOREPLY}"):
        raise PageError(422, "GitHub gives such addresses itself.")
    look.who.emails.add(address)
    return to(PLACE)


def _unlinked(look: Look) -> list[str]:
    """List the addresses in open pull requests that belong to nobody."""
    found: set[str] = set()
    for repo in look.world.repositories.values():
        for it in repo.threads.values():
            if isinstance(it, PullRequest) and it.state == "open":
                commits = repo.objects.between(it.base_sha, it.head_sha)
                found.update(one.author.email for one in commits)
    return sorted(address for address in found if look.world.linked(address) is None)
