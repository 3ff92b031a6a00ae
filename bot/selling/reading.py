"""The text of a commercial licence, as it was read from GitHub."""

from datetime import datetime

from bot.selling.store import Document
from core.digests import sha256
from core.github import File

LARGEST = 512_000


def read(path: str, file: File | None, now: datetime) -> tuple[Document, str | None]:
    """Give what is known now, and the text where there is one that can be shown."""
    if file is None:
        return Document(path, "", "", "missing", now), None
    if len(file.content) > LARGEST:
        return Document(path, "", file.etag or "", "too_big", now), None
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not text.strip() or "\0" in text:
        return Document(path, "", file.etag or "", "not_text", now), None
    return Document(path, sha256(text.encode()), file.etag or "", "", now), text
