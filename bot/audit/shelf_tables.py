"""The form of a shelf: the tables of the one SQLite file in which an audit keeps what it found."""

FORM = 8
"""Rises with whatever changes what is kept, or what it means: older files are begun anew."""
SNAPSHOTS = 24
FORGOTTEN_TOGETHER = 8
"""It takes a look at everything to forget one: so it is done now and then."""
TABLES = """
CREATE TABLE IF NOT EXISTS file (
    id INTEGER PRIMARY KEY, seen TEXT NOT NULL, path BLOB NOT NULL, lines INTEGER NOT NULL,
    parts BLOB NOT NULL, looked BLOB NOT NULL, kinds BLOB NOT NULL, runs BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS uq_file ON file (seen, path);
CREATE INDEX IF NOT EXISTS ix_file_path ON file (path);
CREATE TABLE IF NOT EXISTS behind (
    seen TEXT NOT NULL, path BLOB NOT NULL, formats TEXT NOT NULL, runs BLOB NOT NULL,
    PRIMARY KEY (seen, path, formats));
CREATE TABLE IF NOT EXISTS snapshot (
    id INTEGER PRIMARY KEY, seen TEXT NOT NULL UNIQUE, files BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS reverted (seen TEXT PRIMARY KEY, undone BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS written (seen TEXT PRIMARY KEY, facts BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS declared (
    blob TEXT NOT NULL, path BLOB NOT NULL, looked BLOB NOT NULL, PRIMARY KEY (blob, path));
CREATE TABLE IF NOT EXISTS edge (shallow TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tabled (seen TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS passed (
    file INTEGER NOT NULL, formats TEXT NOT NULL, parts BLOB NOT NULL, PRIMARY KEY (file, formats));
"""
NAMES = (
    *("file", "snapshot", "reverted", "passed", "edge", "written", "declared", "tabled"),
    "behind",
)
