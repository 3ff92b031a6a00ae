"""Files that commands write: whole under their name, or as they were before."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from core.errors import UserError


@contextmanager
def whole(path: Path) -> Iterator[IO[str]]:
    """Write text to `path`; what stood there stays until all is written.

    Raises `UserError` where it cannot be written.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as out:
            yield out
        beside.replace(path)
    except OSError as error:
        raise UserError(
            f"{path} cannot be written: {error.strerror}. Name another file."
        ) from None
    finally:
        with suppress(OSError):
            beside.unlink()
