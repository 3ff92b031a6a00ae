"""The section `[roadmap]` of the rules file held against its shape."""

from collections.abc import Iterator

from bot.mistakes import N_, Lines, Problem
from bot.policy.sections import LONGEST_GITHUB_LABEL, Unknown
from bot.policy.shape import Roadmap
from bot.policy.stages import find_stages
from bot.policy.values import Check, Found, is_count, is_line, yes_or_no

ROADMAP = "roadmap"
MOST_VOTES = 1_000
MOST_DAYS = 3_651
LONGEST_CATEGORY = 100
MOST_CLAIMS = 20
MOST_CHOICE_DAYS = 90
LEAST_QUIET = 30

_SECTION = N_("“roadmap” must be a section: write [roadmap] on a line of its own.")
_LABEL = N_(
    "“label” must be the name of a label on GitHub, one line of at most %(most)d characters,"
    ' as in: label = "request".'
)
_VOTES = N_(
    "“votes_per_person” must be a whole number from 0 (no limit) to %(most)d,"
    " as in: votes_per_person = 6."
)
_YOUNG = N_(
    "“young_account_days” must be a whole number from 0 (off) to %(most)d,"
    " as in: young_account_days = 30."
)
_CLAIM_DAYS = N_("“claim_days” must be a whole number from 2 to %(most)d, as in: claim_days = 28.")
_AT_ONCE = N_(
    "“claims_at_once” must be a whole number from 1 to %(most)d, as in: claims_at_once = 1."
)
_CHOICE_DAYS = N_(
    "“choice_days” must be a whole number from 1 to %(most)d, as in: choice_days = 7."
)
_NOES = N_(
    "“reopen_after_no” must be a whole number from 0 (never) to %(most)d,"
    " as in: reopen_after_no = 3."
)
_SHARE = N_(
    "“reopen_share” must be a whole number from 0 to %(most)d, per cent, as in: reopen_share = 50."
)
_LEARNED = N_(
    "“learned_after_days” must be a whole number from 1 to %(most)d,"
    " as in: learned_after_days = 14."
)
_CATEGORY = N_(
    "“discussions” must be the name of a category of discussions, one line of at most %(most)d"
    ' characters, as in: discussions = "Ideas".'
)
_STALE = N_(
    "“stale_label” must be the label by which bots mark what is quiet, one line of at most %(most)d"
    ' characters, or empty where bots may close what people want, as in: stale_label = "stale".'
)
_QUIET = N_(
    "“quiet_days” must be 0 (never) or a whole number from %(least)d to %(most)d,"
    " as in: quiet_days = 365."
)


def find_roadmap(where: Lines, value: object, unknown: Unknown) -> Iterator[Problem]:
    """Give the mistakes in `[roadmap]`."""
    if not isinstance(value, dict):
        yield Problem(where.of("", ROADMAP), _SECTION)
        return
    yield from unknown(where, value, ROADMAP, Roadmap)
    for key, check in _CHECKS.items():
        for text, about in check(value[key]) if key in value else ():
            yield Problem(where.of(ROADMAP, key), text, about)
    if "stages" in value:
        label = value.get("label", Roadmap().label)
        yield from find_stages(where, value["stages"], label, unknown)


def _label(value: object) -> Found:
    # The lists of GitHub's API take several labels with commas between them.
    if not is_line(value, most=LONGEST_GITHUB_LABEL) or "," in str(value):
        yield _LABEL, {"most": LONGEST_GITHUB_LABEL}


def _category(value: object) -> Found:
    if value != "" and not is_line(value, most=LONGEST_CATEGORY):
        yield _CATEGORY, {"most": LONGEST_CATEGORY}


def _stale(value: object) -> Found:
    if value != "" and not is_line(value, most=LONGEST_GITHUB_LABEL):
        yield _STALE, {"most": LONGEST_GITHUB_LABEL}


def _quiet(value: object) -> Found:
    is_off = is_count(value, least=0, most=1)
    if not is_off and not is_count(value, least=LEAST_QUIET, most=MOST_DAYS):
        yield _QUIET, {"least": LEAST_QUIET, "most": MOST_DAYS}


def _votes(value: object) -> Found:
    if not is_count(value, least=0, most=MOST_VOTES):
        yield _VOTES, {"most": MOST_VOTES}


def _young(value: object) -> Found:
    if not is_count(value, least=0, most=MOST_DAYS):
        yield _YOUNG, {"most": MOST_DAYS}


def _claim_days(value: object) -> Found:
    # Half of it is when people are warned.
    if not is_count(value, least=2, most=MOST_DAYS):
        yield _CLAIM_DAYS, {"most": MOST_DAYS}


def _at_once(value: object) -> Found:
    if not is_count(value, least=1, most=MOST_CLAIMS):
        yield _AT_ONCE, {"most": MOST_CLAIMS}


def _choice_days(value: object) -> Found:
    if not is_count(value, least=1, most=MOST_CHOICE_DAYS):
        yield _CHOICE_DAYS, {"most": MOST_CHOICE_DAYS}


def _count(text: str, least: int, most: int) -> Check:
    def check(value: object) -> Found:
        if not is_count(value, least=least, most=most):
            yield text, {"most": most}

    return check


_CHECKS: dict[str, Check] = {
    "on": yes_or_no("on"),
    "label": _label,
    "votes_per_person": _votes,
    "young_account_days": _young,
    "discussions": _category,
    "reopen_after_no": _count(_NOES, 0, MOST_VOTES),
    "reopen_share": _count(_SHARE, 0, 100),
    "learned_after_days": _count(_LEARNED, 1, MOST_DAYS),
    "claim_days": _claim_days,
    "claims_at_once": _at_once,
    "choice_days": _choice_days,
    "stale_label": _stale,
    "quiet_days": _quiet,
}
