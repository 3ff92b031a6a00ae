"""Tells people by mail what is owed to them, what was sent, and what came back."""

from datetime import datetime

from sqlalchemy import Connection, select

from bot.mail.outgoing import ToPerson, send
from bot.outcomes import store as outcomes
from bot.payouts.telling import Notice, tells
from bot.places import repository
from bot.roadmap import intake


@tells
def write(connection: Connection, notice: Notice, now: datetime) -> None:
    """Want a letter sent, in the language of the project: people do not tell us theirs."""
    of = outcomes.find(connection, notice.about)
    repo_id = of.repo_id if of else notice.repo_id
    row = connection.execute(
        select(repository.c.name, repository.c.private).where(repository.c.id == repo_id)
    ).one_or_none()
    is_public = row is not None and not row.private
    facts = {
        "amount": notice.money,
        "project": row.name if row is not None and is_public else "",
        "request": f"{of.title} {of.sign}".strip() if of and is_public else "",
        "until": notice.until or "",
    }
    language = intake.language(connection, repo_id)
    letter, who = f"share_{notice.why}", ToPerson(notice.github_id)
    send(connection, who, letter, facts, key=f"share:{notice.key}", now=now, language=language)
