"""Words beside a signature that make it doubtful: a no, a question, a second thought.

Everything that denies or asks is a doubt, except a clause that is plainly about the work or is
plain courtesy: asking somebody once more costs little, and a signature that was none costs a lot.
English and French, on lines as `licensing.phrases.normal` gives them.
"""

import re

_DENIES = re.compile(
    r"n't\b|\b(?:not|never|nobody|nothing|none|neither|nor|cannot|without|dont|wont|cant|didnt|nope"
    r"|nah|(?:no|non|sans)(?!-)|ne|pas|jamais|rien|aucune?|ni"
    r"|refus\w*|declin\w*)\b|\bn'"
)
_TAKES_BACK = re.compile(
    r"\b(?:scratch|strike|forget|cancel|undo|disregard|ignore)\s+(?:about\s+)?(?:it|that|this|my)\b"
    r"|\bsecond\s+thoughts?\b|\bchanged\s+(?:my|our)\s+minds?\b|\bby\s+(?:mistake|accident)\b"
    r"|\b(?:forbid\w*|forbade|prohibit\w*|veto\w*|objects?\s+to|(?:employer|company|boss)\s+oppose\w*)\b"
    r"|\b(?:duress|coerced|against\s+(?:my|our)\s+will|(?:was|am|being|were)\s+forced)\b"
    r"|\b(?:revok|withdr|retract|rescind)\w*|\bwhat\s+happens\s+(?:if|when)\s+i\b"
    r"|\blaisse[rz]?\s+tomber\b|\boublie[rz]?\s+(?:ça|cela|ceci|ce)\b|\bannul\w+|\bpar\s+erreur\b"
    r"|\b(?:interdit|interdisent|s'(?:y\s+)?oppose(?:nt)?|défend)\b|\bchangé\s+d'avis\b|\bje\s+plaisante\b"
    r"|\bcontre\s+(?:mon|notre)\s+gré\b|\bforcée?\b|\bsous\s+la\s+contrainte\b"
)
_COURTESY = re.compile(
    r"\b(?:no|not\s+an?|without|aucune?|pas\s+d[e']|sans)\s*(?:further\s+|more\s+|other\s+|autres?\s+)?"
    r"(?:problem|worrie|worry|hurry|rush|bother|hesitation|doubt|reservation|question|comment|remark"
    r"|objection|delay|issue|problème|souci|hésitation|doute|réserve|question|remarque|objection)s?\b"
    r"|\b(?:why\s+not|pourquoi\s+pas|(?:do\s+not|don't)\s+(?:worry|mind|hesitate)|not\s+at\s+all)\b"
    r"|\b(?:is|was)\s+not\s+out\b|\banything\s+else\s*\?"
)
_WORK = re.compile(
    r"\b(?:tests?|docs?|documentation|readme|changelog|modules?|tabs?|spaces|indent\w*|code|functions?"
    r"|class(?:es)?|methods?|variables?|modifi\w+|rebas\w+|merge[ds]?|branch\w*|commits?|push\w*"
    r"|squash\w*|conflicts?|ci|workflows?|builds?|lint\w*|types?|typing|format\w*|bugs?|fix\w*|files?"
    r"|fichiers?|lines?|lignes?|reviews?|reviewed|relecture|features?|patch(?:es)?|api|imports?"
    r"|dependenc\w+|names?|renam\w+|loops?|cache\w*|errors?|erreurs?|warnings?|windows|linux|macos"
    r"|python|javascript|rust|performance|refactor\w*|flaky|crash\w*|fonctions?|variables?|dépôt|diff)\b"
)
_WEIGHTY = re.compile(
    r"\b(?:sign\w*|agree\w*|accept\w*|consent\w*|cla|caa|dco|contracts?|contrats?|terms|licen[cs]\w*"
    r"|employ\w*|company|boss|patron|lawyers?|legal\w*|avocat|mine|own\w*|auth\w+|auteure?s?|wrote"
    r"|writ\w+|écri\w+|copyright\w*|rights?|droits?|permi\w+|allow\w*|forc\w*|speak|behalf|want\w*|veux"
    r"|wish\w*|mean(?:s|t)?|bind\w*|bound|legit\w*|serious\w*|accord|moi|supposed|should|must|dois|doit"
    r"|entitled|represent\w*)\b"
)
_CLAUSE = re.compile(r"(?<=[.!?;:,()])\s+|\s+(?:but|because|though|mais|car)\s+")
_ADDRESS = re.compile(r"https?://\S+")


def doubtful(line: str) -> bool:
    """Say whether a normalised line puts a signature beside it in doubt."""
    plain = _COURTESY.sub(" ", _ADDRESS.sub(" ", line))
    if _TAKES_BACK.search(plain):
        return True
    return any(_is_doubt(clause) for clause in _CLAUSE.split(plain))


def _is_doubt(clause: str) -> bool:
    if not (_DENIES.search(clause) or clause.rstrip().endswith("?")):
        return False
    return not _WORK.search(clause) or bool(_WEIGHTY.search(clause))
