"""What an agreement gives, as data: its kind, and under which licences work may be handed out.

Outbound rules have names and never numbers, because the two best-known sets of texts number
them differently.
"""

from dataclasses import dataclass
from typing import Literal

from licensing.sentence import N_

Kind = Literal["cla", "caa", "dco"]
KINDS: tuple[Kind, ...] = ("cla", "caa", "dco")

RULES: tuple[str, ...] = ("any_plus_original", "osi", "listed", "same_licence", "no_commitment")
"""The rules, those first that fit most projects."""

TITLES = {
    "any_plus_original": N_("Any licence, and the open one stays"),
    "osi": N_("Open licences only"),
    "listed": N_("The licences that are listed"),
    "same_licence": N_("The same licence only"),
    "no_commitment": N_("Any licence, and no promise"),
}
"""A rule in a few words, for people; msgids."""

EXPLAINED = {
    "any_plus_original": N_(
        "It may sell the work closed too, and promises to keep offering it under the open licence."
    ),
    "osi": N_("It may use any licence that the Open Source Initiative approves, and no other."),
    "listed": N_("It may use the open licence and those that the agreement names, and no other."),
    "same_licence": N_("It may use the open licence under which the work was sent, and no other."),
    "no_commitment": N_("It may sell the work closed, and need not keep it open."),
}
"""One line on each rule, for those who choose; a msgid."""

PERMISSIVE = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "ISC", "MIT", "MIT-0"}
    | {"Unlicense", "Zlib"}
)
"""Open licences, by SPDX identifier, that let everybody put the work into a closed product."""


@dataclass(frozen=True)
class Terms:
    """What is known of an agreement. `outbound` is "" and `licence_back` None where nothing says.

    `licence` is the project's open licence by its SPDX identifier, "" if unknown.
    """

    kind: str
    outbound: str = ""
    licences: tuple[str, ...] = ()
    reaches_back: bool = False
    paths: tuple[str, ...] = ()
    licence_back: bool | None = None
    licence: str = ""
    confirm: bool = False
