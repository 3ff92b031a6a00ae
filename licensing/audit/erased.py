"""Addresses that people had erased: what commits say under them is known by its hash alone. Pure.

An address in a commit becomes `sha256-<hash>@erased.invalid` (a name that RFC 2606 gives to
nobody), or keeps its domain where an employer's grant depends on it. So verdicts stay what they
were, and nobody reads who it was.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from core.digests import sha256
from core.git.commits import RawCommit
from licensing import trailers

HOST = "erased.invalid"
NAME = "erased"
BY_DIGEST = "mail-sha256:"
MAIL = "mail:"
_MASK = re.compile(r"sha256-([0-9a-f]{64})@[^@\s]+")
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:@]{1,200}@[^\s<>()\[\]\"',;:@]{1,200}")
_NAMED = re.compile(r"(?P<name>[^\n<>:]{1,200}) <(?P<email>[^<>\n]{1,200})>")


def digest(address: str) -> str:
    """Give the hash of an address, in small letters."""
    return sha256(address.strip().lower().encode())


def digested(key: str) -> str:
    """Give a person's key with the hash of an address in its place; other keys as they are."""
    if not key.startswith(MAIL):
        return key
    return f"{BY_DIGEST}{digest_in(key[len(MAIL) :]) or digest(key[len(MAIL) :])}"


def digest_in(address: str) -> str:
    """Give the hash that stands for an address, "" where it is an address."""
    found = _MASK.fullmatch(address)
    return found[1] if found else ""


def without_addresses(text: str) -> str:
    """Give a text in which nobody's address can be read."""
    return _ADDRESS.sub("[address]", text)


@dataclass(frozen=True)
class Erased:
    """Whose addresses are erased: the account of each hash. `domains` are those of employers."""

    accounts: Mapping[str, int] = field(default_factory=dict)
    domains: frozenset[str] = frozenset()
    noreply_host: str = trailers.NOREPLY_HOST

    def hides(self, address: str) -> bool:
        """Say whether an address is one of them, or GitHub's stand-in for one of their people."""
        claim = trailers.noreply(address, self.noreply_host)
        if claim is not None and claim.id in self.accounts.values():
            return True
        return digest(address) in self.accounts

    def address(self, address: str) -> str:
        """Give what stands for an address."""
        if not self.hides(address):
            return address
        claim = trailers.noreply(address, self.noreply_host)
        if claim is not None:
            return f"{claim.id}+{NAME}@{self.noreply_host}"
        domain = address.strip().lower().rpartition("@")[2]
        return f"sha256-{digest(address)}@{domain if domain in self.domains else HOST}"

    def text(self, text: str) -> str:
        """Give a text without these addresses, and without the names before them."""
        if "@" not in text:
            return text
        bare = _NAMED.sub(self._named, text)
        return _ADDRESS.sub(lambda found: self.address(found[0]), bare)

    def _named(self, found: re.Match[str]) -> str:
        if not self.hides(found["email"]):
            return found[0]
        space = " " if found["name"].startswith(" ") else ""
        return f"{space}{NAME} <{self.address(found['email'])}>"

    def commit(self, commit: RawCommit) -> RawCommit:
        """Give a commit as it may be kept."""
        author, message = commit.author, self.text(commit.message)
        if self.hides(author.email):
            author = replace(author, name="", email=self.address(author.email))
        elif message == commit.message:
            return commit
        return replace(commit, author=author, message=message)

    def key(self, key: str) -> str:
        """Give a person's key as it may be kept."""
        return digested(key) if key.startswith(MAIL) and self.hides(key[len(MAIL) :]) else key
