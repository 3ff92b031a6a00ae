"""The parts of a comment that its writer says, apart from what is only shown; and what they mean.

Shown are quotes, code and anything inside HTML elements that quote, show or strike; so is what
nobody sees: the attributes of HTML tags, definitions of links, footnotes. HTML comments are
neither said nor shown. Markdown as on GitHub: https://github.github.com/gfm/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HTML_COMMENT = re.compile(
    r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<![A-Za-z][^<>]*>", re.DOTALL
)
_HTML_ELEMENT = re.compile(
    r"<(pre|code|blockquote|q|del|s|strike|kbd|samp|textarea|script|style|title)\b[^<>]*>"
    r"(.*?)(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
# A quoted value may hold anything, blank lines too: GitHub joins such a tag to what follows.
_HTML_TAG = re.compile(
    r"""<(/?[A-Za-z](?:[^<>"'\n]|\n(?![ \t]*\n)|"[^"]*+"|'[^']*+')*+)>"""
    # A block of HTML may end, with its tag still open, at a blank line.
    r"""|^ {0,3}<([A-Za-z][\w-]*+\s(?:[^<>"'\n]|\n(?![ \t]*\n)|"[^"]*+"|'[^']*+')*+)"""
    r"""(?=\n[ \t]*\n|\Z)""",
    re.MULTILINE,
)
_LINK_DEFINITION = re.compile(
    r"""^\ {0,3}\[(?:[^\[\]\\]|\\.){1,999}+\]:  # the label
    [ \t]*+\n?[ \t]*+(?:<[^<>\n]*>|[^\s<]\S*+)     # where to; it may stand on the next line
    (?:(?:[ \t]++\n?|\n)[ \t]*+                     # a title, over as many lines as it likes
    (?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)))?+[ \t]*+$""",
    re.MULTILINE | re.VERBOSE | re.DOTALL,
)
_FOOTNOTE = re.compile(r"^ {0,3}\[\^[^\]\s]++\]:.*+(?:\n(?![ \t]*+$).*+)*+", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
_QUOTE = re.compile(r" {0,3}>")
_QUOTE_IN_LIST = re.compile(r"[ \t]*+(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]++)++>")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)")
_STAND_IN = "\ufffc"

_NO = (
    r"(?:do|does|did|will|would|can|could|shall|should|have|has|had|am|is|was|may|might)"
    r"(?:n't| not|not| never)|cannot|won't|never|not|don't|dont|wont|cant|ain't"
)
_VERB = r"(?:agree|sign|accept|consent|read|approve|authori[sz]e|endorse|grant)\w*"
_CONTRADICTION = re.compile(
    rf"\b(?:{_NO})\b(?:\s+\w+){{0,4}}\s+{_VERB}"
    r"|\bnot\s+yet\b|\bdisagree\w*|\b(?:i|we)\s+(?:\w+\s+)?(?:refuse|decline|object|withdraw|retract|revoke)\b"
    r"|\b(?:just|only)\s+(?:kidding|joking|testing)\b|\bthis\s+is\s+(?:just\s+|only\s+)?a\s+(?:test|joke)\b"
    r"|\b(?:ignore|disregard)\s+(?:the\s+)?(?:above|this|that)\b|\bi\s+take\s+(?:it|that)\s+back\b"
    r"|\b(?:only\s+if|unless|provided\s+that|on\s+(?:the\s+)?condition|under\s+protest|subject\s+to)\b"
    r"|\bwithout\s+(?:agreeing|signing|accepting)\b|\bunsign\w*"
    r"|\bj(?:e|')\s*(?:ne|n')\s*(?:\w+\s+){0,3}?(?:signe|accepte|accord|veux|peux|souhaite|lu|consens)\w*"
    r"|\bje\s+(?:n'accepte|n'ai)\b|\bpas\s+(?:encore|d'accord|sign\w*|accept\w*|lu)\b"
    r"|\bje\s+(?:refuse|retire|conteste)\b|\b(?:sauf\s+si|à\s+(?:la\s+)?condition|sous\s+réserve)\b"
    r"|\bdésaccord\b|\bj'annule\b|\bc'est\s+(?:juste\s+)?un\s+(?:test|essai)\b"
)
_LAST_WORD = re.compile(r"(?:,?\s*)\bnot\W*$|^(?:no|nope|non|not|never|jamais)\b[^a-z]*$")

_TERMS = (
    r"(?:the\s+|your\s+|this\s+|le\s+|la\s+|l'|ce\s+|les\s+)?"
    r"(?:cla|caa|dco|contributors?'?\s+(?:licen[cs]e|assignment)?\s*agreement|agreement|terms"
    r"|cla\s+document|accord(?:\s+de\s+contribution)?|contrat|conditions|licence\s+agreement)"
)
_AGREES_TO_TERMS = re.compile(
    r"(?:^|.*[.!,;]\s*|(?:ok(?:ay)?|hi|hello|yes|sure|done|bonjour|oui|voilà)\b[\s,.!:-]*)"
    r"(?:i|i've|i have|i hereby|i do|je|j'|j'ai)\s*(?:also\s+|now\s+|just\s+|hereby\s+|have\s+|do\s+)?"
    r"(?:agree(?:d)?(?:\s+(?:to|with))?|accept(?:e|é|ed)?|sign(?:e|é|ed)?|consent(?:ed)?\s+to"
    rf"|read(?:\s+and\s+(?:agree\s+(?:to|with)|accept|sign(?:ed)?))?|lu)\s+{_TERMS}\W*"
)
_TERMS_SIGNED = re.compile(
    rf"{_TERMS}\s+(?:is\s+|has\s+been\s+|est\s+)?(?:signed|signé|accepted)\W*"
)
_AGREES = re.compile(
    r"(?:(?:ok(?:ay)?|yes|oui)[\s,.!]+)?(?:i\s+(?:hereby\s+)?(?:do\s+)?(?:agree|accept|consent|sign)"
    r"|i(?:'ve|\s+have)\s+signed(?:\s+it)?|i\s+(?:agree|sign|accept)\s+(?:to\s+)?(?:it|this)|signed"
    r"|je\s+signe|j'accepte|j'ai\s+signé|je\s+suis\s+d'accord|sign)\W*"
)


@dataclass(frozen=True)
class Spoken:
    """A comment's lines: `said` by its writer, or only `shown`."""

    said: tuple[str, ...]
    shown: tuple[str, ...]


def split(body: str) -> Spoken:
    """Tell what a comment says from what it shows."""
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    text = _HTML_COMMENT.sub("", text)
    shown: list[str] = []
    said = "\n".join(_without_blocks(text, shown))
    said = _HTML_ELEMENT.sub(lambda match: _moved(match[2], shown), said)
    for unseen in (_FOOTNOTE, _LINK_DEFINITION):
        said = unseen.sub(lambda match: _moved(match[0], shown), said)
    paragraphs = re.split(r"\n(?:[ \t]*\n)+", said)
    kept = (_CODE_SPAN.sub(lambda match: _moved(match[2], shown), part) for part in paragraphs)
    said = _HTML_TAG.sub(lambda match: _moved(match[1] or match[2], shown), "\n\n".join(kept))
    return Spoken(tuple(said.split("\n")), tuple(shown))


def _moved(inside: str, shown: list[str]) -> str:
    shown.extend(inside.split("\n"))
    return _STAND_IN


def _without_blocks(text: str, shown: list[str]) -> Iterator[str]:
    """Give the lines that are in no code block and no quote; the others go to `shown`."""
    fence = ""
    in_paragraph = in_list_quote = False
    for line in text.split("\n"):
        # A line right behind a quote in a list still belongs to that quote.
        in_list_quote = bool(_QUOTE_IN_LIST.match(line)) or (in_list_quote and bool(line.strip()))
        opening = _FENCE.match(line)
        if fence:
            stripped = line.strip()
            if stripped.startswith(fence) and not stripped.strip(fence[0]):
                fence = ""
            else:
                shown.append(line)
        elif opening:
            fence = opening["fence"]
            in_paragraph = False
        elif in_list_quote or _QUOTE.match(line):
            shown.append(line.lstrip(" >"))
            in_paragraph = False
        elif line.strip() and _INDENTED.match(line) and not in_paragraph:
            shown.append(line)
        else:
            in_paragraph = bool(line.strip())
            yield line
            continue
        # Whatever was taken out ends a paragraph: code spans must not reach across it.
        yield ""


def contradicts(line: str) -> bool:
    """Say whether a normalised line says no, not yet, or only under a condition."""
    return bool(_CONTRADICTION.search(line) or _LAST_WORD.search(line))


def agrees(lines: tuple[str, ...]) -> bool:
    """Say whether normalised lines mean yes to the agreement without saying it in the right words."""
    if any(contradicts(line) or line.endswith("?") for line in lines):
        return False
    if any(_AGREES_TO_TERMS.fullmatch(line) or _TERMS_SIGNED.fullmatch(line) for line in lines):
        return True
    return len(lines) == 1 and bool(_AGREES.fullmatch(lines[0]))
