"""The codes by which we say whether a licence holds, one for each reason; they never change meaning.

`VALID` and `ACTIVE` are good; all else under `REASONS` says why not. `WARNINGS` stand beside an
answer and stop nothing. docs/licences.md explains each.
"""

from typing import Literal

from licensing.sentence import N_

Code = Literal[
    "VALID",
    "ACTIVE",
    "RELEASED",
    "FORMAT",
    "UNKNOWN_KEY",
    "SIGNATURE",
    "CLAIMS",
    "PRODUCT",
    "CLOCK",
    "REVOKED",
    "EXPIRED",
    "FILE_EXPIRED",
    "VERSION_TOO_NEW",
    "EDITION",
    "ENTITLEMENT",
    "NOT_FOUND",
    "FINGERPRINT",
    "NOT_ACTIVATED",
    "NO_SEAT",
]
Warn = Literal[
    "LIST_MISSING",
    "LIST_STALE",
    "LIST_OLDER",
    "LIST_UNREADABLE",
    "SEAT_GRACE",
    "NEWER_FILE",
    "KEY_RETIRED",
]

GOOD: frozenset[Code] = frozenset({"VALID", "ACTIVE", "RELEASED"})

REASONS: dict[Code, str] = {
    "VALID": N_("The licence holds."),
    "ACTIVE": N_("The machine has a seat."),
    "RELEASED": N_("The machine has no seat any more, or never had one."),
    "FORMAT": N_("This is no licence file: it was cut, or something stands beside it."),
    "UNKNOWN_KEY": N_("The file was signed with a key that is not one of this project’s."),
    "SIGNATURE": N_("The file was changed, or signed for another purpose."),
    "CLAIMS": N_("The file is signed, but does not say what a licence says."),
    "PRODUCT": N_("The licence is for another product."),
    "CLOCK": N_("The file was issued in the future: the clock of this machine is behind."),
    "REVOKED": N_("The licence was taken back."),
    "EXPIRED": N_("The licence has ended."),
    "FILE_EXPIRED": N_("The licence goes on, but this file has ended: fetch the newest one."),
    "VERSION_TOO_NEW": N_(
        "This version came out after the updates of the licence ended;"
        " earlier versions may still be used."
    ),
    "EDITION": N_("The licence is for another edition."),
    "ENTITLEMENT": N_("The licence does not cover this module."),
    "NOT_FOUND": N_("No licence of this project has this id."),
    "FINGERPRINT": N_("The fingerprint is missing, or longer than 200 characters."),
    "NOT_ACTIVATED": N_("The licence holds, but this machine has no seat yet."),
    "NO_SEAT": N_("All seats are taken: give one back, or add seats."),
}
"""What each code says, as msgids."""

WARNINGS: dict[Warn, str] = {
    "LIST_MISSING": N_("No revocation list was at hand; what it would say is not known."),
    "LIST_STALE": N_("The revocation list is old: fetch a new one when you can."),
    "LIST_OLDER": N_("The revocation list is older than one seen before, and was not used."),
    "LIST_UNREADABLE": N_("The revocation list is not signed by this project, and was not used."),
    "SEAT_GRACE": N_("More machines are in use than there are seats: the project lets it pass."),
    "NEWER_FILE": N_("There is a newer file of this licence: fetch it."),
    "KEY_RETIRED": N_("The file was signed with a key that was retired: fetch the newest file."),
}
"""What each warning says, as msgids."""
