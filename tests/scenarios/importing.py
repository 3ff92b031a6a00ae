"""Files of other tools, and sending them, for the stories about imports."""

import json
from datetime import timedelta
from typing import Any

import httpx

from bot.sandbox.records import Account
from tests.house import House
from tests.visitor import Visitor, forms

PAGE = "/potluck-sandbox/garden/maintain/import"
YEARS = timedelta(days=900)


def grow_old(house: House) -> None:
    """Let all accounts be there for longer than any signature of these stories."""
    for account in house.world.accounts.values():
        account.created_at -= 2 * YEARS


def signed_at(house: House) -> str:
    return (house.now - YEARS).isoformat()


def lite(house: House, *people: Account, **more: Any) -> bytes:
    """A file of CLA Assistant Lite that these people have signed."""
    rows = [
        {"name": who.login, "id": who.id, "comment_id": n, "created_at": signed_at(house)} | more
        for n, who in enumerate(people, 70)
    ]
    return json.dumps({"signedContributors": rows}).encode()


def plain(house: House, *logins: str) -> bytes:
    """A table that has logins only."""
    lines = ["login,signed_at", *(f"{login},{signed_at(house)}" for login in logins)]
    return "\n".join(lines).encode()


def send(visitor: Visitor, content: bytes, version: str = "1.0", **fields: str) -> httpx.Response:
    """Choose a file on the page and send it; follows to the report once it is looked up."""
    (form,) = [it for it in forms(visitor.get(PAGE).text) if it.id == "upload"]
    data = {"csrf_token": str(form.fields["csrf_token"]), "version": version, **fields}
    answer = visitor.http.post(
        visitor.here(PAGE),
        data=data,
        files={"file": ("signatures", content)},
        headers={"referer": visitor.here(PAGE)},
    )
    if answer.status_code != 303:
        return answer
    visitor.house.settle()
    return visitor.get(answer.headers["location"])


def force(visitor: Visitor, report: httpx.Response) -> None:
    """Approve by hand where the page offers nothing to approve."""
    assert "Nothing of this file can be taken over" in report.text
    found = {one.id: one for one in forms(report.text)}
    assert "approve" not in found
    token = str(found["drop"].fields["csrf_token"])
    visitor.post(f"{report.url.path}/approve", {"csrf_token": token, "sure": "yes"})


def approve(visitor: Visitor, report: httpx.Response, **fields: Any) -> httpx.Response:
    return visitor.fill_in(report, {"sure": "yes", **fields}, form="approve")
