"""A maintainer moves an item by a form: on the board, or on the page that says why.

POST /OWNER/NAME/requests/12/move    stage, words, back=roadmap or why; shown=token of the form
"""

from datetime import timedelta

from flask import Blueprint, abort, redirect
from flask import request as sent
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Connection
from werkzeug import Response

from bot import outbox, people, tasks
from bot.access import maintained_repo
from bot.roadmap import voting
from bot.roadmap.board import moving, rules, store
from bot.roadmap.board.pages import NUMBER, one, told
from bot.roadmap.board.rules import Cause
from bot.roadmap.store import Request
from core.context import Task
from core.github import Account
from core.web.house import house
from core.web.signin import Person, signed_in_person
from core.web.text import inert

INSTANT = timedelta(microseconds=1)

blueprint = Blueprint("board_moving", __name__, template_folder="../../templates")


@blueprint.post(f"/<owner>/<name>/requests/{NUMBER}/move")
def move(owner: str, name: str, number: int) -> Response | tuple[str, int]:
    """Move a request on the board."""
    repo = maintained_repo(owner, name)
    who, form = signed_in_person(), sent.form
    token, to = form.get("shown", ""), form.get("stage", "")
    words = inert(" ".join(form.get("words", "").split()))
    if not voting.is_token(token):
        abort(400)
    if len(words) > rules.LONGEST_WORDS:
        over = len(words) - rules.LONGEST_WORDS
        error = ngettext(
            "That is %(num)s character too many.", "That is %(num)s characters too many.", over
        )
        return told(repo, number, str(error), words, is_long=True), 422
    with house().app.write() as connection:
        asked = one(connection, repo, number)
        if rules.named(store.stages_of(connection, repo.id), to) is None:
            problem, status = _("Choose one of the stages."), 422
        elif asked.root_id != asked.id or asked.state not in {"open", "closed"}:
            problem, status = _("It has no place of its own on the board."), 409
        else:
            problem, status = "", 303
            _move(connection, asked, to, who, (token, words))
    if problem:
        return told(repo, number, problem, words), status
    if form.get("back") == "roadmap":
        return redirect(f"/{repo.name}/roadmap?done=moved", 303)
    return redirect(f"/{repo.name}/requests/{number}/why?done=moved", 303)


def _move(
    connection: Connection, asked: Request, to: str, who: Person, said: tuple[str, str]
) -> None:
    token, words = said
    now = house().clock()
    store.hold(connection, asked.repo_id)
    before = store.last(connection, asked.id)
    # Whoever acts here has seen what stood: GitHub's clock may be ahead of ours, and must not win.
    at = max(now, before.acted_at + INSTANT) if before else now
    cause = Cause("decided", who.id, f"web:{token}", at, words)
    people.note(connection, who.id, Account(who.id, who.login), now)
    for effect in moving.move(connection, asked, to, cause, now):
        if isinstance(effect, Task):
            tasks.put(connection, effect, now)
        else:
            outbox.put(connection, effect, now)
