"""Ask for something on the page: first look whether others asked for it, then let the bot open the issue.

GET  /OWNER/NAME/requests/new        the form
POST the same, step=look             what is similar, and the form again
POST the same, step=send             ask
GET  /OWNER/NAME/requests/similar?title=…   what is similar, as a part of that page, while somebody types
GET  /OWNER/NAME/requests/sent/KEY   it is on its way; leads on once it has arrived
"""

from dataclasses import dataclass, field

from flask import Blueprint, abort, redirect, render_template
from flask import request as sent
from flask_babel import gettext as _
from werkzeug import Response

from bot import repositories
from bot.messages import say
from bot.policies import rules as rules_in_force
from bot.roadmap import asking, store, voting
from bot.roadmap.asking import Asked
from bot.roadmap.similar import Similar, similar
from core.github import Account
from core.translations import DEFAULT
from core.web.headers import allow_scripts
from core.web.house import FoundRepo, house, public_repo
from core.web.signin import Person, signed_in_person
from core.web.text import inert
from licensing import store as agreements

Answer = Response | tuple[str, int]
SHORTEST_GUESS = 3

blueprint = Blueprint("roadmap_asking", __name__, template_folder="../templates")


@dataclass
class Form:
    """What somebody wrote; `looked` is the title for which similar ones were shown already."""

    key: str
    title: str = ""
    need: str = ""
    looked: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@blueprint.get("/<owner>/<name>/requests/new")
def new(owner: str, name: str) -> Answer:
    """Show the form."""
    repo = _repo(owner, name)
    signed_in_person()
    return _page(repo, Form(asking.key(), sent.args.get("title", "")[: asking.LONGEST_TITLE]))


@blueprint.get("/<owner>/<name>/requests/similar")
def while_typing(owner: str, name: str) -> str:
    """Give what is similar to a title that is being written; nothing for a few letters."""
    repo = _repo(owner, name)
    title = inert(" ".join(sent.args.get("title", "").split()))[: asking.LONGEST_TITLE]
    found: tuple[Similar, ...] = ()
    if len(title) >= SHORTEST_GUESS:
        with house().app.read() as connection:
            found = similar(connection, repo.id, title)
    return render_template("bot/request_similar.html", repo=repo, similar=found)


@blueprint.post("/<owner>/<name>/requests/new")
def ask(owner: str, name: str) -> Answer:
    """Look for similar ones, and open the issue once they were seen."""
    repo = _repo(owner, name)
    who = signed_in_person()
    form = _read()
    if form.errors:
        return _page(repo, form, status=422)
    if sent.form.get("step") != "send" or form.looked != form.title:
        with house().app.read() as connection:
            found = similar(connection, repo.id, form.title)
        form.looked = form.title
        return _page(repo, form, found)
    return _send(repo, who, form)


@blueprint.get("/<owner>/<name>/requests/sent/<key>")
def on_its_way(owner: str, name: str, key: str) -> Answer:
    """Say that the issue will be there in a moment, or lead to it."""
    repo = public_repo(owner, name)
    if not asking.is_key(key):
        abort(404)
    with house().app.read() as connection:
        number = asking.number_of(connection, repo.id, key)
        arrived = number and store.by_number(connection, repo.id, number)
        agreement = agreements.agreement_in_force(connection, repo.id)
    if arrived:
        return redirect(f"/{repo.name}/requests/{number}", 303)
    return render_template("bot/request_sent.html", repo=repo, agreement=agreement), 200


def _repo(owner: str, name: str) -> FoundRepo:
    """Find a repository whose people may ask here: its rules file switches the roadmap on."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        if not voting.rules_of(connection, repo.id).on:
            abort(404)
    return repo


def _read() -> Form:
    said = sent.form
    form = Form(
        said.get("key", ""),
        inert(" ".join(said.get("title", "").split())),
        inert(said.get("need", "").replace("\r\n", "\n").strip()),
        said.get("looked", ""),
    )
    if not asking.is_key(form.key):
        abort(400)
    if not asking.SHORTEST_TITLE <= len(form.title) <= asking.LONGEST_TITLE:
        form.errors["title"] = _(
            "Between %(least)s and %(most)s characters, please: this has %(now)s.",
            least=asking.SHORTEST_TITLE,
            most=asking.LONGEST_TITLE,
            now=len(form.title),
        )
    if not asking.SHORTEST_NEED <= len(form.need) <= asking.LONGEST_NEED:
        form.errors["need"] = _(
            "Between %(least)s and %(most)s characters, please: this has %(now)s.",
            least=asking.SHORTEST_NEED,
            most=asking.LONGEST_NEED,
            now=len(form.need),
        )
    return form


def _send(repo: FoundRepo, who: Person, form: Form) -> Answer:
    now = house().clock()
    with house().app.write() as connection:
        place = repositories.repo(connection, repo.id)
        if place is None:
            abort(404)
        if asking.is_too_much(connection, repo.id, who.id, now):
            form.errors["title"] = _(
                "You have asked for %(most)s things here today. Come back tomorrow.",
                most=asking.MOST_A_DAY,
            )
        else:
            policy = rules_in_force(connection, repo.id).policy
            language = policy.language if policy else DEFAULT
            body = say("request_opened", language, login=who.login, need=form.need)
            asked = Asked(form.key, form.title, form.need, Account(who.id, who.login))
            label = voting.rules_of(connection, repo.id).label
            asking.ask(connection, place, asked, body, label, now)
    if form.errors:
        return _page(repo, form, status=429)
    return redirect(f"/{repo.name}/requests/sent/{form.key}", 303)


def _page(
    repo: FoundRepo, form: Form, found: tuple[Similar, ...] | None = None, status: int = 200
) -> tuple[str, int]:
    with house().app.read() as connection:
        agreement = agreements.agreement_in_force(connection, repo.id)
    allow_scripts()
    page = render_template(
        "bot/request_new.html",
        repo=repo,
        agreement=agreement,
        form=form,
        similar=found,
        limits=asking,
    )
    return page, status
