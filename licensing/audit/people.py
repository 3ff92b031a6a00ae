"""Who somebody in a commit is: by number, by address; what only looks alike is asked, never assumed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from licensing import trailers
from licensing.audit import erased
from licensing.trailers import NOREPLY_HOST

CLAIMS = ("name:", "handle:")
"""How the keys begin of what a commit claims beside its address."""

GENERIC = frozenset(
    """admin build contact developer development github gitlab hello info mail none noreply
    office root support unknown user users""".split()
)
"""What machines and programs call whoever uses them: nobody is known by it."""


def by_number(github_id: int) -> str:
    """Give the key of an account."""
    return f"github:{github_id}"


def by_address(email: str) -> str:
    """Give the key of an address, which is compared without regard to case."""
    return f"mail:{email.strip().lower()}"


@dataclass(frozen=True)
class Register:
    """What is known of addresses.

    `accounts` maps a lower-case address to an account's number that GitHub has verified for it;
    `aliases` maps a key to the one that a steward approved it to be. With `numbers`, nobody is
    known by an address alone: that is how it is where GitHub tells numbers. `erased` are the
    accounts of addresses that only their hashes are known of; aliases may name hashes, too.
    """

    accounts: Mapping[str, int] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    numbers: bool = False
    noreply_host: str = NOREPLY_HOST
    erased: Mapping[str, int] = field(default_factory=dict)
    _told: dict[tuple[str, str], tuple[tuple[str, ...], str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def keys(self, email: str, name: str = "") -> tuple[tuple[str, ...], str]:
        """Give the keys of an address, and why nobody can be held to it where that is so.

        Without numbers, what a commit claims as a name or a handle is a key too: it opens only
        what a steward decided to let names or handles open.
        """
        known = self._told.get((email, name))
        if known is None:
            known = self._told[email, name] = self._keys(email, name)
        return known

    def _keys(self, email: str, name: str) -> tuple[tuple[str, ...], str]:
        said = email.strip().lower()
        if not said or "@" not in said:
            key = self._meant(by_address(said))
            return (key,), "" if key in self.aliases.values() else "the commit has no address"
        hidden = erased.digest_in(said)
        plain = f"{erased.BY_DIGEST}{hidden}" if hidden else by_address(said)
        found = [self._meant(plain)]
        number = self._number(said, hidden)
        if number is not None:
            found.insert(0, self._meant(by_number(number)))
        known = not self.numbers or number is not None or found[0] != plain
        claims = () if self.numbers else _claims(said, name, self.noreply_host)
        keys = tuple(dict.fromkeys([*found, plain, *claims]))
        return keys, "" if known else "no account is known for this address"

    def of_number(self, github_id: int) -> tuple[str, ...]:
        """Give the keys of an account."""
        return tuple(dict.fromkeys([self._meant(by_number(github_id)), by_number(github_id)]))

    def _number(self, address: str, hidden: str) -> int | None:
        if hidden:
            return self.erased.get(hidden)
        claim = trailers.noreply(address, self.noreply_host)
        return self.accounts.get(address, claim.id if claim is not None else None)

    def _meant(self, key: str) -> str:
        for _ in range(8):  # an approval may rest on an approval; none leads round in a circle
            further = self.aliases.get(key)
            if further is None and self.aliases:
                further = self.aliases.get(erased.digested(key))
            if further is None:
                return key
            key = further
        return key


def _claims(email: str, name: str, host: str) -> Iterator[str]:
    plain = " ".join(name.split()).casefold()
    if plain and plain not in GENERIC:
        yield f"name:{plain}"
        yield f"handle:{plain}"
    local, _, domain = email.rpartition("@")
    if domain == host:
        yield f"handle:{local.rpartition('+')[2]}"


@dataclass(frozen=True)
class Known:
    """Somebody who granted or was waived, as far as words tell: to find who looks like them.

    `text` is the whole statement where there is one, `label` what it is called.
    """

    key: str
    label: str
    names: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True)
class Suggestion:
    """Somebody may be the same as somebody known; a steward has to say so."""

    key: str
    same_as: str
    label: str
    because: str


def suggested(
    key: str, name: str, email: str, alike: Callable[[str, str], Iterable[tuple[Known, str]]]
) -> tuple[Suggestion, ...]:
    """Give whom a person looks like, once for each, the most telling first."""
    found: dict[str, Suggestion] = {}
    for known, because in alike(name, email):
        if known.key != key:
            found.setdefault(known.label, Suggestion(key, known.key, known.label, because))
    return tuple(found.values())
