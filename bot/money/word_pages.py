"""What givers said to a project, for its maintainers: words that came with money, or with a card.

GET /OWNER/NAME/maintain/words   the newest of them

Who gave is named here only if everybody may know it.
"""

from dataclasses import dataclass

from flask import Blueprint
from sqlalchemy import Connection, exists, select

from bot.maintaining import desk
from core.web.house import house
from donations.giving import store
from donations.giving.store import Gift
from donations.giving.tables import act, gift, giver

MOST = 100

blueprint = Blueprint("words_of_givers", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Word:
    """What somebody said with a gift or a promise; `name` is empty where nobody is to know it."""

    gift: Gift
    said: str
    name: str


@blueprint.get("/<owner>/<name>/maintain/words")
def words(owner: str, name: str) -> str:
    """Show what givers said, the newest first."""
    repo = desk.entered(owner, name)
    with house().app.read() as connection:
        found = _words(connection, repo.id)
    return desk.render("maintain_words", repo, "words", words=found, most=MOST)


def _words(connection: Connection, repo_id: int) -> list[Word]:
    # Anybody can write into a form and leave: what came with nothing is nobody's word.
    came = exists().where(act.c.gift_id == gift.c.id, act.c.deed.in_(("paid", "saved")))
    rows = connection.execute(
        select(gift, giver.c.message, giver.c.name, giver.c.public)
        .join(giver, giver.c.gift_id == gift.c.id)
        .where(gift.c.repo_id == repo_id, giver.c.message != "", came)
        .order_by(gift.c.id.desc())
        .limit(MOST)
    )
    return [Word(store.read(row), row.message, row.name if row.public else "") for row in rows]
