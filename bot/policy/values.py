"""What each single value in `[agreement]` may be: one check for each key.

A check takes the value as TOML gave it and gives (msgid, values) for each mistake in it.
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterator

from bot.mistakes import N_
from bot.policy.shape import MODES, OUTBOUND, SCOPES
from licensing import spdx
from licensing.versions import parts

LONGEST_PHRASE = 200
SHORTEST_PHRASE = 10
LONGEST_ENTRY = 200
MOST_ENTRIES = 500
LARGEST_ID = 2**53

Found = Iterator[tuple[str, dict[str, object]]]
Check = Callable[[object], Found]

_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?(?:\[bot\])?", re.ASCII)
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,100}", re.ASCII)
_TEAM = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,38})/)?[a-z0-9_](?:[a-z0-9_-]{0,99})(?:#[1-9][0-9]{0,15})?",
    re.ASCII,
)
_ADDRESS = re.compile(r"[^@\s*?<>,;\"]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)

_TEXTS = {
    "mode": N_('“mode” must be a text, as in: mode = "cla".'),
    "document": N_('“document” must be a path in this repository, as in: document = "CLA.md".'),
    "company_document": N_(
        "“company_document” must be a path in this repository, as in:"
        ' company_document = "CLA-entity.md".'
    ),
    "version": N_('“version” must be a text with two numbers, as in: version = "1.0".'),
    "phrase": N_('“phrase” must be a text, as in: phrase = "I have read the CLA and I sign it".'),
    "scope": N_('“scope” must be a text, as in: scope = "organisation".'),
    "outbound": N_('“outbound” must be a text, as in: outbound = "any_plus_original".'),
    "exempt_users": N_(
        "“exempt_users” must be a list of account numbers, as in: exempt_users = [49699333]."
        " https://api.github.com/users/LOGIN shows the number as “id”."
    ),
    "exempt_bots": N_(
        '“exempt_bots” must be a list of logins, as in: exempt_bots = ["dependabot[bot]"].'
    ),
    "exempt_below": N_(
        "“exempt_below” must hold two whole numbers from 0,"
        " as in: exempt_below = { files = 2, lines = 10 }."
    ),
    "repositories": N_(
        '“repositories” must be a list of names, as in: repositories = ["website", "engine"].'
    ),
    "outbound_licences": N_(
        "“outbound_licences” must be a list of SPDX identifiers,"
        ' as in: outbound_licences = ["Apache-2.0", "MIT"].'
    ),
    "paths": N_('“paths” must be a list of patterns, as in: paths = ["ee/**"].'),
    "exempt_paths": N_(
        '“exempt_paths” must be a list of patterns, as in: exempt_paths = ["docs/**", "*.md"].'
    ),
    "exempt_teams": N_(
        '“exempt_teams” must be a list of teams, as in: exempt_teams = ["core", "acme/staff"].'
    ),
    "agents": N_(
        '“agents” must be a list of e-mail addresses, as in: agents = ["agent@example.com"].'
    ),
}
_MODE = N_("The mode “%(value)s” does not exist. Use one of: cla, caa, dco, off.")
_ONE_OF = N_("“%(value)s” does not exist here. Use one of: %(known)s.")
_MEANT = N_("“%(value)s” does not exist here. Did you mean “%(meant)s”?")
_NUMBERED = N_(
    "Outbound rules have names, because the known texts number them differently."
    " Use one of: %(known)s."
)
_LOGIN_PROBLEM = N_(
    "“%(value)s” is no login of a bot. Logins are compared whole: write each one out,"
    ' without patterns, as in: exempt_bots = ["dependabot[bot]"].'
)
_PHRASE = N_(
    "The phrase must be one line of %(least)d to %(most)d characters and must not begin with “/”."
)
_REPOSITORY_PROBLEM = N_(
    "“%(value)s” is no name of a repository. Write the name alone, without owner and"
    ' without patterns, as in: repositories = ["website"].'
)
_LICENCE = N_(
    "“%(value)s” is not on the SPDX list of licences. See https://spdx.org/licenses/ for the"
    " identifiers."
)
_LICENCE_MEANT = N_("“%(value)s” is not on the SPDX list of licences. Did you mean “%(meant)s”?")
_TEAM_PROBLEM = N_(
    "“%(value)s” is no team. Write the last part of its address on GitHub, with the"
    ' organisation before it if it is another one, as in: exempt_teams = ["core", "acme/staff"].'
)
_ADDRESS_PROBLEM = N_(
    "“%(value)s” is no e-mail address. Addresses are compared whole: write each one out,"
    ' without patterns, as in: agents = ["agent@example.com"].'
)
_GLOB = N_(
    "“%(value)s” is no pattern of paths. Write it from the root of the repository without a “/”"
    " in front, with “*” for a part of a name, “?” for one character and “**” for any folders,"
    ' as in: "ee/**". There is no “..”, and nothing that begins with “!”.'
)
_YES_NO = N_("“%(key)s” must be true or false, as in: %(key)s = true.")
_TOO_MANY = N_("This list has more than %(most)d entries. Shorten it.")


def one_of(value: str, known: Collection[str]) -> Found:
    """Refuse what is not among `known`, and say what is near."""
    if value in known:
        return
    near = difflib.get_close_matches(value.lower().replace("-", "_"), known, 1, 0.6)
    if near:
        yield _MEANT, {"value": value, "meant": near[0]}
    else:
        yield _ONE_OF, {"value": value, "known": ", ".join(known)}


def is_count(value: object, *, least: int, most: int = LARGEST_ID) -> bool:
    """Say whether it is a whole number; in Python true is an int, in a file of rules a mistake."""
    return type(value) is int and least <= value < most


def is_line(value: object, *, most: int) -> bool:
    """Say whether it is a text of one line with something on it."""
    return (
        isinstance(value, str) and 0 < len(value.strip()) <= most and value.strip().isprintable()
    )


def _mode(value: object) -> Found:
    if not isinstance(value, str):
        yield _TEXTS["mode"], {}
    elif value not in MODES:
        yield _MODE, {"value": value}


def _scope(value: object) -> Found:
    if not isinstance(value, str):
        yield _TEXTS["scope"], {}
    else:
        yield from one_of(value, SCOPES)


def _outbound(value: object) -> Found:
    if type(value) is int or (isinstance(value, str) and value.strip().isdecimal()):
        yield _NUMBERED, {"known": ", ".join(OUTBOUND)}
    elif not isinstance(value, str):
        yield _TEXTS["outbound"], {}
    else:
        yield from one_of(value, OUTBOUND)


def _path(key: str) -> Check:
    def found(value: object) -> Found:
        if not isinstance(value, str) or not is_path(value):
            yield _TEXTS[key], {}

    return found


def is_path(value: str) -> bool:
    """Say whether it is a path from the root of the repository."""
    return value.isprintable() and all(
        part.strip() not in {"", ".", ".."} for part in value.split("/")
    )


def _version(value: object) -> Found:
    if not isinstance(value, str) or parts(value) is None:
        yield _TEXTS["version"], {}


def _phrase(value: object) -> Found:
    if not isinstance(value, str):
        yield _TEXTS["phrase"], {}
        return
    words = value.strip()
    fits = SHORTEST_PHRASE <= len(words) <= LONGEST_PHRASE and words.isprintable()
    if not fits or words.startswith(("/", ">", "`")):
        yield _PHRASE, {"least": SHORTEST_PHRASE, "most": LONGEST_PHRASE}


def _users(value: object) -> Found:
    if not isinstance(value, list) or not all(is_count(one, least=1) for one in value):
        yield _TEXTS["exempt_users"], {}


def _below(value: object) -> Found:
    if (
        not isinstance(value, dict)
        or not set(value) <= {"files", "lines"}
        or not all(is_count(one, least=0) for one in value.values())
    ):
        yield _TEXTS["exempt_below"], {}


def _list(key: str, check: Callable[[str], Found]) -> Check:
    """Make the check of a list of texts from that of one of them."""

    def found(value: object) -> Found:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            yield _TEXTS[key], {}
        elif len(value) > MOST_ENTRIES:
            yield _TOO_MANY, {"most": MOST_ENTRIES}
        else:
            for one in value:
                yield from check(one)

    return found


def _matching(pattern: re.Pattern[str], problem: str) -> Callable[[str], Found]:
    def found(value: str) -> Found:
        if not pattern.fullmatch(value.strip().lower()):
            yield problem, {"value": value}

    return found


def _licence(value: str) -> Found:
    if spdx.identifier(value) is not None:
        return
    near = spdx.nearest(value)
    if near:
        yield _LICENCE_MEANT, {"value": value, "meant": near}
    else:
        yield _LICENCE, {"value": value}


def _glob(value: str) -> Found:
    fits = (
        len(value) <= LONGEST_ENTRY
        and is_path(value)
        and not value.startswith("!")
        and "\\" not in value
        and all("**" not in part or part == "**" for part in value.split("/"))
    )
    if not fits:
        yield _GLOB, {"value": value}


def yes_or_no(key: str) -> Check:
    """Make the check of a key that is true or false."""

    def found(value: object) -> Found:
        if not isinstance(value, bool):
            yield _YES_NO, {"key": key}

    return found


CHECKS: dict[str, Check] = {
    "mode": _mode,
    "document": _path("document"),
    "company_document": _path("company_document"),
    "version": _version,
    "phrase": _phrase,
    "scope": _scope,
    "repositories": _list("repositories", _matching(_REPOSITORY, _REPOSITORY_PROBLEM)),
    "outbound": _outbound,
    "outbound_licences": _list("outbound_licences", _licence),
    "paths": _list("paths", _glob),
    "exempt_users": _users,
    "exempt_bots": _list("exempt_bots", _matching(_LOGIN, _LOGIN_PROBLEM)),
    "exempt_teams": _list("exempt_teams", _matching(_TEAM, _TEAM_PROBLEM)),
    "exempt_paths": _list("exempt_paths", _glob),
    "exempt_below": _below,
    "agents": _list("agents", _matching(_ADDRESS, _ADDRESS_PROBLEM)),
    **{key: yes_or_no(key) for key in ("reaches_back", "consent", "confirm", "keep_address")},
}
"""One check for each key of `[agreement]` that holds a single value or a list of them."""
