"""The section `[selling.sharing]` of the rules file: who shares in what licences bring, and its mistakes."""

from collections.abc import Iterator

from bot.mistakes import N_, Lines, Problem
from bot.policy import shape
from bot.policy.sections import Unknown
from bot.policy.values import Check, Found, is_count, one_of
from core.currencies import CURRENCIES
from core.money import NotAnAmount, parse
from donations.sharing.rules import COUNTS, PERIODS, Rule

SHARING = "selling.sharing"
MOST_WEIGHT = 1_000
MOST_PEOPLE = 100
MOST_KINDS = 40
LONGEST_KIND = 40
LEAST_WAIT, MOST_WAIT = 14, 366

_SECTION = N_("“sharing” must be a section: write [selling.sharing] on a line of its own.")
_WEIGHT = N_("“%(key)s” must be a whole number from 0 to %(most)d, as in: %(key)s = 60.")
_NOBODY = N_("Somebody has to get a part: contributors, maintainers and project are all 0.")
_POINTS = N_(
    "“points” gives whole numbers to kinds of contributions, as in: points = { code = 5, doc = 3 }."
)
_NO_POINTS = N_(
    "Contributors get a part, but “points” says for what: no kind of contribution is there."
)
_PEOPLE = N_(
    "“maintainer_ids” must be a list of account numbers, as in: maintainer_ids = [1901]."
    " https://api.github.com/users/LOGIN shows the number as “id”."
)
_NO_PEOPLE = N_("Maintainers get a part, but “maintainer_ids” names nobody.")
_CAP = N_("“cap_percent” must be a whole number from 1 to 100, as in: cap_percent = 25.")
_LEAST = N_('“least” must be an amount of the currency that you sell in, as in: least = "5".')
_WAIT = N_("“wait_days” must be a whole number from %(least)d to %(most)d.")


def read(given: shape.Sharing | None, currency: str) -> Rule | None:
    """Give the rule that a file without mistakes writes; None where it writes none."""
    if given is None:
        return None
    return Rule(
        contributors=given.contributors,
        maintainers=given.maintainers,
        project=given.project,
        points=tuple(sorted(given.points.items())),
        maintainer_ids=tuple(sorted(set(given.maintainer_ids))),
        period=next(one for one in PERIODS if one == given.period),
        counts=next(one for one in COUNTS if one == given.counts),
        cap_percent=given.cap_percent,
        least=parse(given.least, currency, "en").minor,
        wait_days=given.wait_days,
    )


def find_sharing(
    where: Lines, value: object, currency: object, unknown: Unknown
) -> Iterator[Problem]:
    """Give the mistakes in `[selling.sharing]`; `currency` is the one that is sold in."""
    if not isinstance(value, dict):
        yield Problem(where.of("selling", "sharing"), _SECTION)
        return
    yield from unknown(where, value, SHARING, shape.Sharing)
    found = [
        Problem(where.of(SHARING, key), text, about)
        for key, check in _CHECKS.items()
        for text, about in (check(value[key]) if key in value else ())
    ]
    yield from found
    if "least" in value and not _is_sum(value["least"], currency):
        yield Problem(where.of(SHARING, "least"), _LEAST)
    if found:
        return
    usual = shape.Sharing()
    parts = {
        key: value.get(key, getattr(usual, key))
        for key in ("contributors", "maintainers", "project")
    }
    if not any(parts.values()):
        yield Problem(where.of("selling", "sharing"), _NOBODY)
    if parts["contributors"] and not any(value.get("points", usual.points).values()):
        yield Problem(where.of(SHARING, "points"), _NO_POINTS)
    if parts["maintainers"] and not value.get("maintainer_ids"):
        yield Problem(where.of(SHARING, "maintainer_ids"), _NO_PEOPLE)


def _is_sum(text: object, currency: object) -> bool:
    if not isinstance(text, str) or not isinstance(currency, str) or currency not in CURRENCIES:
        return False
    try:
        parse(text, currency, "en")
    except NotAnAmount:
        return False
    return True


def _weight(key: str) -> Check:
    def check(value: object) -> Found:
        if not is_count(value, least=0, most=MOST_WEIGHT + 1):
            yield _WEIGHT, {"key": key, "most": MOST_WEIGHT}

    return check


def _points(value: object) -> Found:
    sound = isinstance(value, dict) and 0 < len(value) <= MOST_KINDS
    kinds = value if isinstance(value, dict) else {}
    if not sound or not all(
        0 < len(kind) <= LONGEST_KIND
        and kind.isalnum()
        and is_count(weight, least=0, most=MOST_WEIGHT + 1)
        for kind, weight in kinds.items()
    ):
        yield _POINTS, {}


def _people(value: object) -> Found:
    if (
        not isinstance(value, list)
        or len(value) > MOST_PEOPLE
        or not all(is_count(one, least=1) for one in value)
    ):
        yield _PEOPLE, {}


def _cap(value: object) -> Found:
    if not is_count(value, least=1, most=101):
        yield _CAP, {}


def _wait(value: object) -> Found:
    if not is_count(value, least=LEAST_WAIT, most=MOST_WAIT + 1):
        yield _WAIT, {"least": LEAST_WAIT, "most": MOST_WAIT}


def _word(known: tuple[str, ...]) -> Check:
    def check(value: object) -> Found:
        yield from one_of(value if isinstance(value, str) else "", known)

    return check


_CHECKS: dict[str, Check] = {
    "contributors": _weight("contributors"),
    "maintainers": _weight("maintainers"),
    "project": _weight("project"),
    "points": _points,
    "maintainer_ids": _people,
    "period": _word(PERIODS),
    "counts": _word(COUNTS),
    "cap_percent": _cap,
    "wait_days": _wait,
}
