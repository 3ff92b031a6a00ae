"""Numbers in addresses: only those that a database can hold; where others stand, nothing is there."""

from collections.abc import Callable

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

SMALL = 2**31 - 1
"""The largest number of a row, a record or a pull request."""

LARGE = 2**53 - 1
"""The largest number of an account that JSON carries whole."""


class Small(IntegerConverter):
    """`<int:number>` in a route: others make it no address of ours."""

    def __init__(self, url_map: Map, **bounds: int) -> None:
        """Bound it from both sides, unless the route names bounds of its own."""
        super().__init__(url_map, min=bounds.get("min", 0), max=bounds.get("max", SMALL))


def prepare(app: Flask) -> None:
    """Bound the numbers in routes, and refuse names that PostgreSQL does not take."""
    app.url_map.converters["int"] = Small
    app.before_request(_without_nul)


def _without_nul() -> None:
    if "\0" in request.path:
        abort(404)


def up_to(most: int) -> Callable[[str], int]:
    """Give what reads a number from 0 to `most`, for `request.args.get(type=...)`."""

    def read(text: str) -> int:
        if len(text) > len(str(most)) or not 0 <= int(text) <= most:
            raise ValueError("out of bounds")
        return int(text)

    return read


small = up_to(SMALL)
large = up_to(LARGE)
