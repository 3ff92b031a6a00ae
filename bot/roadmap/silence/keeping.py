"""What a bot closes for silence while people want it: it stays open, and everybody is told why."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot import repositories
from bot.messages import say
from bot.policy.stages import BoardStage
from bot.roadmap import intake, voting
from bot.roadmap.board import rules as board_rules
from bot.roadmap.board import store as board
from bot.roadmap.board.moving import want_anew
from bot.roadmap.silence import rules, store
from bot.roadmap.store import Request
from core.context import Effect
from core.github import Comment, Issue, IssueAct, Label, Repo

TOPIC = "kept"


def kept(
    connection: Connection,
    asked: Request,
    issue: Issue,
    acts: Sequence[IssueAct],
    act: IssueAct,
) -> list[Effect] | None:
    """Keep a request from an act on its issue that closed it for silence; None for all others."""
    if not _keeps(connection, asked, issue, acts, act):
        return None
    return _keep(connection, asked, issue, act)


def _keeps(
    connection: Connection,
    asked: Request,
    issue: Issue,
    acts: Sequence[IssueAct],
    act: IssueAct,
) -> bool:
    """Say whether an act on an issue is a closing for silence that does not hold.

    It is the last word on the issue, which stood open on the board; not what is joined onto
    another request, whose votes count there.
    """
    label = voting.rules_of(connection, asked.repo_id).stale_label
    turns = [one for one in acts if one.kind in {"closed", "reopened"}]
    if not label or issue.state != "closed" or asked.root_id != asked.id or [act] != turns[-1:]:
        return False
    if not rules.is_silencing(act, label, issue.labels) or not _is_open(connection, asked):
        return False
    before = store.said(connection, asked.id)
    return rules.may_keep(act.at, before.kept_at) and bool(store.hold(connection, asked))


def _is_open(connection: Connection, asked: Request) -> bool:
    stages: Sequence[BoardStage] = board.stages_of(connection, asked.repo_id)
    stage = board_rules.named(stages, board.stage_of(connection, asked.id))
    return stage is not None and stage.closes == "none"


def _keep(connection: Connection, asked: Request, issue: Issue, act: IssueAct) -> list[Effect]:
    """Write down what was kept from whom, and say it; that it is open is for the board to show."""
    repo = repositories.repo(connection, asked.repo_id)
    if repo is None or act.actor is None:
        return []
    store.note_kept(connection, asked, act.at, act.actor.login)
    found: list[Effect] = list(unmarked(connection, repo, asked, issue))
    if not asked.locked:
        hold = store.hold(connection, asked)
        language = intake.language(connection, repo.id)
        words = say(
            "kept",
            language,
            who=act.actor.login,
            votes=hold.votes,
            money=hold.money,
            work=hold.work,
        )
        found.append(Comment(repo, asked.number, TOPIC, words))
    return found


def unmarked(connection: Connection, repo: Repo, asked: Request, issue: Issue) -> Sequence[Label]:
    """Take off the mark of what is stale, where the issue has it."""
    label = voting.rules_of(connection, asked.repo_id).stale_label
    borne = [one for one in issue.labels if label and one.casefold() == label.casefold()]
    found = [Label(repo, asked.number, one, present=False) for one in borne]
    for action in found:
        want_anew(connection, action)
    return found
