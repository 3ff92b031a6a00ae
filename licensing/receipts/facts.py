"""What a receipt is made of."""

from dataclasses import dataclass
from datetime import datetime

RECORD = "record.json"
LARGEST_TEXT = 512 * 1024


@dataclass(frozen=True)
class Receipt:
    """One signature as the register has it: `content` is the text, `record` canonical JSON.

    `login` is the signer's name on GitHub at that time, None once it was erased. `project` is
    "owner/name", or the account's name where the agreement is for all its repositories;
    `scope_id` is the number of the one or the other, in whose chain the record stands. `company`
    and `domain` say for whom it was signed, and what proved it.
    """

    github_id: int
    login: str | None
    project: str
    scope_id: int
    version: str
    mode: str
    language: str
    document: str
    content: bytes
    sha256: str
    sequence: int
    record: str
    hash: str
    previous: str
    capacity: str
    method: str
    signed_by: int | None
    number: int | None
    shown_at: datetime | None
    signed_at: datetime
    recorded_at: datetime
    withdrawn_at: datetime | None = None
    company: str = ""
    domain: str = ""

    @property
    def file_name(self) -> str:
        """The name of the attached text."""
        return f"agreement-{self.version}.md"

    def pdf_name(self, language: str) -> str:
        """The name under which the receipt is saved, and which it tells to read."""
        return f"receipt-{self.scope_id}-{self.sequence}-{language}.pdf"
