"""What people wrote about intents, and what they agreed to, is erased when they ask for it."""

from sqlalchemy import Connection, delete, select, update

from bot.roadmap.intents.tables import answerer, answerer_path, intent_words


def forget(connection: Connection, github_id: int) -> int:
    """Take somebody's login from what they wrote, and end what they agreed to; gives how many rows.

    Offers and entries are part of what was decided: their words stay, without a name.
    """
    gone = 0
    for statement in (
        update(intent_words)
        .where(intent_words.c.github_id == github_id, intent_words.c.login != "")
        .values(login=""),
        delete(answerer).where(answerer.c.github_id == github_id),
        delete(answerer_path).where(answerer_path.c.github_id == github_id),
    ):
        gone += connection.execute(statement).rowcount
    return gone


def logins_of(connection: Connection, github_id: int) -> list[str]:
    """Give the logins under which somebody wrote."""
    named = select(intent_words.c.login).where(
        intent_words.c.github_id == github_id, intent_words.c.login != ""
    )
    return list(connection.scalars(named.distinct()))
