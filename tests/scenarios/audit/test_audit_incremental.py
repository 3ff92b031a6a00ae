"""What is kept never changes what comes out: after any history, line by line, as from nothing."""

import random
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.audit import reading
from bot.audit.shelf import Shelf
from bot.audit.taking import reached
from core.git import Run
from core.git.trees import Step
from tests.gityard import ADA, BEN, MAL, Yard, text
from tests.scenarios.audit.looking import ADA_GRANTS, look, stated

NAMES = ("a.c", "b.c", "d/c.c")
COMMITS = 9


class History:
    """A history that goes its own way: edits, deletions, returns, renames, branches, merges."""

    def __init__(self, yard: Yard, seed: int) -> None:
        self.yard = yard
        self.dice = random.Random(seed)
        self.known = [yard.commit(ADA, {name: text(name, many=6) for name in NAMES})]

    def go(self) -> str:
        """Take one step, and give the new head of the main line."""
        dice, yard = self.dice, self.yard
        head = self.known[-1]
        other = dice.choice(self.known)
        files = dict(yard.files[head])
        who = dice.choice([ADA, BEN, MAL])
        name = dice.choice(NAMES)
        deed = dice.choice(["edit", "edit", "back", "drop", "rename", "merge", "side"])
        parents = [head]
        if deed == "back":
            # The same bytes as before, by somebody else: blame differs and the blob does not.
            files = dict(yard.files[other])
        elif deed == "drop":
            files.pop(name, None)
        elif deed == "rename" and name in files:
            files["moved.c"] = files.pop(name)
        elif deed in {"merge", "side"}:
            side = yard.commit(
                who, {name: self._edited(yard.files[other].get(name, ""))}, parents=[other]
            )
            parents = [side, head] if deed == "side" else [head, side]
            files = dict(yard.files[dice.choice([side, head])])
        else:
            files[name] = self._edited(files.get(name, ""))
        gone = [one for one in yard.files[parents[0]] if one not in files]
        self.known.append(yard.commit(who, files, parents=parents, gone=gone))
        return self.known[-1]

    def _edited(self, content: str | bytes) -> str:
        lines = str(content).splitlines()
        place = self.dice.randint(0, len(lines))
        lines[place : place + self.dice.randint(0, 2)] = [f"new {self.dice.random()}"]
        return "\n".join(lines) + "\n"


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**32))
def test_after_each_step_what_is_kept_gives_what_a_whole_run_gives(seed: int) -> None:
    inputs = stated(ADA_GRANTS)
    with tempfile.TemporaryDirectory() as folder:
        yard = Yard(Path(folder) / "clone")
        history = History(yard, seed)
        kept = Path(folder) / "kept.db"
        look(yard, inputs, kept=kept)
        for step in range(COMMITS):
            head = history.go()
            if step % 3 == 0:
                continue  # several commits at once, too
            mine = _lines(yard, head, kept)
            if step % 3 == 2:
                assert mine == _lines(yard, head, ":memory:")


def _lines(yard: Yard, head: str, kept: Path | str) -> dict[str, tuple[Run, ...]]:
    inputs = stated(ADA_GRANTS)
    with (
        closing(Shelf(kept)) as shelf,
        reading.reader(yard.path, head, shelf, inputs) as (opened, sha),
    ):
        opened.audit(sha, "commercial", lambda done, total: None)
        return {path: shelf.runs(place) for path, place in shelf.snapshot(sha).items()}


def test_after_a_merge_only_what_changed_is_asked_about(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "clone")
    base = yard.commit(ADA, {f"{n}.c": text(str(n), many=3) for n in range(20)})
    kept = tmp_path / "kept.db"
    assert look(yard, stated(ADA_GRANTS), kept=kept).audit.blamed == 20
    side = yard.commit(BEN, {"3.c": "new\n"}, parents=[base])
    yard.commit(ADA, {"3.c": "new\n"}, "Merge", parents=[base, side])
    found = look(yard, stated(ADA_GRANTS), kept=kept)
    assert (found.audit.blamed, found.held("mail:ben@example.org")) == (1, 1)
    assert look(yard, stated(ADA_GRANTS), kept=kept).audit.blamed == 0


def test_old_bytes_that_somebody_brings_back_are_not_taken_from_what_is_kept(
    tmp_path: Path,
) -> None:
    yard = Yard(tmp_path / "clone")
    first = yard.commit(ADA, {"a.c": text("a", many=5), "b.c": "b\n"})
    kept = tmp_path / "kept.db"
    assert look(yard, stated(ADA_GRANTS), kept=kept).audit.sellable
    yard.commit(BEN, {"a.c": "nothing\n"})
    yard.commit(MAL, {"a.c": text("a", many=5)})
    # Path and blob are those of the first audit, and yet it was Mal who wrote this.
    assert yard.files[yard.head]["a.c"] == yard.files[first]["a.c"]
    found = look(yard, stated(ADA_GRANTS), kept=kept)
    assert found.blockers == {"mail:mal@example.org": ("NO_SIGNATURE", 5)}
    assert found.audit.blamed == 1


def test_an_audit_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "clone")
    yard.commit(ADA, {f"{n}.c": text(str(n), many=3) for n in range(20)})
    kept = tmp_path / "kept.db"
    inputs = stated(ADA_GRANTS)

    def stop(done: int, total: int) -> None:
        if done == 8:
            raise KeyboardInterrupt

    with closing(Shelf(kept)) as shelf:
        try:
            with reading.reader(yard.path, yard.head, shelf, inputs) as (opened, sha):
                opened.audit(sha, "commercial", stop)
        except KeyboardInterrupt:
            assert not shelf.snapshots()
    assert look(yard, inputs, kept=kept).audit.blamed <= 12


def test_blame_goes_to_the_first_parent_with_the_same_bytes() -> None:
    steps = [
        Step("m", ("s", "k"), (frozenset({"x"}), frozenset({"y"}))),
        Step("s", ("f",), (frozenset({"y"}),)),
    ]
    # y goes to the side branch, where it changed; x to what is kept; z away with the first parent.
    assert reached(steps, "m", "k", frozenset({"x", "y", "z"})) == {"x"}
