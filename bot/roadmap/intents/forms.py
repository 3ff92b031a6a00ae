"""What somebody signed in does about an intent on its page: a form is one act, however often it is sent.

POST /OWNER/NAME/requests/12/intent/DEED   shown=token of the form, and the fields of the deed
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, abort, redirect
from flask import request as sent
from sqlalchemy import Connection
from werkzeug import Response

from bot import access, outbox, people, repositories, tasks
from bot.policy import Roadmap
from bot.roadmap import doors
from bot.roadmap import voting as clicks
from bot.roadmap.addresses import NUMBER, one
from bot.roadmap.intents import filling, grammar, ledger, refusals, standing, talk, voting
from bot.roadmap.intents.grammar import Unread
from bot.roadmap.intents.ledger import Words
from bot.roadmap.intents.pages import shown
from bot.roadmap.intents.values import Act, Kind
from bot.roadmap.store import Request, by_id
from core.context import Effect, Task
from core.github import Account, Repo
from core.web import preferences
from core.web.house import house, public_repo
from core.web.signin import Person, signed_in_person
from core.web.text import inert

LONGEST_NUMBER = 16
CHOOSE = "choose"
Answer = Response | tuple[str, int]
Filled = tuple[Act, dict[str, str] | None]

blueprint = Blueprint("intent_forms", __name__, template_folder="../../templates")


@dataclass(frozen=True)
class Sent:
    """A form that was sent: by whom, when, and whether they maintain the project."""

    who: Person
    token: str
    at: datetime
    maintains: bool
    rules: Roadmap

    def act(self, asked: Request, kind: Kind) -> Act:
        """Make the bare act."""
        return Act(
            kind, self.who.id, f"form:{self.token}", self.at,
            by_maintainer=self.maintains, by_asker=self.who.id == asked.author.id,
        )  # fmt: skip


@blueprint.post(f"/<owner>/<name>/requests/{NUMBER}/intent/<deed>")
def act(owner: str, name: str, number: int, deed: str) -> Answer:
    """Do one thing about an intent."""
    repo = public_repo(owner, name)
    who = signed_in_person()
    token = sent.form.get("shown", "")
    if deed not in DEEDS and deed != CHOOSE:
        abort(404)
    if not clicks.is_token(token):
        abort(400)
    now = house().clock()
    maintains = access.is_maintainer(repo, who)
    with house().app.write() as connection:
        asked = one(connection, repo, number)
        rules = clicks.rules_of(connection, repo.id)
        place = repositories.repo(connection, repo.id)
        # Whoever acts here has seen what stood: GitHub's clock may be ahead of ours, and must not win.
        at = max(
            [now, *(act.acted_at + clicks.INSTANT for act in ledger.acts(connection, asked.id))]
        )
        given = Sent(who, token, at, maintains, rules)
        why = _do(connection, asked, given, deed, place) if rules.on and place else "none"
    if why:
        words = {deed: refusals.sentence(deed, why)}
        return shown(repo, number, words), 422
    return redirect(f"/{repo.name}/requests/{number}/intent?done={deed}", 303)


def _do(connection: Connection, asked: Request, given: Sent, deed: str, place: Repo) -> str:
    """Do it and give why not, empty where it is done."""
    if asked.state != "open":
        return "closed"
    if asked.root_id != asked.id:
        return "joined"
    who = Account(given.who.id, given.who.login)
    if not doors.may_vote(who):
        return "stranger"
    people.note(connection, who.id, who, given.at)
    if deed == CHOOSE:
        return _choose(connection, asked, given, place)
    try:
        made, texts = DEEDS[deed](connection, asked, given)
    except Unread as unread:
        return unread.why
    return _take(connection, asked, given, made, texts, place)


def _take(
    connection: Connection,
    asked: Request,
    given: Sent,
    made: Act,
    texts: Mapping[str, str] | None,
    place: Repo,
) -> str:
    done = standing.act(connection, asked, made, Words(given.who.login, texts), given.at)
    if not done.ok:
        return done.verdict
    if done.fresh:
        speaker = talk.Speaker(given.at, house().settings.public_url)
        fresh = by_id(connection, asked.id) or asked
        told = talk.about(speaker, connection, place, fresh, asks=made.kind == "call")
        carry(connection, [*done.effects, *told], given.at)
    return ""


def carry(connection: Connection, effects: list[Effect], now: datetime) -> None:
    """Keep effects to be carried out, as a worker keeps those of its handlers."""
    for effect in effects:
        if isinstance(effect, Task):
            tasks.put(connection, effect, now)
        else:
            outbox.put(connection, effect, now)


def _choose(connection: Connection, asked: Request, given: Sent, place: Repo) -> str:
    latest = standing.newest(standing.stands(connection, asked.id))
    if latest is None:
        return "none"
    known = set(voting.among(latest))
    said = {_number(value) for value in sent.form.getlist("whom")}
    if not said <= known:
        return "unknown"
    if voting.is_by_vote(latest):
        ballot = voting.Given(given.who.id, frozenset(said), "web", given.token, given.at)
        outcome = voting.vote(connection, asked, ballot, given.at)
        return "" if outcome in {"voted", "unchanged"} else outcome
    if len(said) != 1:
        return "unknown"
    made = replace(given.act(asked, "chosen"), whom=min(said))
    return _take(connection, asked, given, made, None, place)


def _call(connection: Connection, asked: Request, given: Sent) -> Filled:
    names = ("need", "test", "budget", "until", "licence", "choice")
    fields = {name: text for name in names if (text := _text(name))}
    for name, text in fields.items():
        if len(text) > grammar.LONGEST:
            raise Unread("long", name)
    before = standing.stands(connection, asked.id).call
    language = preferences.language()
    texts, made = filling.filled(
        connection, asked, given.act(asked, "call"), fields, given.rules, language, before
    )
    return made, texts


def _bid(_connection: Connection, asked: Request, given: Sent) -> Filled:
    said = grammar.bid(
        f"{_text('price')} {_text('days')}d {_text('words')}", preferences.language()
    )
    made = replace(given.act(asked, "bid"), price=said.price, days=said.days)
    return made, {"words": said.words}


def _claim(_connection: Connection, asked: Request, given: Sent) -> Filled:
    rules = given.rules
    bare = given.act(asked, "claim")
    return replace(bare, term=rules.claim_days, limit=rules.claims_at_once), {}


def _release(_connection: Connection, asked: Request, given: Sent) -> Filled:
    whom = _number(sent.form.get("whom", "")) or given.who.id
    return replace(given.act(asked, "release"), whom=whom), None


def _contest(_connection: Connection, asked: Request, given: Sent) -> Filled:
    until = grammar.deadline(_text("until"), given.at)
    prize = _text("prize")
    if len(prize) > grammar.LONGEST:
        raise Unread("long", "prize")
    bare, rules = given.act(asked, "contest"), given.rules
    made = replace(bare, until=until, days=rules.choice_days, term=rules.claim_days)
    return made, {"prize": prize}


def _submit(_connection: Connection, asked: Request, given: Sent) -> Filled:
    words = _text("words")
    if not words or len(words) > grammar.LONGEST:
        raise Unread("long" if words else "words")
    return given.act(asked, "entry"), {"words": words}


def _plain(kind: Kind) -> Callable[[Connection, Request, Sent], Filled]:
    return lambda _connection, asked, given: (given.act(asked, kind), None)


def _number(said: str) -> int:
    """Read the number of an account; 0 for what is none."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < LONGEST_NUMBER else 0


def _text(name: str) -> str:
    return inert(sent.form.get(name, "").replace("\r\n", "\n").strip())


DEEDS: Mapping[str, Callable[[Connection, Request, Sent], Filled]] = {
    "call": _call,
    "call-off": _plain("call_off"),
    "bid": _bid,
    "bid-off": _plain("bid_off"),
    "claim": _claim,
    "release": _release,
    "contest": _contest,
    "contest-off": _plain("contest_off"),
    "submit": _submit,
    "submit-off": _plain("entry_off"),
}
