"""One structured line per event, as JSON on standard error; secrets, e-mails and payloads never.

Only the fields named in `FIELDS` are written: whatever else somebody passes is left out, so
that a careless call cannot leak.
"""

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TextIO

FIELDS = (
    "delivery",
    "event",
    "entity",
    "outcome",
    "reason",
    "repository",
    "number",
    "effect",
    "attempt",
    "status",
    "seconds",
    "count",
    "installation",
    "task",
    "error",
    "method",
    "path",
    "until",
)
_EMAIL = re.compile(r"[^\s<>@\"'=]+@[^\s<>@\"'=]+")
# 32 digits in a path are the key of a gift, or of what one joins or stops: its address is its key.
_SECRET = re.compile(
    r"(gh[a-z]_[A-Za-z0-9]{8,}|github_pat_\w+|(?:sk|rk|whsec)_\w+|eyJ[\w-]+\.[\w-]+\.[\w-]+"
    r"|-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)|://[^/\s:@]*:[^/\s@]+@"
    r"|(?<=/)[0-9a-f]{32}(?![0-9a-f]))"
)

_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


def redact(text: str) -> str:
    """Take secrets and e-mail addresses out of a text from elsewhere."""
    if "@" in text:
        text = _EMAIL.sub("[e-mail]", _SECRET.sub("[secret]", text))
    return _SECRET.sub("[secret]", text)


class JsonLines(logging.Formatter):
    """A log record as one line of JSON, or as several: one for each set of fields in `each`.

    Several lines in one record cost one write, which is most of what a line costs.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write time, level, what happened, and the known fields."""
        head: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "what": redact(record.getMessage()),
        }
        given = record.__dict__
        return "\n".join(
            _encode(head | _known(fields, record)) for fields in given.get("each", (given,))
        )


def _known(fields: Mapping[str, object], record: logging.LogRecord) -> dict[str, object]:
    known: dict[str, object] = {}
    for field in FIELDS:
        value = fields.get(field)
        if value is not None:
            known[field] = redact(value) if isinstance(value, str) else value
    if record.exc_info:
        # The kind of the error and where it was raised, never its text: that may quote input.
        known["error"] = _where(record)
    return known


def _where(record: logging.LogRecord) -> str:
    kind, _error, trace = record.exc_info or (None, None, None)
    while trace and trace.tb_next:
        trace = trace.tb_next
    name = kind.__name__ if kind else "error"
    if trace is None:
        return name
    return f"{name} in {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"


def start_logging(level: str = "INFO", stream: TextIO = sys.stderr) -> None:
    """Send every record of this process to `stream` as JSON lines."""
    # Nothing that our lines show: without it a record is made in half the time (see the
    # standard library's logging HOWTO, "Optimization").
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("urllib3", "github", "apscheduler", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
