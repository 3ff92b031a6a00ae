"""Where what was bought is seen: an address that nobody can guess, because whoever has it may act there."""

from flask import abort
from sqlalchemy import Connection

from bot.money.addresses import is_key
from bot.selling import store
from bot.selling.store import Sale
from core.web.house import FoundRepo
from donations.giving import store as gifts


def of_sale(repo: FoundRepo, key: str) -> str:
    """Give the path of the page of what was bought."""
    return f"/{repo.name}/bought/{key}"


def sale_at(connection: Connection, repo: FoundRepo, key: str) -> Sale:
    """Give what was bought at an address of a project, or answer 404."""
    gift = gifts.by_key(connection, key) if is_key(key) else None
    sale = store.of_gift(connection, gift)
    if sale is None or sale.gift.repo_id != repo.id:
        abort(404)
    return sale
