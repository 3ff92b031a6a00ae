"""The App's credentials as `/setup` stored them, encrypted under the secret key.

Only ciphertext reaches the database; without `SECRET_KEY` the row is of no use.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from cryptography.fernet import InvalidToken
from sqlalchemy import Column, Connection, Integer, Table, Text, select

from core.config import GitHubSettings
from core.db import UtcDateTime, insert_once, metadata
from core.errors import UserError
from core.sealing import box

github_app = Table(
    "github_app",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("app_id", Integer, nullable=False),
    Column("slug", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

ONLY = 1


def keep(
    connection: Connection, given: Mapping[str, object], secret_key: str, now: datetime
) -> None:
    """Store what GitHub's manifest conversion gave; a second App is refused.

    `given` has `id`, `slug`, `pem`, `webhook_secret`, `client_id` and `client_secret`.
    """
    kept = {name: given[name] for name in ("pem", "webhook_secret", "client_id", "client_secret")}
    sealed = box(secret_key).encrypt(json.dumps(kept).encode()).decode()
    values = {
        "id": ONLY,
        "app_id": given["id"],
        "slug": given["slug"],
        "sealed": sealed,
        "created_at": now,
    }
    if not insert_once(connection, github_app, values):
        raise UserError("A GitHub App is set up here already; nothing was changed.")


def stored(connection: Connection, secret_key: str, api_url: str) -> GitHubSettings | None:
    """Give the stored credentials, if there are any and `SECRET_KEY` is still the one they had."""
    row = connection.execute(select(github_app)).one_or_none()
    if row is None:
        return None
    try:
        kept = json.loads(box(secret_key).decrypt(row.sealed.encode()))
    except InvalidToken:
        raise UserError(
            "SECRET_KEY is not the one under which the GitHub App's credentials were stored:"
            " set the old key again, or give the credentials in the environment."
        ) from None
    return GitHubSettings(
        api_url=api_url,
        app_id=row.app_id,
        private_key=kept["pem"],
        webhook_secrets=(kept["webhook_secret"].encode(),),
        client_id=kept["client_id"],
        client_secret=kept["client_secret"],
    )


def slug(connection: Connection) -> str | None:
    """Give the App's name in addresses, as in github.com/apps/SLUG."""
    return connection.scalar(select(github_app.c.slug))
