"""What the API answers about whether a project may be sold, and how the document describes it."""

from datetime import datetime
from typing import Literal

import msgspec

from bot.api.operations import REPO, Operation
from bot.mistakes import N_


class AuditBlocker(msgspec.Struct, frozen=True):
    """Somebody in the way: `account` is a GitHub number, null where none is known."""

    account: int | None
    reason: str
    remedy: str
    lines: int
    files: int


class AuditOf(msgspec.Struct, frozen=True):
    """How it stands with a release, or with the default branch (`release` null).

    `sellable` is null while it is not known. `certificate` is there while it is fresh. `running`
    says that it is being looked at, `looked_at` when it last was.
    """

    release: str | None
    commit: str
    sellable: bool | None
    lines: int
    blocked: int
    standings: dict[str, int]
    blockers: list[AuditBlocker]
    broken_promises: list[str]
    certificate: str | None
    running: bool
    looked_at: datetime | None


class Audits(msgspec.Struct, frozen=True):
    """The newest release first, then the default branch."""

    target: Literal["commercial"]
    items: list[AuditOf]


TYPES = (Audits,)
OPERATIONS = (
    Operation(
        f"{REPO}/audit",
        "audit",
        N_("May it be sold now?"),
        N_("For the newest release and the default branch, with what stands in the way."),
        Audits,
    ),
)
