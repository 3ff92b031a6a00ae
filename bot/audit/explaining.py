"""Explaining one line: its commit, who holds it, on what that rests, and in which words."""

from collections.abc import Iterator
from typing import Any

from bot.audit.judging import Works
from bot.audit.matter import Matter
from bot.audit.telling import printable
from core.errors import UserError
from licensing.audit.decisions import Inputs
from licensing.audit.parts import Sources
from licensing.audit.tally import Judge
from licensing.audit.values import Held

LONGEST_QUOTE = 600


def explained(matter: Matter, inputs: Inputs, sources: Sources) -> dict[str, Any]:
    """Give everything that is known of a line with these origins, as JSON values."""
    works = Works(matter, inputs)
    judge = Judge(works, inputs.ledger, matter.target, inputs.formats)
    return {
        "standing": judge.together(sources).standing,
        "target": matter.target,
        "origins": [
            {
                "commit": commit,
                "path": path,
                "subject": works(commit).subject,
                "made_at": works(commit).authored_at.isoformat(),
                "sent_at": works(commit).submitted_at.isoformat(),
                "pull_request": works(commit).number,
                "agent": works(commit).agent,
                "holders": [_held(one) for one in judge((commit, path)).held],
            }
            for commit, path in sources
        ],
    }


def _held(one: Held) -> dict[str, Any]:
    found: dict[str, Any] = {
        "who": one.person.key,
        "name": one.person.name,
        "address": one.person.email,
        "role": one.person.role,
        "standing": one.standing,
        "why": one.why,
    }
    if one.grant is not None:
        found["rests_on"] = one.grant.source
        found["outbound"] = one.grant.outbound
        found["licences"] = list(one.grant.licences)
        found["evidence"] = one.grant.evidence
        found["clause"] = one.grant.clause[:LONGEST_QUOTE]
    if one.waiver is not None:
        found["waived_by"] = one.waiver.steward
        found["reason"] = one.waiver.reason
    return found


def told(found: dict[str, Any]) -> Iterator[str]:
    """Give it line by line for a terminal."""
    yield f"{found['standing']} for {found['target']}"
    for origin in found["origins"]:
        number = f", pull request #{origin['pull_request']}" if origin["pull_request"] else ""
        yield printable(f"commit {origin['commit']}{number}")
        yield printable(f"  {origin['subject']}")
        yield printable(f"  as {origin['path']}, sent {origin['sent_at']}")
        for held in origin["holders"]:
            yield from map(printable, _held_told(held))


def _held_told(held: dict[str, Any]) -> Iterator[str]:
    who = " ".join(
        part for part in (held["name"], f"<{held['address']}>" if held["address"] else "") if part
    )
    yield f"  {held['role']} {held['who']} {who}: {held['standing']}"
    if held["why"]:
        yield f"    because {held['why']}"
    if "rests_on" in held:
        covers = held["outbound"] or "not stated"
        yield f"    {held['rests_on']}: {covers} {' '.join(held['licences'])}".rstrip()
        if held["clause"]:
            yield f"    “{held['clause']}”"
    if "waived_by" in held:
        yield f"    waived by {held['waived_by']}: {held['reason']}"


def place(said: str) -> tuple[str, int]:
    """Read PATH:LINE. Raises `UserError`."""
    path, colon, number = said.rpartition(":")
    if not colon or not number.isascii() or not number.isdecimal() or int(number) < 1:
        raise UserError("Say which line as PATH:LINE, such as src/main.c:12.")
    return path, int(number)
