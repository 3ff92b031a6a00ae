"""What is the same in every Flask application of a test process is made once: templates and addresses.

A house, a site and a story each make an application of their own, from the same code. Turning
the templates into Python and the rules of the addresses into patterns again would cost each of
them more than the pages that a test asks for.
"""

from types import CodeType
from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

_COMPILED = ("_parts", "_trace", "_converters", "_build", "_build_unknown", "arguments")


class Templates(BytecodeCache):
    """Templates that were compiled, by name and content."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._known[bucket.key, bucket.checksum] = bucket.code


class Address(Rule):
    """A rule that looks up what an equal one was compiled to."""

    _known: ClassVar[dict[object, dict[str, Any]]] = {}

    def compile(self) -> None:
        key = (self.rule, self.endpoint, self.subdomain, self.host, repr(self.defaults))
        known = self._known.get(key)
        if known is None:
            super().compile()
            known = self._known[key] = {name: getattr(self, name) for name in _COMPILED}
        self.__dict__.update(known)


def keep() -> None:
    """Let every application that is made from now on look up what is known."""
    Flask.url_rule_class = Address
    Flask.jinja_options = {"bytecode_cache": Templates()}
