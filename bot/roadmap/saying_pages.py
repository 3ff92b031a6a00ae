"""What somebody signed in says about a request on its page: a vote, a story, a rating.

POST /OWNER/NAME/requests/12/vote     choice=for or withdrawn; shown=token of the form; back=you
POST /OWNER/NAME/requests/12/story    words; empty takes it back
POST /OWNER/NAME/requests/12/rating   value=1 to 5; 0 takes it back
"""

from flask import Blueprint, abort, redirect
from flask import request as sent
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from bot import tasks
from bot.roadmap import asking_ages, signals, voting
from bot.roadmap.addresses import NUMBER, one
from bot.roadmap.pages import shown
from bot.roadmap.rules import Choice
from bot.roadmap.voting import Click
from core.web.house import FoundRepo, house, public_repo
from core.web.signin import YOUR_PAGE, signed_in_person
from core.web.text import inert

Answer = Response | tuple[str, int]
CHOICES: tuple[Choice, ...] = ("for", "withdrawn")

blueprint = Blueprint("roadmap_saying", __name__, template_folder="../templates")


@blueprint.post(f"/<owner>/<name>/requests/{NUMBER}/vote")
def vote(owner: str, name: str, number: int) -> Answer:
    """Vote for a request, or take the vote back."""
    repo = public_repo(owner, name)
    who = signed_in_person()
    choice = next((it for it in CHOICES if it == sent.form.get("choice")), None)
    token = sent.form.get("shown", "")
    if choice is None or not voting.is_token(token):
        abort(400)
    now = house().clock()
    with house().app.write() as connection:
        asked = one(connection, repo, number)
        outcome = voting.click(connection, asked, Click(who.id, choice, token, now))
        if outcome == "cast":
            for wanted in asking_ages.after_vote(connection, repo.id, who.id, token, now):
                tasks.put(connection, wanted, now)
    if outcome == "closed":
        return shown(repo, number, {"vote": _("It was closed meanwhile, so votes rest.")}), 409
    done = "voted" if choice == "for" else "withdrawn"
    if sent.form.get("back") == "you":
        return redirect(f"{YOUR_PAGE}?done={done}#wishes", 303)
    return _back(repo, number, done, "vote")


@blueprint.post(f"/<owner>/<name>/requests/{NUMBER}/story")
def story(owner: str, name: str, number: int) -> Answer:
    """Tell, change or take back what somebody uses it for."""
    repo = public_repo(owner, name)
    who = signed_in_person()
    words = _plain(sent.form.get("words", ""))
    if len(words) > signals.LONGEST_STORY:
        return shown(repo, number, {"story": _too_long(len(words))}), 422
    with house().app.write() as connection:
        asked = one(connection, repo, number)
        if words:
            signals.tell(connection, asked.id, (who.id, who.login), words, house().clock())
        else:
            signals.take_back(connection, signals.story, asked.id, who.id)
    return _back(repo, number, "told" if words else "untold", "stories")


@blueprint.post(f"/<owner>/<name>/requests/{NUMBER}/rating")
def rating(owner: str, name: str, number: int) -> Answer:
    """Say how much somebody needs it."""
    repo = public_repo(owner, name)
    who = signed_in_person()
    known = {str(value): value for value in range(signals.LEAST, signals.MOST + 1)} | {"0": 0}
    value = known.get(sent.form.get("value", ""))
    if value is None:
        return shown(repo, number, {"rating": _("Choose one of the five.")}), 422
    with house().app.write() as connection:
        asked = one(connection, repo, number)
        if value:
            signals.rate(connection, asked.id, who.id, value, house().clock())
        else:
            signals.take_back(connection, signals.rating, asked.id, who.id)
    return _back(repo, number, "rated" if value else "unrated", "ratings")


def _plain(words: str) -> str:
    """Keep line ends, and nothing that hides or turns around."""
    return inert(words.replace("\r\n", "\n").strip())


def _too_long(length: int) -> str:
    most = signals.LONGEST_STORY
    return str(
        ngettext(
            "That is %(num)s character too many.",
            "That is %(num)s characters too many.",
            length - most,
        )
    )


def _back(repo: FoundRepo, number: int, done: str, place: str) -> Response:
    return redirect(f"/{repo.name}/requests/{number}?done={done}#{place}", 303)
