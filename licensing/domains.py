"""Domains of companies: which address proves which company, and which rule accepts which address.

A domain is compared as DNS does: case-free, in its ASCII form, label by label and as a whole.
`bar.com` accepts `a@BAR.com` and neither `a@evilbar.com` nor `a@help.bar.com`; `*.bar.com`
accepts what stands below `bar.com`, and nothing else.
"""

import ipaddress
import re
from functools import cache
from pathlib import Path
from typing import Literal

import idna

Refusal = Literal["malformed", "public_suffix", "free_mail", "noreply"]
"""Why a domain proves no company.

malformed      no domain name of at least two labels
public_suffix  one under which anybody registers names, such as `co.uk` or `github.io`
free_mail      a provider at which anybody gets an address, or a throw-away one
noreply        stands for an account, not for a company
"""

LONGEST = 253
LONGEST_ADDRESS = 254
BELOW = "*."

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_NOREPLY = frozenset({"noreply", "no-reply", "donotreply", "do-not-reply"})
_SUFFIXES = Path(__file__).with_name("public_suffix_list.dat")
_FREE_MAIL = Path(__file__).with_name("free_mail.txt")


def normal(text: str) -> str | None:
    """Give a domain in lower-case ASCII (IDNA 2008, UTS 46); None for what is none."""
    if not 0 < len(text) <= LONGEST or not text.isprintable():
        return None
    try:
        name = idna.encode(text, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return None
    labels = name.split(".")
    if not labels[1:] or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return None if _is_number(labels[-1]) or _is_address(name) else name


def of_address(address: str) -> str | None:
    """Give the domain of an e-mail address; None for what is no address."""
    if len(address) > LONGEST_ADDRESS or not address.isprintable():
        return None
    local, at, domain = address.rpartition("@")
    if not at or not local or "@" in local or any(sign.isspace() for sign in address):
        return None
    return normal(domain)


def refusal(domain: str) -> Refusal | None:
    """Say why `domain` proves no company; None where an address on it does."""
    name = normal(domain)
    if name is None:
        return "malformed"
    if not _NOREPLY.isdisjoint(name.split(".")):
        return "noreply"
    if _is_suffix(name):
        return "public_suffix"
    return "free_mail" if any(one in _free_mail() for one in _from(name)) else None


def belongs(domain: str, company: str) -> bool:
    """Say whether `domain` is `company`'s, or stands below it; both as `normal` gives them."""
    return domain == company or domain.endswith(f".{company}")


def rule(text: str, company: str) -> str | None:
    """Read a rule on addresses of the domain `company`; None for what is not such a rule.

    It is a domain, or `*.` before one: the company's own, or one below it.
    """
    given = text.strip()
    prefix = BELOW if given.startswith(BELOW) else ""
    domain = normal(given.removeprefix(BELOW))
    if domain is None or not belongs(domain, company):
        return None
    return prefix + domain


def accepts(found: str, domain: str) -> bool:
    """Say whether a rule, as `rule` gives it, accepts addresses on `domain`."""
    if found.startswith(BELOW):
        return domain.endswith(found.removeprefix("*"))
    return domain == found


def _is_number(label: str) -> bool:
    return label.isdigit() or label.startswith("0x")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _from(name: str) -> list[str]:
    """Give a domain, and each one above it."""
    labels = name.split(".")
    return [".".join(labels[first:]) for first in range(len(labels))]


def _is_suffix(name: str) -> bool:
    """Say whether everybody may register below it. Source: https://publicsuffix.org/list/."""
    listed = _suffixes()
    if f"!{name}" in listed:
        return False
    return name in listed or f"{BELOW}{name.partition('.')[2]}" in listed


@cache
def _suffixes() -> frozenset[str]:
    return frozenset(_ascii(line) for line in _lines(_SUFFIXES, "//"))


@cache
def _free_mail() -> frozenset[str]:
    return frozenset(_lines(_FREE_MAIL, "#"))


def _ascii(suffix: str) -> str:
    """Put a line of the list of public suffixes into the form that `normal` gives."""
    if suffix.isascii():
        return suffix.lower()
    mark = next((one for one in ("!", BELOW) if suffix.startswith(one)), "")
    return mark + idna.encode(suffix.removeprefix(mark), uts46=True).decode("ascii")


def _lines(file: Path, comment: str) -> list[str]:
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith(comment)]
