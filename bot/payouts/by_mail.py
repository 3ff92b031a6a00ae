"""Tells people by mail what is owed to them, what was sent, and what came back."""

from datetime import datetime

from sqlalchemy import Connection, select

from bot.mail.outgoing import ToPerson, send
from bot.payouts.telling import Notice, tells
from bot.places import repository
from bot.roadmap import intake
from bot.roadmap import store as requests


@tells
def write(connection: Connection, notice: Notice, now: datetime) -> None:
    """Want a letter sent, in the language of the project: people do not tell us theirs."""
    asked = requests.by_node(connection, notice.about) if notice.about else None
    repo_id = asked.repo_id if asked else notice.repo_id
    row = connection.execute(
        select(repository.c.name, repository.c.private).where(repository.c.id == repo_id)
    ).one_or_none()
    is_public = row is not None and not row.private
    facts = {
        "amount": notice.money,
        "project": row.name if row is not None and is_public else "",
        "request": f"{asked.title} #{asked.number}" if asked and is_public else "",
        "until": notice.until or "",
    }
    language = intake.language(connection, repo_id)
    letter, who = f"share_{notice.why}", ToPerson(notice.github_id)
    send(connection, who, letter, facts, key=f"share:{notice.key}", now=now, language=language)
