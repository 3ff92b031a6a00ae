"""The one door to git's command line: read what a clone holds, whatever its own settings say."""

from core.git.blame import Run, blame
from core.git.command import BadObject, GitFailed
from core.git.commits import RawCommit, Signature
from core.git.objects import Objects
from core.git.trees import Entry, entries
from core.git.view import View, opened

__all__ = [
    "BadObject",
    "Entry",
    "GitFailed",
    "Objects",
    "RawCommit",
    "Run",
    "Signature",
    "View",
    "blame",
    "entries",
    "opened",
]
