"""When a whole pull request asks nobody: small changes and paths, always beyond doubt. Pure."""

from licensing import paths
from licensing.verdict import Exemptions, Facts, Spared, Terms


def spared(facts: Facts, exemptions: Exemptions, terms: Terms) -> Spared | None:
    """Say why nobody is asked; None where people are, or where not every file is known."""
    if is_small(facts, exemptions):
        return "small"
    if not facts.files_complete:
        return None
    if exemptions.paths and paths.all_match(facts.files, exemptions.paths):
        return "paths"
    if terms.paths and paths.none_match(facts.files, terms.paths):
        return "outside"
    return None


def is_small(facts: Facts, exemptions: Exemptions) -> bool:
    """Say whether files and lines both lie below the project's limits, beyond doubt.

    A file that counts no changed lines may be a binary of any size: then it is not known. Nor is
    it with several commits: the files show only what the last one leaves of the others.
    """
    if not (exemptions.files_below and exemptions.lines_below and facts.files_complete):
        return False
    if sum(commit.sha not in facts.ignorable for commit in facts.commits) != 1:
        return False
    if not facts.files or any(file.changes <= 0 for file in facts.files):
        return False
    lines = sum(file.changes for file in facts.files)
    return len(facts.files) < exemptions.files_below and lines < exemptions.lines_below
