"""One PostgreSQL database for test after test: emptied in between, made anew if its shape changed."""

import psycopg

from tests.clusters import Cluster
from tests.economy import RESTING

EMPTY = """
DO $$
DECLARE one record; filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;  -- what is append-only refuses everybody else
    FOR one IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', one.tablename) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', one.tablename); END IF;
    END LOOP;
    FOR one IN SELECT sequencename FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL
    LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', one.sequencename);
    END LOOP;
END $$
"""
SHAPE = """
SELECT md5(string_agg(said, ',' ORDER BY said)) FROM (
    SELECT format('%s.%s:%s', attrelid::regclass, attname, atttypid) AS said FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT format('%s!%s%s', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT format('%s#%s', conrelid::regclass, conname) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
) AS shape
"""
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

    def empty(self) -> str:
        """Give the address of a database in its newest state, with nothing in it."""
        if not self._url or self._uses >= MOST_USES or not self._cleaned():
            self._make()
        self._uses += 1
        return self._url

    def _make(self) -> None:
        if self._url:
            self._server.drop(self._name)
        self._url, self._uses = self._server.create(self._name, self._template), 0
        with psycopg.connect(self._url) as connection:
            self._shape = connection.execute(SHAPE.encode()).fetchone()

    def _cleaned(self) -> bool:
        try:
            with psycopg.connect(self._url) as connection:
                connection.execute(OTHERS.encode())
                if connection.execute(SHAPE.encode()).fetchone() != self._shape:
                    return False
                connection.execute(EMPTY.encode())
        except psycopg.Error:
            return False
        return True
