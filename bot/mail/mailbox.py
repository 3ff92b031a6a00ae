"""The sandbox's mailbox: nothing leaves a sandbox, so what people would have got is shown here.

GET /sandbox/mail          what was written, the newest first
GET /sandbox/mail/12       one letter
GET /sandbox/mail/12.eml   the same as the mail that would have been sent, for any mail program
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, render_template
from sqlalchemy import Connection, select

from bot.mail import late, outgoing, writing
from bot.mail.tables import mail
from bot.mail.writing import Letter, Sender
from core.web.house import house

MOST = 100
NOWHERE = "nobody@localhost"
LONGEST_NUMBER = 10**15

blueprint = Blueprint("mailbox", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Shown:
    """A letter in the mailbox."""

    id: int
    to: str
    at: datetime
    state: str
    letter: Letter


@blueprint.get("/sandbox/mail")
def mailbox() -> str:
    """List what was written lately."""
    with house().app.read() as connection:
        rows = connection.execute(select(mail).order_by(mail.c.id.desc()).limit(MOST)).all()
        found = [_shown(connection, late.filled(connection, row)) for row in rows]
    return render_template("bot/mailbox.html", mails=found)


@blueprint.get("/sandbox/mail/<int:number>")
def one(number: int) -> str:
    """Show one letter."""
    with house().app.read() as connection:
        found = _shown(connection, _row(connection, number))
    return render_template("bot/mailbox_one.html", mail=found)


@blueprint.get("/sandbox/mail/<int:number>.eml")
def whole(number: int) -> Response:
    """Give the mail as it would have been sent."""
    with house().app.read() as connection:
        row = _row(connection, number)
        address = outgoing.address_of(connection, row) or NOWHERE
    sender = Sender("Potluck", "potluck@localhost", house().settings.public_url)
    answer = Response(bytes(writing.message(row, sender, address)), mimetype="message/rfc822")
    answer.headers["Content-Disposition"] = f'attachment; filename="mail-{number}.eml"'
    return answer


def _row(connection: Connection, number: int) -> Any:
    if number >= LONGEST_NUMBER:
        abort(404)
    row = connection.execute(select(mail).where(mail.c.id == number)).one_or_none()
    return late.filled(connection, row) if row else abort(404)


def _shown(connection: Connection, row: Any) -> Shown:
    return Shown(
        row.id,
        outgoing.address_of(connection, row),
        row.created_at,
        row.state,
        writing.letter(row, house().settings.public_url),
    )
