"""Commits to a database as fast as it can, as a worker with a long backlog would: `... URL`."""

import sys

from sqlalchemy import text

from core.db import Database


def main(url: str) -> None:
    """Write two kilobytes a transaction until killed."""
    database = Database(url)
    with database.write() as connection:
        connection.execute(
            text("CREATE TABLE IF NOT EXISTS noise (at INTEGER PRIMARY KEY, body TEXT)")
        )
    number = 0
    while True:
        number += 1
        with database.write() as connection:
            values = {"at": number % 50_000, "body": "x" * 2_000}
            connection.execute(text("INSERT OR REPLACE INTO noise VALUES (:at, :body)"), values)


if __name__ == "__main__":
    main(sys.argv[1])
