"""The board's rules: what GitHub shows, what an act says, and that marking comes to an end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy import parse, problems
from bot.policy.stages import USUAL, BoardStage
from bot.roadmap.board import hearing, naming, rules
from bot.roadmap.board.hearing import Item
from bot.roadmap.board.rules import Marks, View
from core.github import Account, IssueAct

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
MARA, ADA = Account(1901, "mara"), Account(1815, "ada")
STALE = Account(7, "stale[bot]", "Bot")
LABELS = ("planned", "in progress", "bug", "Planned")
OWN = (
    BoardStage("wish"),
    BoardStage("next", "up next", milestone="Spring"),
    BoardStage("done", "harvested", closes="completed"),
)
views = st.builds(
    View,
    st.lists(st.sampled_from((*LABELS, "up next", "harvested")), unique=True).map(tuple),
    st.sampled_from(("open", "closed")),
    st.sampled_from(("", "completed", "not_planned", "duplicate", "reopened")),
)


def act(kind: str, actor: Account | None = MARA, **more: object) -> IssueAct:
    return IssueAct("LE_1", kind, actor, AT, **more)  # type: ignore[arg-type] # kinds of the port


@pytest.mark.parametrize(
    ("labels", "state", "reason", "stage"),
    [
        ((), "open", "", "asked"),
        (("bug",), "open", "reopened", "asked"),
        (("PLANNED",), "open", "", "planned"),
        (("in progress", "planned"), "open", "", "in_progress"),
        (("planned",), "closed", "completed", "shipped"),
        ((), "closed", "", "shipped"),
        ((), "closed", "not_planned", "declined"),
        ((), "closed", "duplicate", "declined"),
    ],
)
def test_what_an_issue_shows(labels: tuple[str, ...], state: str, reason: str, stage: str) -> None:
    assert rules.said(USUAL, View(labels, state, reason)) == stage


@given(views, st.sampled_from((USUAL, OWN)), st.data())
@settings(max_examples=60)
def test_marking_an_issue_makes_it_show_the_stage_and_leaves_nothing_to_write(
    view: View, stages: tuple[BoardStage, ...], data: st.DataObject
) -> None:
    stage = data.draw(st.sampled_from([one.name for one in stages]))
    after = rules.shown(stages, stage, view)

    assert rules.is_at_rest(stages, stage, after)
    assert rules.marks(stages, stage, after) == Marks()
    assert set(view.labels) - set(after.labels) <= {"planned", "Planned", "in progress"} | {
        one.label for one in stages
    }


@pytest.mark.parametrize(
    ("stage", "said", "to"),
    [
        ("asked", act("labeled", name="Planned"), ("planned", "labelled")),
        ("asked", act("labeled", name="bug"), None),
        ("planned", act("labeled", name="planned"), None),
        ("shipped", act("labeled", name="planned"), None),
        ("planned", act("unlabeled", name="planned"), ("asked", "labelled")),
        ("asked", act("unlabeled", name="planned"), None),
        ("planned", act("closed", reason="completed"), ("shipped", "decided")),
        ("planned", act("closed", reason="duplicate"), ("declined", "decided")),
        ("planned", act("closed", STALE, reason="completed"), ("declined", "closed")),
        ("planned", act("closed", STALE, reason="completed", pull=4), ("shipped", "merged")),
        ("planned", act("closed", None, reason="completed"), ("shipped", "decided")),
        ("planned", act("closed", ADA, reason="completed"), ("declined", "closed")),
        ("planned", act("closed", commit="a1"), ("shipped", "merged")),
        ("shipped", act("reopened"), ("in_progress", "reopened")),
        ("planned", act("reopened"), None),
    ],
)
def test_what_an_act_says(stage: str, said: IssueAct, to: tuple[str, str] | None) -> None:
    item = Item(stage, View(), ADA.id, "in_progress")
    found = hearing.heard(USUAL, item, said)

    assert (found and (found.to, found.cause.kind)) == to


def test_an_exchange_of_labels_is_one_move_and_a_milestone_moves_in() -> None:
    off, on = act("unlabeled", name="planned"), act("labeled", name="in progress")
    assert hearing.telling([off, on], USUAL) == [on]
    assert hearing.telling([on, off, act("labeled", name="bug")], USUAL) == [on, off]
    left = Item("planned", View(("in progress",)), 0, "")
    assert (found := hearing.heard(USUAL, left, off))
    assert found.to == "in_progress"
    said = hearing.heard(OWN, Item("wish", View(), 0, ""), act("milestoned", name="spring"))
    assert said
    assert (said.to, said.cause.evidence) == ("next", "event:LE_1")


def test_the_later_act_counts_and_github_tells_whole_seconds() -> None:
    last = AT + timedelta(seconds=5, milliseconds=400)
    assert rules.is_late(AT + timedelta(seconds=4), last)
    assert not rules.is_late(AT + timedelta(seconds=5), last)
    assert not rules.is_late(AT, None)


@pytest.mark.parametrize(
    ("words", "stage", "why"),
    [
        ("In-Progress because it began", "in_progress", "it began"),
        ("En cours parce que c’est l’été car oui", "in_progress", "c’est l’été car oui"),
        ("“planned”", "planned", ""),
        ("nowhere because", None, ""),
    ],
)
def test_a_stage_is_meant_by_name_label_or_title(words: str, stage: str | None, why: str) -> None:
    french = {"In progress": "En cours"}
    said, because = naming.parted(words.split())
    meant = naming.meant(USUAL, said, (str, lambda text: french.get(text, text)))
    assert (meant and meant.name, because) == (stage, why)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("stages = 3", 2, "must be sections"),
        ('stages = [{ name = "a" }]', 2, "2 to 12"),
        ("-|name = 'A'|-|name = 'b'", 3, "small"),
        ("-|name = 'a'|-|name = 'a'", 5, "two stages"),
        ("-|name = 'a'|-|name = 'b'|label = 'Request'", 6, "what makes an issue a request"),
        ("-|name = 'a'|closes = 'completed'|-|name = 'b'", 4, "first stage"),
        ("-|name = 'a'|-|name = 'b'|closes = 'wontfix'", 6, "does not exist here"),
    ],
)
def test_mistakes_in_the_stages_are_told_with_their_line(text: str, line: int, said: str) -> None:
    written = text.replace("-|", "[[roadmap.stages]]|").replace("|", "\n")
    (found,) = problems(f"[roadmap]\n{written}")
    assert (found.line, said in found.sentence) == (line, True), found


def test_stages_are_read_and_the_usual_ones_hold_without() -> None:
    text = '[roadmap]\n[[roadmap.stages]]\nname = "a"\n[[roadmap.stages]]\nname = "b"\nlabel = " x "\n'
    assert parse("[roadmap]\n").roadmap.stages == USUAL
    assert parse(text).roadmap.stages == (BoardStage("a"), BoardStage("b", "x"))
