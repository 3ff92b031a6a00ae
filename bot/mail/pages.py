"""What people can do about mail that we send: be written to no more, or know that nobody writes.

GET  /mail/stop/TOKEN   the question, from the foot of a letter that one can do without
POST the same           no more of them to that address; also by the reader's own program (RFC 8058)
"""

from typing import Any

from flask import Blueprint, Response, abort, render_template
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from sqlalchemy import Row, select

from bot.mail import outgoing
from bot.mail.tables import mail
from bot.mail.writing import STOPPED_BY
from core.web.errors import Words
from core.web.errors import page as error_page
from core.web.house import house
from donations.giving import store
from donations.giving.store import Gift

LONGEST_TOKEN = 32

blueprint = Blueprint("mail_stop", __name__, template_folder="../templates")


@blueprint.record_once
def let_programs_stop(state: BlueprintSetupState) -> None:
    """Take a POST without our form's token: a mail program sends it, and the address is the key."""
    state.app.extensions["csrf"].exempt(blueprint)


@blueprint.app_context_processor
def parts() -> dict[str, object]:
    """Let the page of a gift say whether anybody writes about it."""
    return {"mail_about": _mail_about}


@blueprint.get("/mail/stop/<token>")
def ask(token: str) -> str:
    """Ask whether to write no more such letters; looking stops nothing, as programs look ahead."""
    row = _row(token)
    return render_template("bot/mail_stop.html", done=False, kind=row.letter)


@blueprint.post("/mail/stop/<token>")
def stop(token: str) -> str:
    """Write no more such letters to the address."""
    row = _row(token)
    with house().app.write() as connection:
        address = outgoing.address_of(connection, row)
        if address:
            why = STOPPED_BY.get(row.letter, "stopped")
            outgoing.silence(connection, address, why, house().clock())
    return render_template("bot/mail_stop.html", done=True, kind=row.letter)


def _row(token: str) -> Row[Any]:
    if len(token) != LONGEST_TOKEN:
        abort(_over())
    with house().app.read() as connection:
        row = connection.execute(select(mail).where(mail.c.token == token)).one_or_none()
    return row or abort(_over())


def _over() -> Response:
    return error_page(
        404,
        Words(
            _("This link is over"),
            _("It stood in a letter of which we keep nothing any more, or it has a slip in it."),
            _("Use the link of a newer letter. Without one there is nothing to stop."),
        ),
    )


def _mail_about(gift: Gift) -> str:
    """Say how a giver hears of their gift.

    `shown` in the sandbox, `sent`, `elsewhere` (to another address of theirs), `refused`, or `none`.
    """
    settings = house().settings
    if not settings.mails:
        return "none"
    if settings.mode == "sandbox":
        return "shown"
    with house().app.read() as connection:
        told = store.giver_of(connection, gift.id).email
        address = outgoing.of_giver(connection, gift.id)
        lost = outgoing.is_silent(connection, address, "refused")
    if told and address != told:
        return "elsewhere"
    return "refused" if address and lost else "sent"
