"""Addresses that we send browsers to: ours from `PUBLIC_URL`, a visitor's only if local."""

from urllib.parse import urlsplit

LONGEST = 2_000


def local_path(target: str | None, default: str = "/") -> str:
    """Give `target` if it is a path on this site, else `default`.

    Browsers read two slashes, or a slash and a backslash, as another site, and drop tabs and line
    ends before they look: anything of that kind is refused.
    """
    if not target or len(target) > LONGEST or not target.isprintable():
        return default
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target
