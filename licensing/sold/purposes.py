"""What is signed, and under which word: the implicit assertion keeps the purposes apart."""

from enum import StrEnum


class Purpose(StrEnum):
    """The word that is signed along but stands in no file."""

    LICENCE = "potluck-licence-v1"
    REVOCATION = "potluck-revocation-v1"
    AUDIT = "potluck-audit-v1"

    @property
    def label(self) -> str:
        """What stands in the first and last line of such a file."""
        return _LABELS[self]

    @property
    def implicit(self) -> bytes:
        """The implicit assertion."""
        return self.value.encode()


_LABELS = {
    Purpose.LICENCE: "POTLUCK LICENCE",
    Purpose.REVOCATION: "POTLUCK REVOCATION LIST",
    Purpose.AUDIT: "POTLUCK AUDIT CERTIFICATE",
}
