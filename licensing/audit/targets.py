"""What an agreement or a licence allows a target: the word `commercial`, or an SPDX identifier."""

from collections.abc import Sequence

from licensing.terms import PERMISSIVE

COMMERCIAL = "commercial"

OSI = frozenset(
    """0BSD AAL AFL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-1.1 Apache-2.0 APL-1.0 Artistic-1.0
    Artistic-2.0 BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause
    BSD-3-Clause-LBNL BSL-1.0 CAL-1.0 CDDL-1.0 CECILL-2.1 CERN-OHL-P-2.0 CERN-OHL-S-2.0
    CERN-OHL-W-2.0 CPL-1.0 ECL-1.0 ECL-2.0 EFL-2.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 Fair
    GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later HPND IPL-1.0 ISC LGPL-2.0-only
    LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later LPL-1.02
    MIT MIT-0 MPL-1.0 MPL-1.1 MPL-2.0 MS-PL MS-RL MulanPSL-2.0 NCSA OFL-1.1 OLDAP-2.8 OSL-2.1
    OSL-3.0 PHP-3.01 PostgreSQL PSF-2.0 Python-2.0 QPL-1.0 SISSL UCL-1.0 Unicode-3.0 Unlicense
    UPL-1.0 Vim W3C Zlib ZPL-2.1""".split()
)
"""What the Open Source Initiative approved, as far as projects use it: https://opensource.org/licenses"""

COPYLEFT = (
    *("AGPL-", "GPL-", "LGPL-", "MPL-", "EPL-", "CDDL-", "EUPL-", "OSL-", "CECILL-2", "CC-BY-SA-"),
    *("SSPL-", "CERN-OHL-S", "CERN-OHL-W", "QPL-", "MS-RL", "Sleepycat"),
)
"""How the identifiers begin of licences that what is made from the work has to keep."""


def agreed(outbound: str, licences: Sequence[str], inbound: str, target: str) -> bool:
    """Say whether an agreement's outbound rule covers a target.

    `inbound` is the open licence under which the work was sent, "" where nobody knows. A rule
    that is not known covers nothing.
    """
    match outbound:
        case "any_plus_original" | "no_commitment":
            return True
        case "osi":
            return target in OSI
        case "listed":
            return target in licences or (bool(inbound) and target == inbound)
        case "same_licence":
            return bool(inbound) and target == inbound
        case _:
            return False


def inbound_allows(inbound: str, target: str) -> bool:
    """Say whether work that came under a licence may be handed out under a target, with notices."""
    if not inbound:
        return False
    if inbound == target:
        return True
    if inbound.endswith("-or-later") and _later(inbound, target):
        return True
    if inbound == "Apache-2.0" and target.startswith(("GPL-2.0-only", "LGPL-2.1-only")):
        return False  # its patent clause is a further restriction there: gnu.org/licenses/license-list
    return inbound in PERMISSIVE


def _later(inbound: str, target: str) -> bool:
    family, _, version = inbound.removesuffix("-or-later").rpartition("-")
    theirs, _, other = target.removesuffix("-or-later").removesuffix("-only").rpartition("-")
    # From -or-later of one version one may go up, never down and never to another family.
    return family == theirs and _number(other) >= _number(version)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(one) for one in version.split(".") if one.isascii() and one.isdecimal())


def is_copyleft(licence: str) -> bool:
    """Say whether what is made from the work has to keep the licence."""
    return licence.startswith(COPYLEFT)
