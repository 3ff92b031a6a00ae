"""What French law asks on top: a grant of all future works at once is void, each needs its own.

Code de la propriété intellectuelle, article L131-1: “La cession globale des œuvres futures est
nulle.” Confirming each pull request makes it one grant for each. This finds what a text says of
itself; it is no legal advice.
"""

import re

from licensing import reading
from licensing.sentence import N_, Sentence

_APPLIES = re.compile(
    r"\blaws?\s+of\s+(?:the\s+)?(?:France|French\s+Republic)\b|\bFrench\s+laws?\b"
    r"|\blaws?\s+in\s+France\b|\bdroit\s+français\b|\blois?\s+françaises?\b"
    r"|\b(?:droit|lois?)\s+(?:de\s+la\s+France|de\s+France)\b",
    re.IGNORECASE,
)
_CONFIRMS = re.compile(r"\bconfirm", re.IGNORECASE)
_HINT = N_(
    "The law of France applies, and nothing says that each contribution is confirmed. There, an"
    " assignment of all future works at once is void (Code de la propriété intellectuelle,"
    " article L131-1), and a licence of them is doubtful: let each pull request be confirmed"
    " (--confirm, and “confirm = true” in the rules), and ask a lawyer."
)


def hint(text: str, kind: str) -> Sentence | None:
    """Say what an agreement under French law lacks; None where it lacks nothing that we know of.

    A sign-off gives nothing for the future: it is made with each commit.
    """
    if kind == "dco" or not _APPLIES.search(text):
        return None
    found = reading.read(text)
    confirms = found.choice.confirm if found else bool(_CONFIRMS.search(text))
    return None if confirms else Sentence(_HINT)
