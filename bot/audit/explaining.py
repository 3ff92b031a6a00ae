"""Explaining one line: its commit, who holds it, on what that rests, and in which words."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.audit.judging import Works
from bot.audit.matter import Matter
from bot.audit.telling import printable
from core.errors import UserError
from licensing.audit.decisions import Inputs
from licensing.audit.judge import Judge
from licensing.audit.parts import Part, Source
from licensing.audit.tally import FileParts
from licensing.audit.values import ORDER, REASONS, Held, Standing

LONGEST_QUOTE = 600
MOST_ORIGINS = 20


class AsAWhole(UserError):
    """A steward declared whose a file is as a whole: its lines are not judged one by one."""


def explained(matter: Matter, inputs: Inputs, line: FileParts) -> dict[str, Any]:
    """Give everything that is known of a file of one line, as JSON values."""
    judge = Judge(Works(matter, inputs), inputs.ledger, matter.target, inputs.formats)
    (part,) = line.parts
    return {
        "standing": _standing(line, judge),
        "foreign": line.foreign,
        "target": matter.target,
        "origins": [_origin(one, judge) for one in part.sources],
    }


def _standing(file: FileParts, judge: Judge) -> Standing:
    """Give the worst of a file's lines, as they are counted: see `licensing.audit.tally`."""
    if file.foreign:
        return "THIRD_PARTY"
    found: list[Standing] = []
    for part in file.parts:
        standing = judge.together(part.sources).standing
        if part.content:
            found.append(standing)
        elif part.bare:
            found.append("TRIVIAL" if standing in REASONS else standing)
    return max(found, key=ORDER.__getitem__)


def of_file(matter: Matter, inputs: Inputs, path: str, number: int) -> dict[str, Any]:
    """Give what is kept of a file, without its text: its origins, with how many lines each has.

    Where all lines have the same, that is all about each of them, so about line `number`.
    Raises `UserError`.
    """
    file = next((one for one in matter.files if one.path == path), None)
    if file is not None and file.kind in {"vendored", "generated"}:
        raise AsAWhole(f"{path} is declared as a whole, and not judged line by line.")
    parts = [one for one in file.parts if one.bare + one.content] if file else []
    if file is None or not parts or number > sum(map(_lines, file.parts)):
        raise UserError(f"Nothing is kept of line {number} of {path}.")
    judge = Judge(Works(matter, inputs), inputs.ledger, matter.target, inputs.formats)
    lines: Counter[Source] = Counter()
    for part in parts:
        lines.update(dict.fromkeys(part.sources, part.bare + part.content))
    return {
        "path": path,
        "line": number,
        "standing": _standing(file, judge),
        "foreign": file.foreign,
        "target": matter.target,
        "whole_file": len(parts) > 1,
        "of": len(lines),
        "origins": [
            {**_origin(one, judge), "lines": many} for one, many in lines.most_common(MOST_ORIGINS)
        ],
    }


def _lines(part: Part) -> int:
    return part.blank + part.bare + part.content


def _origin(source: Source, judge: Judge) -> dict[str, Any]:
    commit, path = source
    work = judge.works(commit)
    return {
        "commit": commit,
        "path": path,
        "subject": work.subject,
        "made_at": work.authored_at.isoformat(),
        "sent_at": work.submitted_at.isoformat(),
        "pull_request": work.number,
        "agent": work.agent,
        "holders": [_held(one) for one in judge(source).held],
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
    if found["foreign"]:
        yield printable(f"because the file says {found['foreign']}")
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
