"""One PostgreSQL database for test after test: emptied in between, made anew if its shape changed."""

import psycopg

from tests.clusters import Cluster
from tests.economy import RESTING, forget

EMPTY = """
DO $$
DECLARE one record;
BEGIN
    SET LOCAL session_replication_role = replica;  -- what is append-only refuses everybody else
    FOR one IN SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM %I', one.relname);
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""
SHAPE = """
SELECT ARRAY(
    SELECT (count(*), sum(by))::text FROM (
        SELECT 1 AS kind, xmin::text::bigint AS by FROM pg_attribute WHERE attrelid >= 16384
        UNION ALL SELECT 2, xmin::text::bigint FROM pg_trigger
        UNION ALL SELECT 3, xmin::text::bigint FROM pg_constraint WHERE oid >= 16384
    ) AS written GROUP BY kind ORDER BY kind
)
"""
"""Columns, triggers and constraints: how many there are, and which transactions wrote them last."""

OTHERS = f"""
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
AND (application_name <> '{RESTING}' OR state <> 'idle')
"""
MOST_USES = 100
"""Rows that were deleted leave traces: after so many tests a fresh copy is quicker."""


class Kept:
    """A migrated database that is handed from test to test."""

    def __init__(self, server: Cluster, template: str, name: str) -> None:
        self._server, self._template, self._name = server, template, name
        self._uses = 0
        self._url = ""
        self._shape: object = None
        self._cleaner: psycopg.Connection | None = None

    def empty(self) -> str:
        """Give the address of a database in its newest state, with nothing in it."""
        if self._cleaner is None or self._uses >= MOST_USES or not self._cleaned():
            self._make()
        self._uses += 1
        return self._url

    def close(self) -> None:
        """Let go of every connection."""
        if self._cleaner is not None:
            self._cleaner.close()
            forget(self._url)

    def _make(self) -> None:
        if self._cleaner is not None:
            self.close()
            self._server.drop(self._name)
        self._url, self._uses = self._server.create(self._name, self._template), 0
        # One connection for all tests: a new one learns anew what tables there are.
        self._cleaner = psycopg.connect(self._url, autocommit=True)
        self._shape = self._cleaner.execute(SHAPE.encode()).fetchone()

    def _cleaned(self) -> bool:
        assert self._cleaner is not None
        try:
            self._cleaner.execute(OTHERS.encode())
            if self._cleaner.execute(SHAPE.encode()).fetchone() != self._shape:
                return False
            self._cleaner.execute(EMPTY.encode())
        except psycopg.Error:
            return False
        return True
