"""Co-authors: the trailers of a commit message, and the account id that a noreply address carries.

https://docs.github.com/en/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors
https://docs.github.com/en/account-and-profile/setting-up-and-managing-your-personal-account-on-github/managing-email-preferences/setting-your-commit-email-address
"""

import re
from dataclasses import dataclass

NOREPLY_HOST = "users.noreply.github.com"
WEB_FLOW_EMAIL = "noreply@github.com"
"""The committer of every commit that GitHub itself makes: nobody's address."""

LARGEST_ID = 2**53
# Where nothing stands behind the key, git takes the next line if it is indented.
_KEY = re.compile(
    r"^(?:[^\S\n]|\ufeff)*+co-authored-by[^\S\n]*+:[^\S\n]*+"
    r"(?P<value>[^\n]++|(?:\n[^\S\n]++)+[^\n]*+)",
    re.IGNORECASE | re.MULTILINE,
)
_VALUE = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>[^<>]*")
_BY_ID = re.compile(r"(?P<id>[1-9][0-9]{0,15})\+(?P<login>[^@\s]+)", re.ASCII)


@dataclass(frozen=True)
class Trailer:
    """Somebody named as co-author; `email` may be empty. It proves nothing by itself."""

    name: str
    email: str


@dataclass(frozen=True)
class Noreply:
    """A noreply address with an account's number. `login` is only text that somebody wrote."""

    id: int
    login: str

    @property
    def says_bot(self) -> bool:
        """The text claims to be a bot's."""
        return self.login.lower().endswith("[bot]")


def co_authors(message: str) -> tuple[Trailer, ...]:
    """Give every co-author that a commit message names, in order, each once.

    Lines count wherever they stand, not only in the last paragraph: a squash keeps the trailers
    of each commit in the middle of its message, and asking one person too many can be mended.
    """
    found = dict.fromkeys(
        _trailer(match["value"].strip())
        for match in _KEY.finditer(message.replace("\r\n", "\n").replace("\r", "\n"))
        if match["value"].strip()
    )
    return tuple(found)


def _trailer(value: str) -> Trailer:
    match = _VALUE.fullmatch(value)
    if match is None:
        return Trailer(value, "")
    return Trailer(match["name"].strip(), match["email"].strip())


def noreply(email: str, host: str = NOREPLY_HOST) -> Noreply | None:
    """Read `ID+login@host`, the present form of a noreply address; None for anything else.

    The older form `login@host` names only a login, which changes hands: it is not read.
    """
    local, _, domain = email.strip().rpartition("@")
    if domain.lower() != host.lower():
        return None
    match = _BY_ID.fullmatch(local)
    if match is None or int(match["id"]) > LARGEST_ID:
        return None
    return Noreply(int(match["id"]), match["login"])


def is_legacy_noreply(email: str, host: str = NOREPLY_HOST) -> bool:
    """Say whether this is a noreply address that does not carry a readable number."""
    return email.strip().lower().endswith(f"@{host.lower()}") and noreply(email, host) is None
