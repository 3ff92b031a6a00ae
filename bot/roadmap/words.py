"""What a title is about: its words without endings, in English and French alike. Pure."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST_TITLE = 400
MOST_STEMS = 24
LONGEST_STEM = 32
SHORTEST_SLIP = 4
"""A letter more or less in a shorter word makes another word."""

_WORD = re.compile(r"[^\W_]+(?:[+#]+)?")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENDINGS = tuple(
    sorted(
        (
            *("issements", "issement", "ifications", "ification", "isations", "isation"),
            *("izations", "ization", "atrices", "atrice", "ateurs", "ateur", "ators", "ator"),
            *("ations", "ation", "itions", "ition", "utions", "ution", "ements", "ement"),
            *("ments", "ment", "ances", "ance", "ences", "ence", "ables", "able", "ibles"),
            *("ible", "ings", "ing", "eurs", "eur", "euses", "euse", "ives", "ive"),
            *("tions", "tion", "ions", "ion", "iers", "ier", "ies", "ied", "ees", "ee", "ers"),
            *("ors", "er", "or", "ez", "ed", "ent", "ants", "ant", "aient", "ait", "ely"),
            *("ally", "ly", "ness", "ful", "aux", "al", "als", "iques", "ique", "ical", "ic"),
            *("ises", "ise", "izes", "ize", "ises", "ates", "ate", "es", "is", "ir", "re"),
            *("e", "s", "x", "y", "i"),
        ),
        key=len,
        reverse=True,
    )
)
_SHORTEST_LEFT = {1: 3, 2: 3}
_LEFT = 4
_PASSES = 2

NOISE = frozenset(
    # What stands in every request tells none from another.
    "a able about add added adding after again ajout ajouter all allow also alors am an and any are"
    " as at au aux avec avoir be been before being but by c can cannot ce ces cette chaque comme"
    " could d dans de des do does doing donner du d en enable est et etre even faire feature for"
    " from get give got had has have having how i if il implement in into is it its j je jeu l la"
    " le les let like lors ma make me mes mettre mon my n ne no non nos not notre nous of on one"
    " only or ou our par pas permettre permet plus possibility possibilite possible pour please"
    " pouvoir provide qu quand que qui request sa sans se ses should si so some son sont sous"
    " support sur t than that the their them then there these they this to too un une up us"
    " use utiliser vers via want was way we were when where which while will wish with without"
    " would y you your votre vos".split()
)


def folded(text: str) -> str:
    """Give a text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def stems(text: str) -> tuple[str, ...]:
    """Give the stems of a title's words, each once, in their order; noise only if nothing else is left."""
    apart = _CAMEL.sub(" ", text[:LONGEST_TITLE])
    known = list(dict.fromkeys(_WORD.findall(folded(apart))))
    telling = [word for word in known if word not in NOISE] or known
    found = dict.fromkeys(stem(word)[:LONGEST_STEM] for word in telling)
    return tuple(found)[:MOST_STEMS]


def stem(word: str) -> str:
    """Take the endings of English and French off a folded word; both at once, as nobody says which it is."""
    for _pass in range(_PASSES):
        shorter = _shorter(word)
        if shorter == word:
            break
        word = shorter
    # "planning" and "plan", "abonner" and "abonement" have one stem.
    if len(word) > _LEFT - 1 and word[-1] == word[-2]:
        word = word[:-1]
    return word


def _shorter(word: str) -> str:
    for ending in _ENDINGS:
        left = len(word) - len(ending)
        if left >= _SHORTEST_LEFT.get(len(ending), _LEFT) and word.endswith(ending):
            return word[:left]
    return word


def slips(word: str) -> frozenset[str]:
    """Give a stem with each of its letters left out, and itself.

    Two stems that are one slip of the pen apart (a letter more, less, other, or two exchanged)
    have one of these in common: how SymSpell looks words up.
    """
    if len(word) < SHORTEST_SLIP:
        return frozenset({word})
    return frozenset({word, *(word[:at] + word[at + 1 :] for at in range(len(word)))})


def near(word: str, others: Iterable[str]) -> tuple[str, ...]:
    """Give those of `others` that are one slip away from `word`."""
    return tuple(other for other in others if other != word and _one_slip(word, other))


def _one_slip(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    swapped = one[start : start + 2] == other[start : start + 2][::-1]
    return one[start + 1 :] == other[start + 1 :] or (
        swapped and one[start + 2 :] == other[start + 2 :]
    )
