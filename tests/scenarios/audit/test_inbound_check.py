"""The check `potluck/inbound`: licences of files and dependencies that come in with a pull request."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import failures
from bot.sandbox.records import Account, CheckRun, PullRequest
from tests.scenarios.agreement import add, fork_of, offer, push_files, reads, writes
from tests.scenarios.audit.served import Looks, looking

__all__ = ["looking"]
RULES = ".github/potluck.toml"
INBOUND = """
language = "en"
[inbound]
own = ["AGPL-3.0-only"]
[inbound.dependencies]
"npm:known" = "MIT"
"""
GNU = "# under the terms of the GNU General Public License\n"


def check(house: Looks, pull: PullRequest) -> CheckRun | None:
    runs = house.world.runs_at(pull.repo, pull.head_sha)
    return next((one for one in runs if one.name == "potluck/inbound"), None)


def at(house: Looks, head: str) -> CheckRun:
    """Our check on a commit."""
    runs = house.world.runs_at(house.garden.repo, head)
    return next(one for one in runs if one.name == "potluck/inbound")


def words(run: CheckRun) -> str:
    return run.summary or ""


def bring(house: Looks, who: Account, **files: str) -> PullRequest:
    named = {name.replace("__", "/").replace("_dot_", "."): text for name, text in files.items()}
    pull = offer(house, who, {"author": who, "files": named})
    house.settle()
    return pull


def concluded(house: Looks, pull: PullRequest, conclusion: str) -> CheckRun:
    """Our check on a pull request, which says this."""
    found = check(house, pull)
    assert found is not None
    assert found.conclusion == conclusion, found.summary
    return found


def asks_what_nobody_can_say(house: Looks) -> None:
    """An identifier that leaves versions open, and a dependency of which no licence is known."""
    bo = house.garden.bo
    unclear = bring(house, bo, b_dot_py="# SPDX-License-Identifier: GPL-3.0\n")
    found = concluded(house, unclear, "action_required")
    assert "GPL-3.0-only / GPL-3.0-or-later" in words(found)
    manifest = '{"dependencies": {"known": "1", "strange": "1"}}'
    found = concluded(house, bring(house, bo, package_dot_json=manifest), "action_required")
    assert "`npm:strange`: no licence of it is known here" in words(found)
    assert "`npm:known` (`MIT`): allowed" in words(found)


def flags_who_is_named(house: Looks) -> None:
    """What may come in, with a file that changes whom git names: green, and told."""
    calm = bring(
        house,
        house.garden.bo,
        _dot_mailmap="Bo <bo@example.com> <mal@example.org>\n",
        own_dot_py="# SPDX-License-Identifier: AGPL-3.0-only\n",
    )
    found = concluded(house, calm, "success")
    assert found.title == "Nothing stands against selling it"
    assert ".mailmap" in words(found)
    assert [one["path"] for one in found.annotations] == [".mailmap"]


def test_what_comes_in_is_read_whole_and_told_with_its_line(looking: Looks) -> None:
    house, garden = looking, looking.garden
    quiet = bring(house, garden.ada, a_dot_py=GNU)
    assert check(house, quiet) is None, "the rules do not ask for it"
    push_files(house, {RULES: INBOUND, "big.py": "x = 1\n" * 1_000})
    house.settle()
    # Open pull requests are looked at when the rules begin to ask.
    concluded(house, quiet, "action_required")
    # A header at line 900 of a file that was there before.
    text = "x = 1\n" * 899 + GNU + "x = 1\n" * 100
    with house.calls() as seen:
        hidden = bring(house, garden.ada, big_dot_py=text)
    found = concluded(house, hidden, "action_required")
    assert found.title == "1 thing may not come in"
    assert "big.py:900" in words(found)
    (remark,) = found.annotations
    assert (remark["path"], remark["start_line"]) == ("big.py", 900)
    assert all("big.py" not in call.path for call in reads(seen)), "no call for any file"
    asks_what_nobody_can_say(house)
    flags_who_is_named(house)
    # Mended, the next head is green.
    source = fork_of(house, garden.ada)
    add(house, source, hidden.head_ref, author=garden.ada, files={"big.py": "x = 1\n" * 1_001})
    house.world.push(source, hidden.head_ref, garden.ada)
    house.settle()
    concluded(house, hidden, "success")


def test_the_merge_queue_a_rerun_and_a_pause_of_githubs_are_all_answered(looking: Looks) -> None:
    house, garden, world = looking, looking.garden, looking.world
    push_files(house, {RULES: INBOUND})
    house.settle()
    calm = bring(house, garden.ada, a_dot_py="a = 1\n")
    # GitHub's git is away for a while: nothing is said until it can be read, and then it is.
    away = house.sandbox.fail("GET", r"\.git/info/refs", failures.status(503), times=2)
    red = offer(house, garden.bo, {"author": garden.bo, "files": {"b.py": GNU}})
    house.settle()
    assert away.used == 2
    house.advance(timedelta(minutes=10))
    house.settle()
    seen = concluded(house, red, "action_required")

    queued = {pull.number: world.enqueue(pull, garden.mara) for pull in (calm, red)}
    house.settle()
    concluded(house, calm, "success")
    (mine, theirs) = (queued[one.number].head_sha for one in (calm, red))
    assert at(house, mine).conclusion == "success"
    assert at(house, theirs).conclusion == "action_required"

    # A maintainer declares whose file it is: “Re-run” looks again, at the group's head too.
    house.record('[[vendored]]\npaths = ["b.py"]\nlicence = "MIT"\n')
    for run in (seen, at(house, theirs)):
        world.rerequest_check(run, garden.mara)
    house.settle()
    concluded(house, red, "success")
    assert at(house, theirs).conclusion == "success"
    # Nothing new: it is written all the same, so that whoever pressed sees an answer.
    with house.calls() as calls:
        world.rerequest_check(seen, garden.mara)
        house.settle()
    assert [one.method for one in writes(calls)] == ["PATCH"]
    world.push_to(red)
    house.settle()
    world.rerequest_check(seen, garden.mara)
    house.settle()
    assert at(house, seen.head_sha).conclusion == "neutral", "another commit counts now"


def test_reuse_is_asked_where_it_is_installed_and_missed_aloud_where_not(
    looking: Looks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, garden = looking, looking.garden
    push_files(house, {RULES: INBOUND.replace("[inbound]", "[inbound]\nreuse = true", 1)})
    house.settle()
    programs = tmp_path / "programs"
    programs.mkdir()
    git = shutil.which("git")
    assert git is not None
    (programs / "git").symlink_to(git)
    monkeypatch.setenv("PATH", str(programs))
    found = check(house, bring(house, garden.ada, a_dot_py="a = 1\n"))
    assert found is not None
    assert found.conclusion == "failure"
    assert "`reuse` is not installed on this server" in words(found)

    said = {"summary": {"compliant": False}, "non_compliant": {"missing_licensing_info": ["b.py"]}}
    program = programs / "reuse"
    program.write_text(f"#!/bin/sh\ntest -f b.py && echo '{json.dumps(said)}'\n")
    program.chmod(0o755)
    found = check(house, bring(house, garden.ada, b_dot_py="b = 1\n"))
    assert found is not None
    assert (found.conclusion, found.title) == (
        "action_required",
        "REUSE misses licences or copyright lines",
    )
    assert "b.py" in words(found)
    program.write_text("#!/bin/sh\necho nonsense\n")
    found = check(house, bring(house, garden.ada, c_dot_py="c = 1\n"))
    assert found is not None
    assert (found.conclusion, found.title) == ("failure", "REUSE could not be asked")
