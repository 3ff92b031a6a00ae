"""The section `[funding]` of the rules file held against its shape."""

from collections.abc import Iterator

from bot.mistakes import N_, Lines, Problem
from bot.policy.appeals import find_asking
from bot.policy.sections import Unknown
from bot.policy.shape import Funding
from bot.policy.values import Check, Found, is_count, yes_or_no
from core.currencies import CURRENCIES
from core.money import NotAnAmount, parse
from donations.giving.terms import LAPSES, LONGEST_HOLD, OF_A_REWARD, SHARES

FUNDING = "funding"
MOST_SUGGESTED = 6
MOST_WEIGHT = 1_001
MOST_DAYS = 366
LONGEST_OWED = 731

_SECTION = N_("“funding” must be a section: write [funding] on a line of its own.")
_CURRENCY = N_('“currency” must be the code of a currency that is known, as in: currency = "EUR".')
_AMOUNT = N_('“%(key)s” holds no amount of %(currency)s. Write texts, as in: ["5", "20.50"].')
_MANY = N_("“suggested” must be a list of 1 to %(most)d amounts.")
_SPLIT = N_(
    "“split” gives weights to feature, builders and project, whole numbers from 0, not all 0,"
    " as in: split = { feature = 60, builders = 30, project = 10 }."
)
_REWARD = N_(
    "“reward” gives weights to builders and project, whole numbers from 0; builders get something,"
    " as in: reward = { builders = 90, project = 10 }."
)
_LAPSE = N_('“lapse” must be "project" or "backers".')
_DAYS = N_("“%(key)s” must be a whole number of days from %(least)d to %(most)d.")


def find_funding(where: Lines, value: object, unknown: Unknown) -> Iterator[Problem]:
    """Give the mistakes in `[funding]`."""
    if not isinstance(value, dict):
        yield Problem(where.of("", FUNDING), _SECTION)
        return
    yield from unknown(where, value, FUNDING, Funding)
    for key, check in _CHECKS.items():
        for text, about in check(value[key]) if key in value else ():
            yield Problem(where.of(FUNDING, key), text, about)
    currency = value.get("currency", "EUR")
    if currency not in CURRENCIES:
        yield Problem(where.of(FUNDING, "currency"), _CURRENCY)
        return
    for key in ("suggested", "least"):
        if key in value and not _are_amounts(value[key], currency):
            about = {"key": key, "currency": currency}
            yield Problem(where.of(FUNDING, key), _AMOUNT, about)
    yield from find_asking(where, value, currency, unknown)


def _are_amounts(value: object, currency: str) -> bool:
    texts = value if isinstance(value, list) else [value]
    return all(isinstance(one, str) and _is_amount(one, currency) for one in texts)


def _is_amount(text: str, currency: str) -> bool:
    try:
        parse(text, currency, "en")
    except NotAnAmount:
        return False
    return True


def _suggested(value: object) -> Found:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_SUGGESTED:
        yield _MANY, {"most": MOST_SUGGESTED}


def _split(value: object) -> Found:
    sound = isinstance(value, dict) and set(value) <= set(SHARES)
    weights = list(value.values()) if isinstance(value, dict) else []
    if (
        not sound
        or not all(is_count(one, least=0, most=MOST_WEIGHT) for one in weights)
        or not any(weights)
    ):
        yield _SPLIT, {}


def _reward(value: object) -> Found:
    sound = isinstance(value, dict) and set(value) <= set(OF_A_REWARD)
    weights = value if isinstance(value, dict) else {}
    counts = all(is_count(one, least=0, most=MOST_WEIGHT) for one in weights.values())
    if not sound or not counts or not weights.get("builders"):
        yield _REWARD, {}


def _lapse(value: object) -> Found:
    if value not in LAPSES:
        yield _LAPSE, {}


def _days(key: str, most: int) -> Check:
    def check(value: object) -> Found:
        if not is_count(value, least=1, most=most + 1):
            yield _DAYS, {"key": key, "least": 1, "most": most}

    return check


_CHECKS: dict[str, Check] = {
    "on": yes_or_no("on"),
    "monthly": yes_or_no("monthly"),
    "suggested": _suggested,
    "split": _split,
    "hold_days": _days("hold_days", LONGEST_HOLD),
    "dispute_days": _days("dispute_days", MOST_DAYS),
    "refund_days": _days("refund_days", MOST_DAYS),
    "reward": _reward,
    "owed_days": _days("owed_days", LONGEST_OWED),
    "lapse": _lapse,
}
