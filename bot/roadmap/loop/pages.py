"""What has shipped, on pages: whether it does people's job, what was learned, and being told no more.

POST /OWNER/NAME/requests/12/works     answer=yes, partly, no or withdrawn; words; shown=token
POST /OWNER/NAME/requests/12/learned   side=project or asker; words, empty takes the note back
GET  /OWNER/NAME/learned               the notes of all that has shipped
POST /you/quiet                        repo=number, 0 for all; quiet=yes or no
GET, POST /you/quiet/TOKEN             the same by a signed link, without signing in
"""

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template
from flask import request as sent
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Connection
from werkzeug import Response

from bot import access, outbox, people, tasks
from bot.roadmap import ballots, voting
from bot.roadmap.addresses import NUMBER, one
from bot.roadmap.loop import answers, lessons, links, shown, telling
from bot.roadmap.loop import store as loop
from bot.roadmap.loop.rules import ANSWERS, LONGEST_LESSON, LONGEST_WORDS, SIDES, Side
from bot.roadmap.pages import shown as request_page
from bot.roadmap.rules import Act, Choice
from bot.roadmap.store import Request
from bot.roadmap.voting import INSTANT
from core.context import Effect, Task
from core.github import Account
from core.web.house import FoundRepo, house, public_repo
from core.web.numbers import large
from core.web.signin import Person, person, signed_in_person
from core.web.text import inert, markdown
from licensing import store as agreements

Answer = Response | tuple[str, int]
CHOICES: tuple[Choice, ...] = (*ANSWERS, "withdrawn")

blueprint = Blueprint("roadmap_loop", __name__, template_folder="../../templates")


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let the pages of a request and of one's own show what has shipped."""
    return {"shipped_of": _shipped_of, "shipped_for": _shipped_for, "markdown": markdown}


def _shipped_of(repo: FoundRepo, asked: Request) -> shown.Shipped | None:
    who = person()
    with house().app.read() as connection:
        found = shown.of_request(connection, asked, who.id if who else None, house().clock())
    if found is None or who is None:
        return found
    return found.for_writer(
        asker=who.id == asked.author.id, project=access.is_maintainer(repo, who)
    )


def _shipped_for(who: Person) -> shown.Told:
    with house().app.read() as connection:
        return shown.told(connection, who.id, house().clock(), house().settings.secret_key)


@blueprint.post(f"/<owner>/<name>/requests/{NUMBER}/works")
def works(owner: str, name: str, number: int) -> Answer:
    """Say whether it does one's job, change the answer, or take it back."""
    repo = public_repo(owner, name)
    who = signed_in_person()
    choice = next((it for it in CHOICES if it == sent.form.get("answer")), None)
    token, words = sent.form.get("shown", ""), _plain(sent.form.get("words", ""))
    if choice is None or not voting.is_token(token):
        abort(400)
    if len(words) > LONGEST_WORDS:
        return request_page(repo, number, {"works": _too_long(len(words) - LONGEST_WORDS)}), 422
    now = house().clock()
    with house().app.write() as connection:
        asked = one(connection, repo, number)
        of = loop.current(connection, asked)
        if of is not None:
            people.note(connection, who.id, Account(who.id, who.login), now)
            _answer(connection, asked, who, choice, token, words, now)
            roadmap = voting.rules_of(connection, repo.id)
            _put(connection, telling.after_answer(connection, asked, of, roadmap, now), now)
    if of is None:
        said = _("It is not there any more, so nobody can say whether it does their job.")
        return request_page(repo, number, {"works": said}), 409
    done = "unanswered" if choice == "withdrawn" else "answered"
    return redirect(f"/{repo.name}/requests/{number}?done={done}#works", 303)


def _answer(
    connection: Connection,
    asked: Request,
    who: Person,
    choice: Choice,
    token: str,
    words: str,
    now: datetime,
) -> None:
    subject = answers.subject_of(asked)
    ballots.hold(connection, subject)
    before = ballots.acts(connection, subject, who.id)
    if any(act.door == "web" and act.evidence == token for act in before):
        return
    # Whoever acts here has seen what stood: GitHub's clock may be ahead of ours, and must not win.
    at = max([now, *(act.acted_at + INSTANT for act in before)])
    act = Act(who.id, "cast", choice, "web", token, at)
    answers.take(connection, asked, Account(who.id, who.login), act, words, now)


def _put(connection: Connection, effects: list[Effect], now: datetime) -> None:
    for effect in effects:
        if isinstance(effect, Task):
            tasks.put(connection, effect, now)
        else:
            outbox.put(connection, effect, now)


@blueprint.post(f"/<owner>/<name>/requests/{NUMBER}/learned")
def learn(owner: str, name: str, number: int) -> Answer:
    """Write what the project learned, or what the asker can do now."""
    repo = public_repo(owner, name)
    who = signed_in_person()
    side: Side | None = next((it for it in SIDES if it == sent.form.get("side")), None)
    if side is None:
        abort(400)
    words = _plain(sent.form.get("words", ""))
    if len(words) > LONGEST_LESSON:
        return request_page(repo, number, {side: _too_long(len(words) - LONGEST_LESSON)}), 422
    maintains = access.is_maintainer(repo, who)
    with house().app.write() as connection:
        asked = one(connection, repo, number)
        may = maintains if side == "project" else asked.author.id == who.id
        if not may or loop.last(connection, asked.id) is None:
            abort(404)
        now = house().clock()
        lessons.write(connection, asked.id, side, (who.id, who.login), words, now)
    done = "learned" if words else "unlearned"
    return redirect(f"/{repo.name}/requests/{number}?done={done}#learned", 303)


@blueprint.get("/<owner>/<name>/learned")
def learned(owner: str, name: str) -> str:
    """Show what was learned in a project, and what people can do now."""
    repo = public_repo(owner, name)
    before = _instant(sent.args.get("before", ""))
    now = house().clock()
    with house().app.read() as connection:
        rules = voting.rules_of(connection, repo.id)
        found = lessons.learned(connection, repo.id, rules, now, before)
        if not rules.on and not found:
            abort(404)
        agreement = agreements.agreement_in_force(connection, repo.id)
    more = found[-1].shipped_at.isoformat() if len(found) == lessons.MOST_SHOWN else ""
    return render_template(
        "bot/learned.html", repo=repo, agreement=agreement, found=found, more=more
    )


@blueprint.post("/you/quiet")
def switch() -> Response:
    """Be told of nothing more that ships in a project, or anywhere; or of it again."""
    who = signed_in_person()
    repo_id, wanted = sent.form.get("repo", type=large), sent.form.get("quiet")
    if repo_id is None or wanted not in {"yes", "no"}:
        abort(400)
    with house().app.write() as connection:
        loop.keep_quiet(connection, who.id, repo_id, house().clock(), wanted=wanted == "yes")
    return redirect("/you#shipped", 303)


@blueprint.get("/you/quiet/<token>")
def ask_to_be_quiet(token: str) -> str:
    """Show one button: a link alone changes nothing, as programs open links too."""
    _number, repo_id = _signed(token)
    return render_template("bot/quiet.html", token=token, project=_project(repo_id), done=False)


@blueprint.post("/you/quiet/<token>")
def be_quiet(token: str) -> str:
    """Do it."""
    github_id, repo_id = _signed(token)
    with house().app.write() as connection:
        loop.keep_quiet(connection, github_id, repo_id, house().clock(), wanted=True)
    return render_template("bot/quiet.html", token=token, project=_project(repo_id), done=True)


def _signed(token: str) -> tuple[int, int]:
    return links.read(house().settings.secret_key, token) or abort(404)


def _project(repo_id: int) -> str:
    with house().app.read() as connection:
        return shown.project_name(connection, repo_id)


def _plain(words: str) -> str:
    """Keep line ends, and nothing that hides or turns around."""
    return inert(words.replace("\r\n", "\n").strip())


def _too_long(more: int) -> str:
    return str(
        ngettext(
            "That is %(num)s character too many.", "That is %(num)s characters too many.", more
        )
    )


def _instant(said: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return found if found.tzinfo else None
