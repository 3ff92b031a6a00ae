"""Words that assign rights, told from words that say that nothing is assigned.

A word is denied where the negation stands right before it (or around it, in French) in its own
sentence, where nothing else is negated, and where nothing makes an exception. Everything else
assigns: a false alarm is mended in a minute, a missed assignment never.
"""

import re
from collections.abc import Iterator

_ASSIGNS = {
    "en": re.compile(
        r"\bassign(?:s|ed|ing|ment|ments|ors?|ees?)?\b(?!\s+(?:of\s+)?th(?:is|e)\s+agreement\b)"
        r"|\btransfer(?:s|red|ring)?\b[^.;]{0,60}\b(?:titles?|ownership|copyrights?|rights?)\b"
        r"|\bconvey(?:s|ed|ing|ance)?\b|\bvests?\s+in\b|\bwork\w*\s+(?:made\s+)?for\s+hire\b"
        r"|\b(?:hand|sign|make)(?:s|ing)?\s+over\s+(?:\w+\s+){0,3}(?:title|ownership|copyright)\b"
        r"|\b(?:becomes?|passes?|pass|belongs?)\s+(?:\w+\s+){0,3}(?:ours|us|property)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\bc[éè]d(?:er|e|es|ez|ons|ent|é|ée|és|ées|ant|ants|era|erez)\b"
        r"|\bcessions?\b|\bcessionnaires?\b"
        r"|\btransf(?:ère|érer|érez|érons|èrent|éré|érés|érée|érées|ert|erts)\b"
        r"[^.;]{0,60}\b(?:propriété|titularité|droits?)\b"
        r"|\b(?:devien(?:t|nent)|passe(?:nt)?)\s+(?:\w+\s+){0,2}(?:à\s+nous|propriété)\b"
        r"|\bnous\s+appartien\w+",
        re.IGNORECASE,
    ),
}
_OF_CONTRACT = re.compile(r"\bsuccessors\s+(?:and|or)\s+(?:permitted\s+)?$", re.IGNORECASE)
_NEGATION = {
    "en": re.compile(
        r"\b(?:not|never|no|nothing|neither|nor|none|without)\b|n['’]t\b", re.IGNORECASE
    ),
    "fr": re.compile(r"\b(?:pas|aucune?|jamais|sans|ni|rien)\b", re.IGNORECASE),
}
_DENIED_BEFORE = {
    "en": re.compile(
        r"(?:\b(?:not|never|no|nothing|without)\b|n['’]t\b)"
        r"(?:\s+(?:an?|any|be|is|hereby|copyright|rights?|of))*\s*$",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:pas|aucune?|jamais|sans)\b(?:\s+(?:une?|de|des|être))*\s*$", re.IGNORECASE
    ),
}
_DENIED_AROUND = (
    re.compile(r"\b(?:ne|n['’])\s*(?:nous\s+|vous\s+)?$", re.IGNORECASE),
    re.compile(r"^\s+(?:pas|aucune?|jamais|rien)\b", re.IGNORECASE),
)
_EXCEPTION = re.compile(
    r"\b(?:but|except|unless|only|merely|save|other\s+than|however|mais|sauf|hormis|excepté|seulement"
    r"|uniquement|à\s+moins|toutefois|cependant)\b",
    re.IGNORECASE,
)


def assigning(text: str, language: str) -> Iterator[tuple[int, str]]:
    """Give each place where something is assigned: its offset in the text, and the words."""
    for part in re.finditer(r"[^.;:!?\n]+(?:\n(?!\s*\n)[^.;:!?\n]+)*", text):
        for match in _ASSIGNS[language].finditer(part[0]):
            before, after = part[0][: match.start()], part[0][match.end() :]
            if _OF_CONTRACT.search(before):
                continue
            if not _denied(before, after, part[0], language):
                yield part.start() + match.start(), " ".join(match[0].split())


def _denied(before: str, after: str, whole: str, language: str) -> bool:
    around = language == "fr" and all(
        pattern.search(words)
        for pattern, words in zip(_DENIED_AROUND, (before, after), strict=True)
    )
    once = len(_NEGATION[language].findall(whole)) == 1
    said = around or _DENIED_BEFORE[language].search(before)
    return bool(said) and once and not _EXCEPTION.search(whole)
